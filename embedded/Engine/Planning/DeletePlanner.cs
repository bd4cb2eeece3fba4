using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>One resource to delete.</summary>
/// <param name="Step">The delete, or the end of a replacement.</param>
/// <param name="After">The deletes that have to be done first, as places in the plan.</param>
internal sealed record PlannedDelete(PlannedStep Step, ImmutableArray<int> After);

/// <summary>Plans the deletes at the end of an operation: dependents and children before what they depend on, and what may go together together.</summary>
internal static class DeletePlanner
{
    /// <summary>The deletes, each after all that it waits for.</summary>
    /// <param name="before">The state at the start.</param>
    /// <param name="kept">Tells which states are not to be deleted.</param>
    /// <param name="gone">Tells which were deleted before: they are forgotten in their turn, since what is still there may refer to them.</param>
    /// <param name="superseded">The states whose replacement is there.</param>
    /// <param name="blocked">Takes the protected ones that would have to go. They stay, with all that they need.</param>
    public static IReadOnlyList<PlannedDelete> Plan(
        Snapshot before, Func<ResourceState, bool> kept, Func<ResourceState, bool> gone, IReadOnlySet<ResourceState> superseded, ICollection<ResourceState> blocked)
    {
        var plan = new List<PlannedDelete>();
        var waiting = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var needed = new HashSet<string>(StringComparer.Ordinal);

        // A resource stands after all that it depends on. Read backwards, the dependents of each resource come first.
        foreach (var state in before.Resources.Reverse())
        {
            var replaced = state.Delete || superseded.Contains(state);
            if (!replaced && kept(state))
            {
                continue;
            }

            var isGone = gone(state);
            var isProtected = state.Protect && !replaced && !isGone;
            if (isProtected)
            {
                blocked.Add(state);
            }

            if (isProtected || (!replaced && needed.Contains(state.Urn)))
            {
                needed.UnionWith(References(state));
                continue;
            }

            foreach (var urn in References(state))
            {
                (waiting.TryGetValue(urn, out var list) ? list : waiting[urn] = []).Add(plan.Count);
            }

            plan.Add(new PlannedDelete(
                new PlannedStep(replaced ? StepKind.DeleteReplaced : StepKind.Delete, state, null, PlannedStep.NoDetails, OldIsGone: true) { Free = isGone, Quiet = isGone },
                waiting.TryGetValue(state.Urn, out var dependents) ? [.. dependents] : []));
        }

        var going = plan.Select(d => d.Step.Old!.Urn).ToHashSet(StringComparer.Ordinal);
        return [.. plan.Select(d => d with { Step = d.Step with { Free = d.Step.Free || d.Step.Old!.RetainOnDelete || going.Contains(d.Step.Old.DeletedWith) } })];
    }

    private static IEnumerable<string> References(ResourceState state)
    {
        IEnumerable<string> all =
        [
            state.Parent,
            state.DeletedWith,
            state.Provider.Length > 0 ? state.Provider[..state.Provider.LastIndexOf("::", StringComparison.Ordinal)] : "",
            .. state.Dependencies,
            .. state.PropertyDependencies.Values.SelectMany(urns => urns),
        ];
        return all.Where(urn => urn.Length > 0).Distinct(StringComparer.Ordinal);
    }
}
