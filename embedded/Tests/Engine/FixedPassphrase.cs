using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>A passphrase that is always the same; null for none. Counts who asks.</summary>
internal sealed class FixedPassphrase(string? text) : IPassphraseSource
{
    public int Asked { get; private set; }

    public KnownPassphrase Existing()
    {
        Asked++;
        return text is null ? throw new SecretsException("asked") : new KnownPassphrase(text, "the test");
    }

    public KnownPassphrase New() => Existing();
}
