using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine;

/// <summary>The kinds of steps; names as in Pulumi's events.</summary>
public enum StepKind
{
    /// <summary>Nothing to do.</summary>
    Same,

    /// <summary>Create.</summary>
    Create,

    /// <summary>Change in place.</summary>
    Update,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Create the new one of a replacement.</summary>
    CreateReplacement,

    /// <summary>Delete the old one of a replacement.</summary>
    DeleteReplaced,

    /// <summary>The resource as a whole is replaced (a mark, not a call).</summary>
    Replace,

    /// <summary>Read back.</summary>
    Refresh,
}

/// <summary>One step on one resource.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Urn">The resource.</param>
/// <param name="Type">Its type token.</param>
/// <param name="Old">Before; null for a create.</param>
/// <param name="New">After, as far as it is known; null for a delete.</param>
/// <param name="Details">The differences by property path, for updates and replacements.</param>
public sealed record Step(StepKind Kind, string Urn, string Type, ResourceState? Old, ResourceState? New, IReadOnlyDictionary<string, PropertyDiff> Details);
