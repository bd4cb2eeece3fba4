using System.Collections.Concurrent;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// Seals and opens the secrets of one state. A secret that did not change keeps its ciphertext, so that a state file changes only
/// where something changed. The memory is by place (resource and path), so that equal secrets in two places never look equal.
/// </summary>
/// <param name="cipher">Gives the cipher; called when there is something to seal or open.</param>
public sealed class SealedValues(Func<PassphraseCipher> cipher)
{
    private readonly ConcurrentDictionary<string, (string Clear, string Sealed)> _known = new(StringComparer.Ordinal);
    private readonly Lazy<PassphraseCipher> _cipher = new(cipher);

    /// <summary>Has the cipher ready, so that nobody is asked for a passphrase later.</summary>
    /// <exception cref="SecretsException">There is no passphrase to be had, or it is the wrong one.</exception>
    public void Prepare() => _ = _cipher.Value;

    /// <summary>Opens a sealed value and remembers it.</summary>
    /// <exception cref="SecretsException">It cannot be opened.</exception>
    public string Open(string place, string ciphertext)
    {
        var clear = _cipher.Value.Decrypt(ciphertext);
        _known[place] = (clear, ciphertext);
        return clear;
    }

    /// <summary>Seals a value, with the ciphertext it had here if it is the same.</summary>
    /// <exception cref="SecretsException">There is no passphrase to be had.</exception>
    public string Seal(string place, string clear)
    {
        if (_known.TryGetValue(place, out var known) && known.Clear == clear)
        {
            return known.Sealed;
        }

        var ciphertext = _cipher.Value.Encrypt(clear);
        _known[place] = (clear, ciphertext);
        return ciphertext;
    }
}
