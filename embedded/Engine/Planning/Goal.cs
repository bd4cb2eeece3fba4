using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>A resource as the program wants it.</summary>
internal sealed record Goal
{
    public required string Type { get; init; }

    public required string Name { get; init; }

    public required bool Custom { get; init; }

    /// <summary>The parent's URN; "" for the stack.</summary>
    public string Parent { get; init; } = "";

    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    public ImmutableArray<string> Dependencies { get; init; } = [];

    public ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>The version of the package that the program was built with; "" where it does not say.</summary>
    public string Version { get; init; } = "";

    /// <summary>Null where the program does not say; then the parent's counts.</summary>
    public bool? Protect { get; init; }

    /// <inheritdoc cref="Protect" />
    public bool? RetainOnDelete { get; init; }

    /// <summary>Null leaves it to the provider.</summary>
    public bool? DeleteBeforeReplace { get; init; }

    /// <summary>"" where the program does not say; then the parent's counts.</summary>
    public string DeletedWith { get; init; } = "";

    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>Names that it had before.</summary>
    public ImmutableArray<string> FormerNames { get; init; } = [];

    public Timeouts? CustomTimeouts { get; init; }
}
