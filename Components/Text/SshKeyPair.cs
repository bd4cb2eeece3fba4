using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Components.Text;

/// <summary>An SSH key pair on the curve P-256, made from 32 random bytes without any local tool.</summary>
/// <param name="PrivatePem">The private key as PEM in SEC1 form (RFC 5915), which OpenSSH and the usual libraries read.</param>
/// <param name="PublicLine">The public key as one line of OpenSSH (RFC 5656), without a comment.</param>
public sealed record SshKeyPair(string PrivatePem, string PublicLine)
{
    private const string Algorithm = "ecdsa-sha2-nistp256";

    // Order of the group of P-256 (FIPS 186-4, D.1.2.3).
    private static readonly BigInteger Order = BigInteger.Parse(
        "00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes the pair whose private scalar is the given number, brought into 1..order-1.</summary>
    /// <param name="hex">32 random bytes as 64 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static SshKeyPair FromRandom(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        if (bytes.Length != 32)
        {
            throw new ArgumentException("needs 32 random bytes", nameof(hex));
        }

        var scalar = (new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var d = new byte[32];
        var digits = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(d, d.Length - digits.Length);

        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        return new SshKeyPair(key.ExportECPrivateKeyPem() + "\n", $"{Algorithm} {Convert.ToBase64String(Blob(q))}");
    }

    private static byte[] Blob(ECPoint q)
    {
        using var blob = new MemoryStream();
        Write(Encoding.ASCII.GetBytes(Algorithm));
        Write("nistp256"u8);
        Write([4, .. q.X!, .. q.Y!]);
        return blob.ToArray();

        void Write(ReadOnlySpan<byte> field)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            blob.Write(length);
            blob.Write(field);
        }
    }
}
