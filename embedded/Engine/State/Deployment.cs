using System.Collections.Immutable;

namespace MesosStack.Embedded.Engine.State;

/// <summary>A stack's state as its file holds it: Pulumi's deployment v3.</summary>
/// <param name="Snapshot">The resources.</param>
/// <param name="Salt">The salt of the passphrase that seals its secrets; null where none was sealed yet.</param>
/// <param name="Unused">Members of the deployment that this engine does not use, kept as they were (JSON text by name).</param>
public sealed record Deployment(Snapshot Snapshot, string? Salt, ImmutableSortedDictionary<string, string> Unused)
{
    /// <summary>A stack without any state.</summary>
    public static Deployment Empty { get; } = new(Snapshot.Empty, null, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));
}

/// <summary>The two shapes in which Pulumi keeps a deployment in JSON.</summary>
public enum DeploymentForm
{
    /// <summary>A file of the local backend: <c>{version, checkpoint: {stack, latest}}</c>.</summary>
    Checkpoint,

    /// <summary>What <c>stack export</c> prints: <c>{version, deployment}</c>.</summary>
    Export,
}

/// <summary>How secrets are written.</summary>
public enum SecretsForm
{
    /// <summary>Sealed under the stack's passphrase.</summary>
    Sealed,

    /// <summary>In clear, marked as secrets: only ever on a person's demand.</summary>
    Clear,

    /// <summary>Left out, with <c>[secret]</c> in their place: for display.</summary>
    Hidden,
}
