using System.Collections.Concurrent;

namespace MesosStack.Embedded.Engine.Secrets;

/// <summary>A passphrase, and where it came from, for a person who wonders why it does not fit.</summary>
public sealed record KnownPassphrase(string Text, string Origin);

/// <summary>Where passphrases come from.</summary>
public interface IPassphraseSource
{
    /// <summary>The one that something was sealed with before; never a new one.</summary>
    /// <exception cref="SecretsException">There is none to be had.</exception>
    KnownPassphrase Existing();

    /// <summary>The one to seal with from now on.</summary>
    /// <exception cref="SecretsException">There is none to be had.</exception>
    KnownPassphrase New();
}

/// <summary>
/// The ciphers of one run: asks for a passphrase when it is needed for the first time, and derives each key once.
/// State and stack file usually share a salt, so that a run derives one key or none.
/// </summary>
/// <param name="source">Gives the passphrases; each is asked for at most once.</param>
public sealed class PassphraseVault(IPassphraseSource source)
{
    private readonly Lazy<KnownPassphrase> _existing = new(source.Existing);
    private readonly Lazy<KnownPassphrase> _new = new(source.New);
    private readonly ConcurrentDictionary<string, Lazy<PassphraseCipher>> _ciphers = new(StringComparer.Ordinal);

    /// <summary>The cipher for a salt string.</summary>
    /// <exception cref="SecretsException">As for <see cref="PassphraseCipher.Open"/>, or there is no passphrase to be had.</exception>
    public PassphraseCipher Open(string salt) =>
        _ciphers.GetOrAdd(salt, s => new Lazy<PassphraseCipher>(() => OpenNew(s))).Value;

    /// <summary>Asks for the passphrase that a cipher needs, and derives no key.</summary>
    /// <param name="salt">The salt string; null for a new one.</param>
    /// <exception cref="SecretsException">There is no passphrase to be had.</exception>
    public void Ask(string? salt)
    {
        if (salt is null)
        {
            _ = _new.Value;
        }
        else if (!_ciphers.ContainsKey(salt))
        {
            _ = _existing.Value;
        }
    }

    /// <summary>A cipher for a new salt.</summary>
    /// <exception cref="SecretsException">There is no passphrase to be had.</exception>
    public PassphraseCipher Create()
    {
        var cipher = PassphraseCipher.Create(_new.Value.Text);
        _ciphers[cipher.Salt] = new Lazy<PassphraseCipher>(cipher);
        return cipher;
    }

    private PassphraseCipher OpenNew(string salt)
    {
        var passphrase = _existing.Value;
        try
        {
            return PassphraseCipher.Open(salt, passphrase.Text);
        }
        catch (IncorrectPassphraseException e)
        {
            throw new SecretsException($"{e.Message}: it came from {passphrase.Origin}", e);
        }
    }
}
