using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Engine.Secrets;

/// <summary>A ciphertext, a salt or a passphrase is not what it should be.</summary>
public class SecretsException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The passphrase is not the one that a salt string was made with.</summary>
public sealed class IncorrectPassphraseException(Exception? inner = null) : SecretsException("incorrect passphrase", inner);

/// <summary>A sealed value is damaged, or was sealed under another key.</summary>
public sealed class MalformedSecretException(string message, Exception? inner = null) : SecretsException(message, inner);

/// <summary>
/// Pulumi's passphrase secrets: AES-256-GCM under a key that PBKDF2-HMAC-SHA256 makes of the passphrase and 8 bytes of salt in
/// 1 000 000 rounds. The salt string is <c>v1:base64(salt):check</c>, where the check is the sealed text <c>pulumi</c>; a sealed
/// text is <c>v1:base64(nonce):base64(ciphertext and tag)</c>. Safe to use from many threads.
/// </summary>
public sealed class PassphraseCipher
{
    private const int Rounds = 1_000_000;
    private const int KeyBytes = 32;
    private const int SaltBytes = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Version = "v1";
    private const string CheckText = "pulumi";
    private const string MalformedSalt = "the encryption salt is malformed: expected v1:<salt>:v1:<nonce>:<check>";

    private readonly byte[] _key;

    private PassphraseCipher(byte[] key, string salt)
    {
        _key = key;
        Salt = salt;
    }

    /// <summary>The salt string, as it stands in state and stack files.</summary>
    public string Salt { get; }

    /// <summary>Derives the key for an existing salt string; takes a good part of a second.</summary>
    /// <exception cref="SecretsException">The salt string is malformed.</exception>
    /// <exception cref="IncorrectPassphraseException">The passphrase is not the one that it was made with.</exception>
    public static PassphraseCipher Open(string salt, string passphrase)
    {
        var parts = salt.Split(':', 3);
        if (parts is not [Version, var encoded, var check])
        {
            throw new SecretsException(MalformedSalt);
        }

        PassphraseCipher cipher;
        string opened;
        try
        {
            cipher = new PassphraseCipher(Derive(passphrase, Decode(encoded, "salt")), salt);
            opened = cipher.Decrypt(check);
        }
        catch (MalformedSecretException e)
        {
            throw e.InnerException is AuthenticationTagMismatchException ? new IncorrectPassphraseException(e) : new SecretsException(MalformedSalt, e);
        }

        return opened == CheckText ? cipher : throw new IncorrectPassphraseException();
    }

    /// <summary>Derives a key for a new random salt.</summary>
    public static PassphraseCipher Create(string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var key = Derive(passphrase, salt);
        var check = new PassphraseCipher(key, "").Encrypt(CheckText);
        return new PassphraseCipher(key, string.Create(CultureInfo.InvariantCulture, $"{Version}:{Convert.ToBase64String(salt)}:{check}"));
    }

    /// <summary>Seals a text under a fresh random nonce.</summary>
    public string Encrypt(string plaintext)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var clear = Encoding.UTF8.GetBytes(plaintext);
        var box = new byte[clear.Length + TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, clear, box.AsSpan(0, clear.Length), box.AsSpan(clear.Length));
        return $"{Version}:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(box)}";
    }

    /// <summary>Opens a sealed text.</summary>
    /// <exception cref="MalformedSecretException">It is damaged, or was sealed under another key.</exception>
    public string Decrypt(string ciphertext)
    {
        if (ciphertext.Split(':') is not [Version, var encodedNonce, var encodedBox])
        {
            throw new MalformedSecretException("a sealed value is malformed: expected v1:<nonce>:<ciphertext>");
        }

        var nonce = Decode(encodedNonce, "nonce");
        var box = Decode(encodedBox, "ciphertext");
        if (nonce.Length != NonceBytes || box.Length < TagBytes)
        {
            throw new MalformedSecretException("a sealed value is malformed: its nonce or ciphertext is too short");
        }

        var clear = new byte[box.Length - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(nonce, box.AsSpan(0, clear.Length), box.AsSpan(clear.Length), clear);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new MalformedSecretException("a sealed value was made under another passphrase or salt, or was damaged", e);
        }

        return Encoding.UTF8.GetString(clear);
    }

    private static byte[] Derive(string passphrase, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, Rounds, HashAlgorithmName.SHA256, KeyBytes);

    private static byte[] Decode(string base64, string what)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw new MalformedSecretException($"the {what} of a sealed value is not base64", e);
        }
    }
}
