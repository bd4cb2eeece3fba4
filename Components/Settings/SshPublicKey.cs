using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Components.Settings;

/// <summary>A public SSH key.</summary>
/// <param name="Type">Its type, such as <c>ssh-ed25519</c>.</param>
/// <param name="Blob">The key in the binary form of SSH.</param>
internal sealed record SshPublicKey(string Type, byte[] Blob)
{
    // What sshd of today takes at least, and what the libraries can still handle.
    private const int LeastRsaBits = 1024;
    private const int MostRsaBits = 16_384;

    /// <summary>The key as one line of OpenSSH, without a comment.</summary>
    public string Line => $"{Type} {Convert.ToBase64String(Blob)}";

    /// <summary>Its fingerprint as OpenSSH shows it.</summary>
    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Blob)).TrimEnd('=')}";

    /// <summary>Its fingerprint as DigitalOcean shows it.</summary>
    // A name for the key, no protection: DigitalOcean has no other one.
#pragma warning disable CA5351
    public string FingerprintOfAccount => string.Join(':', MD5.HashData(Blob).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
#pragma warning restore CA5351

    /// <summary>Reads a line of OpenSSH.</summary>
    /// <exception cref="FormatException">It is none; the message says why, in words that follow the key's name.</exception>
    public static SshPublicKey Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var parts = line.Split(' ', 3);
        var blob = new byte[line.Length];
        if (parts.Length < 2 || !Convert.TryFromBase64String(parts[1], blob, out var length))
        {
            throw new FormatException("");
        }

        var key = FromBlob(blob[..length]);
        return key.Type == parts[0] ? key : throw new FormatException($"it begins with {parts[0]}, and the key in it is of the type {key.Type}");
    }

    /// <summary>Reads the binary form.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SshPublicKey FromBlob(byte[] blob)
    {
        var fields = new SshFields(blob);
        var type = fields.Text();
        switch (type)
        {
            case "ssh-ed25519":
                Require(fields.Field().Length == 32, "it is damaged");
                break;
            case "ssh-rsa":
                _ = fields.Field();
                var modulus = fields.Field().AsSpan().TrimStart((byte)0);
                var bits = modulus.Length == 0 ? 0 : (8 * modulus.Length) - byte.LeadingZeroCount(modulus[0]);
                Require(bits is >= LeastRsaBits and <= MostRsaBits, $"an RSA key must have {LeastRsaBits} to {MostRsaBits} bits, and it has {bits}");
                break;
            case "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521":
                var curve = fields.Text();
                var point = fields.Field();
                Require(type == $"ecdsa-sha2-{curve}" && point.Length == 1 + (2 * CoordinateLength(curve)) && point[0] == 4, "it is damaged");
                break;
            case "ssh-dss":
                throw new FormatException("DSA is refused by every sshd of today");
            default:
                throw new FormatException("");
        }

        Require(fields.AtEnd, "it is damaged");
        return new SshPublicKey(type, blob);

        static void Require(bool holds, string fault)
        {
            if (!holds)
            {
                throw new FormatException(fault);
            }
        }
    }

    /// <summary>An RSA key.</summary>
    public static SshPublicKey Of(RSAParameters rsa) =>
        FromBlob(SshFields.Write("ssh-rsa"u8.ToArray(), SshFields.Integer(rsa.Exponent), SshFields.Integer(rsa.Modulus)));

    /// <summary>A key on one of the curves of NIST.</summary>
    /// <exception cref="FormatException">It is on another curve.</exception>
    public static SshPublicKey Of(ECParameters key)
    {
        var curve = key.Q.X!.Length switch
        {
            32 when Is(ECCurve.NamedCurves.nistP256) => "nistp256",
            48 when Is(ECCurve.NamedCurves.nistP384) => "nistp384",
            66 when Is(ECCurve.NamedCurves.nistP521) => "nistp521",
            _ => throw new FormatException("it lies on a curve that SSH does not have; take ed25519, or ecdsa with 256, 384 or 521 bits"),
        };
        var type = $"ecdsa-sha2-{curve}";
        return FromBlob(SshFields.Write(Encoding.ASCII.GetBytes(type), Encoding.ASCII.GetBytes(curve), [4, .. key.Q.X!, .. key.Q.Y!]));

        bool Is(ECCurve named) => key.Curve.IsNamed && key.Curve.Oid.Value == named.Oid.Value;
    }

    /// <summary>Whether it is the same key.</summary>
    public bool Equals(SshPublicKey? other) => other is not null && Blob.AsSpan().SequenceEqual(other.Blob);

    /// <inheritdoc />
    public override int GetHashCode() => Line.GetHashCode(StringComparison.Ordinal);

    /// <summary>How many bytes a coordinate has on a curve.</summary>
    internal static int CoordinateLength(string curve) => curve switch
    {
        "nistp256" => 32,
        "nistp384" => 48,
        _ => 66,
    };
}
