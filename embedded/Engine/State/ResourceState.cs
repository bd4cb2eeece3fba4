using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>A resource as a stack's state remembers it; the fields are those of Pulumi's deployment v3. Values are in clear here: the state file seals secrets.</summary>
public sealed record ResourceState
{
    /// <summary>The URN.</summary>
    public required string Urn { get; init; }

    /// <summary>The type token.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a provider owns it; components and the stack are not custom.</summary>
    public required bool Custom { get; init; }

    /// <summary>The provider's id; "" for components.</summary>
    public string Id { get; init; } = "";

    /// <summary>It was replaced, and its deletion is still to come.</summary>
    public bool Delete { get; init; }

    /// <summary>It was deleted to make room for a replacement that is still to come.</summary>
    public bool PendingReplacement { get; init; }

    /// <summary>The checked inputs.</summary>
    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    /// <summary>What the provider or the component gave.</summary>
    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    /// <summary>The parent's URN; "" for the stack and for default providers.</summary>
    public string Parent { get; init; } = "";

    /// <summary>It may not be deleted.</summary>
    public bool Protect { get; init; }

    /// <summary>Forgetting it does not delete it.</summary>
    public bool RetainOnDelete { get; init; }

    /// <summary>URNs it depends on.</summary>
    public ImmutableArray<string> Dependencies { get; init; } = [];

    /// <summary>URNs that each input depends on.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>The provider: <c>urn::id</c>; "" for components and providers.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Outputs that are secret though the provider does not say so.</summary>
    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>Paths whose changes are ignored.</summary>
    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    /// <summary>Paths whose changes replace.</summary>
    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>Why it is not as it should be.</summary>
    public ImmutableArray<string> InitErrors { get; init; } = [];

    /// <summary>Time limits; null where the program gave none.</summary>
    public Timeouts? CustomTimeouts { get; init; }

    /// <summary>The URN whose deletion makes this one's unnecessary; "" for none.</summary>
    public string DeletedWith { get; init; } = "";

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was changed last, UTC.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The name: what follows the third <c>::</c> of the URN.</summary>
    public string Name => Urns.Name(Urn);

    /// <summary>Whether it is a provider that no program declared.</summary>
    public bool IsDefaultProvider => Urns.IsProvider(Type) && Name.StartsWith("default", StringComparison.Ordinal);

    /// <summary>Fields of the state file that this engine does not use, kept as they were.</summary>
    public ImmutableSortedDictionary<string, string> Unused { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>Time limits of a resource's operations; null leaves one to the provider.</summary>
public sealed record Timeouts(TimeSpan? Create, TimeSpan? Update, TimeSpan? Delete)
{
    /// <summary>The limits; null where there are none.</summary>
    internal static Timeouts? Of(TimeSpan? create, TimeSpan? update, TimeSpan? delete) => (create ?? update ?? delete) is null ? null : new(create, update, delete);
}
