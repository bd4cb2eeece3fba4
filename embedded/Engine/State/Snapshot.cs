using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Everything a stack remembers. A resource comes after all it refers to.</summary>
public sealed record Snapshot(ImmutableArray<ResourceState> Resources, ImmutableArray<PendingOperation> PendingOperations)
{
    /// <summary>A stack with nothing in it.</summary>
    public static Snapshot Empty { get; } = new([], []);

    /// <summary>The stack's outputs.</summary>
    public PropertyMap StackOutputs => Resources.FirstOrDefault(r => r.Type == Urns.StackType)?.Outputs ?? PropertyMap.Empty;
}

/// <summary>An operation that was under way when the state was written.</summary>
public sealed record PendingOperation(ResourceState Resource, OperationKind Kind);

/// <summary>The kinds of operations that can be under way.</summary>
public enum OperationKind
{
    /// <summary>A create.</summary>
    Creating,

    /// <summary>An update.</summary>
    Updating,

    /// <summary>A delete.</summary>
    Deleting,

    /// <summary>A read.</summary>
    Reading,
}
