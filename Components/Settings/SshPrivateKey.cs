using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>
/// A private SSH key, in the forms that the SSH libraries of both engines read: OpenSSH's own and PEM (PKCS#1, SEC1, PKCS#8). All that is wanted of it here is its
/// public half.
/// </summary>
internal static partial class SshPrivateKey
{
    /// <summary>How many characters the text of a key may have; one of RSA with 16384 bits has 13,000.</summary>
    public const int Most = 20_000;

    private const string Decrypt = "; decrypt a copy of it with 'ssh-keygen -p -N \"\" -f COPY' and give that one: nothing can ask for a passphrase while a cluster is made";
    private const string Encrypted = "is encrypted" + Decrypt;
    private const string Forms = "is no private SSH key: it must be of the form of OpenSSH or PEM, from its line '-----BEGIN ... PRIVATE KEY-----' to its END line";
    private const string Dsa = "is a DSA key, which every sshd of today refuses; make another pair with 'ssh-keygen -t ed25519'";
    private const string Cut = "is cut off; give the whole file, to its END line";
    private const string Damaged = "is damaged; take it from the file that ssh-keygen wrote";

    /// <summary>The public half of a private key.</summary>
    /// <param name="text">The text of the key's file.</param>
    /// <exception cref="FormatException">It is none, or none that can be used; the message says why, in words that follow the key's name, and holds nothing of it.</exception>
    public static SshPublicKey PublicHalf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TextRule.Fault(text, Most, lines: true) is { } fault)
        {
            throw new FormatException($"is no private SSH key: it {fault}");
        }

        var trimmed = text.Trim();
        if (PublicKeyPattern().IsMatch(trimmed))
        {
            throw new FormatException("is a public key; give the private one, whose file has the same name without .pub");
        }

        if (trimmed.StartsWith("PuTTY-User-Key-File-", StringComparison.Ordinal))
        {
            throw new FormatException("is a key of PuTTY; turn it into one of OpenSSH with 'puttygen KEY -O private-openssh -o NEW'");
        }

        if (trimmed.StartsWith("---- BEGIN SSH2", StringComparison.Ordinal))
        {
            throw new FormatException("is a key of SSH.com's form; turn it into one of OpenSSH with 'ssh-keygen -i -f KEY'");
        }

        if (BeginPattern().Match(trimmed) is not { Success: true } begin)
        {
            throw new FormatException(Forms);
        }

        var label = begin.Groups["label"].Value;
        if (Unusable(label) is { } reason)
        {
            throw new FormatException(reason);
        }

        var end = trimmed.IndexOf($"-----END {label}-----", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new FormatException(Cut);
        }

        if (trimmed[(end + $"-----END {label}-----".Length)..].Length > 0)
        {
            throw new FormatException("has more behind its END line; give one key alone");
        }

        return PublicHalf(label, trimmed[begin.Length..end]);
    }

    private static string? Unusable(string label) => label switch
    {
        "OPENSSH PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY" or "PRIVATE KEY" => null,
        "ENCRYPTED PRIVATE KEY" => Encrypted,
        "DSA PRIVATE KEY" => Dsa,
        _ when label.EndsWith("PUBLIC KEY", StringComparison.Ordinal) => "is a public key; give the private one",
        _ => Forms,
    };

    private static SshPublicKey PublicHalf(string label, string body)
    {
        if (body.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new FormatException(Encrypted);
        }

        try
        {
            var bytes = Convert.FromBase64String(body);
            return label switch
            {
                "OPENSSH PRIVATE KEY" => OpenSsh(new SshFields(bytes)),
                "RSA PRIVATE KEY" => Rsa(rsa => rsa.ImportRSAPrivateKey(bytes, out _)),
                "EC PRIVATE KEY" => Ec(ec => ec.ImportECPrivateKey(bytes, out _)),
                _ => Pkcs8(bytes),
            };
        }
        catch (FormatException e)
        {
            // Those without a reason of their own are the library's and say too much.
            throw new FormatException(e is Reason ? e.Message : e.Message == "is cut off" ? Cut : Damaged, e);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or ArgumentException or NotSupportedException)
        {
            throw new FormatException(Damaged, e);
        }
    }

    // https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
    private static SshPublicKey OpenSsh(SshFields file)
    {
        file.Expect("openssh-key-v1\0"u8);
        var cipher = file.Text();
        _ = (file.Text(), file.Field());
        if (cipher != "none")
        {
            throw new Reason(Encrypted);
        }

        if (file.Number() != 1)
        {
            throw new Reason("holds several keys; give one key alone");
        }

        var (publicBlob, inner) = (file.Field(), new SshFields(file.Field()));
        if (!file.AtEnd || inner.Number() != inner.Number())
        {
            throw new Reason(Damaged);
        }

        var key = OpenSshPublicHalf(inner);
        _ = inner.Field();
        for (byte i = 1; !inner.AtEnd; i++)
        {
            inner.Expect([i]);
        }

        return key.Blob.AsSpan().SequenceEqual(publicBlob) ? key : throw new Reason(Damaged);
    }

    private static SshPublicKey OpenSshPublicHalf(SshFields fields)
    {
        var type = fields.Text();
        switch (type)
        {
            case "ssh-ed25519":
                var (publicHalf, both) = (fields.Field(), fields.Field());
                return both.Length == 64 && both.AsSpan(32).SequenceEqual(publicHalf)
                    ? SshPublicKey.FromBlob(SshFields.Write("ssh-ed25519"u8.ToArray(), publicHalf))
                    : throw new Reason(Damaged);
            case "ssh-rsa":
                var (n, e, _, _, p, q) = (fields.Field(), fields.Field(), fields.Field(), fields.Field(), fields.Field(), fields.Field());
                return Number(p) * Number(q) == Number(n) ? Reasoned(() => SshPublicKey.Of(new RSAParameters { Modulus = n, Exponent = e })) : throw new Reason(Damaged);
            case "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521":
                var (curve, point, d) = (fields.Text(), fields.Field(), fields.Field().AsSpan().TrimStart((byte)0).ToArray());
                var length = SshPublicKey.CoordinateLength(curve);
                if (point.Length != 1 + (2 * length) || d.Length > length)
                {
                    throw new Reason(Damaged);
                }

                var parameters = new ECParameters
                {
                    Curve = ECCurve.CreateFromFriendlyName(curve switch { "nistp256" => "nistP256", "nistp384" => "nistP384", _ => "nistP521" }),
                    D = [.. new byte[length - d.Length], .. d],
                };
                var derived = Ec(ec => ec.ImportParameters(parameters));
                return derived.Blob.AsSpan().EndsWith(point) ? derived : throw new Reason(Damaged);
            case "ssh-dss":
                throw new Reason(Dsa);
            default:
                throw new Reason(type.StartsWith("sk-", StringComparison.Ordinal)
                    ? "needs a security key that somebody touches; make a pair without one, with 'ssh-keygen -t ed25519'"
                    : "is of a type that the SSH libraries do not know; make another pair with 'ssh-keygen -t ed25519'");
        }
    }

    private static SshPublicKey Pkcs8(byte[] bytes)
    {
        var sequence = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
        _ = sequence.ReadInteger();
        return sequence.ReadSequence().ReadObjectIdentifier() switch
        {
            "1.2.840.113549.1.1.1" => Rsa(rsa => rsa.ImportPkcs8PrivateKey(bytes, out _)),
            "1.2.840.10045.2.1" => Ec(ec => ec.ImportPkcs8PrivateKey(bytes, out _)),
            "1.2.840.10040.4.1" => throw new Reason(Dsa),

            // SSH.NET 2026.0.0 takes the wrong bytes of this form for the key and signs with another one.
            "1.3.101.112" => throw new Reason(
                "is an Ed25519 key of OpenSSL's form (PKCS#8), which not every SSH library reads; make a pair with 'ssh-keygen -t ed25519', or rewrite a copy with 'ssh-keygen -p -N \"\" -f COPY' of OpenSSH 9.6 or later"),
            _ => throw new Reason("is of a type that SSH does not have; make a pair with 'ssh-keygen -t ed25519'"),
        };
    }

    private static SshPublicKey Rsa(Action<RSA> import)
    {
        using var rsa = RSA.Create();
        import(rsa);
        return Reasoned(() => SshPublicKey.Of(rsa.ExportParameters(includePrivateParameters: false)));
    }

    private static SshPublicKey Ec(Action<ECDsa> import)
    {
        using var ec = ECDsa.Create();
        import(ec);
        return Reasoned(() => SshPublicKey.Of(ec.ExportParameters(includePrivateParameters: false)));
    }

    // What is wrong with the public half is told, too.
    private static SshPublicKey Reasoned(Func<SshPublicKey> make)
    {
        try
        {
            return make();
        }
        catch (FormatException e)
        {
            throw new Reason($"cannot be used: {e.Message}");
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    [GeneratedRegex(@"\A(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ ", RegexOptions.CultureInvariant)]
    private static partial Regex PublicKeyPattern();

    [GeneratedRegex(@"\A-----BEGIN (?<label>[A-Z0-9 ]+)-----", RegexOptions.CultureInvariant)]
    private static partial Regex BeginPattern();

    // What is wrong with a key, in words for a person.
    private sealed class Reason(string message) : FormatException(message);
}
