using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>An OpenSSH public key line.</summary>
internal static class PublicKey
{
    private static readonly string[] Types =
        ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

    /// <summary>The MD5 fingerprint as the v2 API writes it (aa:bb:…), or null where the line is no key.</summary>
    public static string? Fingerprint(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Types.Contains(parts[0]) || line.AsSpan().Trim().ContainsAny('\n', '\r'))
        {
            return null;
        }

        var blob = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], blob, out var length))
        {
            return null;
        }

        // The blob is a row of length-prefixed fields, the first of which repeats the type.
        var fields = 0;
        var rest = blob.AsSpan(0, length);
        while (rest.Length >= 4)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (size < 0 || size > rest.Length - 4 || (fields == 0 && Encoding.ASCII.GetString(rest.Slice(4, size)) != parts[0]))
            {
                return null;
            }

            fields++;
            rest = rest[(4 + size)..];
        }

        return rest.Length == 0 && fields >= 2
            ? string.Join(':', MD5.HashData(blob.AsSpan(0, length)).Select(b => b.ToString("x2")))
            : null;
    }
}
