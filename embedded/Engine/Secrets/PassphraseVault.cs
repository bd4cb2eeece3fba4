using System.Collections.Concurrent;

namespace MesosStack.Embedded.Engine.Secrets;

/// <summary>
/// The ciphers of one run: asks for the passphrase when it is needed for the first time, and derives each key once.
/// State and stack file usually share a salt, so that a run derives one key or none.
/// </summary>
/// <param name="passphrase">Gives the passphrase; called at most once.</param>
public sealed class PassphraseVault(Func<string> passphrase)
{
    private readonly Lazy<string> _passphrase = new(passphrase);
    private readonly ConcurrentDictionary<string, Lazy<PassphraseCipher>> _ciphers = new(StringComparer.Ordinal);

    /// <summary>The cipher for a salt string.</summary>
    /// <exception cref="SecretsException">As for <see cref="PassphraseCipher.Open"/>, or there is no passphrase to be had.</exception>
    public PassphraseCipher Open(string salt) =>
        _ciphers.GetOrAdd(salt, s => new Lazy<PassphraseCipher>(() => PassphraseCipher.Open(s, _passphrase.Value))).Value;

    /// <summary>A cipher for a new salt.</summary>
    /// <exception cref="SecretsException">There is no passphrase to be had.</exception>
    public PassphraseCipher Create()
    {
        var cipher = PassphraseCipher.Create(_passphrase.Value);
        _ciphers[cipher.Salt] = new Lazy<PassphraseCipher>(cipher);
        return cipher;
    }
}
