using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>The steps for one registration, in order.</summary>
/// <param name="Urn">The resource.</param>
/// <param name="Steps">Its steps, and those on the resources that have to go first.</param>
/// <param name="After">Has to end before the first step.</param>
internal sealed record Plan(string Urn, ImmutableArray<PlannedStep> Steps, Task After);

/// <summary>A step before it is taken.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Old">The state it starts from.</param>
/// <param name="New">The state it should lead to, without what only the provider knows.</param>
/// <param name="Details">The differences by path.</param>
/// <param name="OldIsGone">The old state is forgotten with this step; else a replaced one stays in the state until its turn comes.</param>
/// <param name="Free">A delete that needs no call: something else takes the resource away, or it is to stay.</param>
/// <param name="Interrupted">A create that an earlier run could not see to its end.</param>
/// <param name="Quiet">Nothing happens but in the state, and nobody is told.</param>
internal sealed record PlannedStep(
    StepKind Kind,
    ResourceState? Old,
    ResourceState? New,
    ImmutableSortedDictionary<string, PropertyDiff> Details,
    bool OldIsGone = false,
    bool Free = false,
    bool Interrupted = false,
    bool Quiet = false)
{
    /// <summary>No differences.</summary>
    public static ImmutableSortedDictionary<string, PropertyDiff> NoDetails { get; } =
        ImmutableSortedDictionary.Create<string, PropertyDiff>(StringComparer.Ordinal);
}
