using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>Plans replacements in either order.</summary>
internal sealed class ReplacementPlanner(Ledger ledger, ProviderSet providers)
{
    /// <summary>The steps of a replacement.</summary>
    /// <param name="old">What is replaced.</param>
    /// <param name="state">What replaces it.</param>
    /// <param name="diff">Why.</param>
    /// <param name="deleteFirst">Whether the old one goes before the new one comes.</param>
    /// <param name="cancellation">Gives up planning.</param>
    /// <exception cref="PlanningException">Something that would have to go is protected.</exception>
    public async Task<Plan> PlanAsync(ResourceState old, ResourceState state, ImmutableSortedDictionary<string, PropertyDiff> diff, bool deleteFirst, CancellationToken cancellation)
    {
        ledger.Replaced(state.Urn);
        var replace = new PlannedStep(StepKind.Replace, old, state, diff);
        var create = new PlannedStep(StepKind.CreateReplacement, old, state, diff, OldIsGone: deleteFirst, Interrupted: ledger.Interrupted(state.Urn) is not null);
        if (!deleteFirst)
        {
            ledger.Superseded.Add(old);
            return new Plan(state.Urn, [create, replace], Task.CompletedTask);
        }

        var first = await DependentsAsync(old, cancellation);
        if (first.FirstOrDefault(d => d.Protect) is { } kept)
        {
            throw new PlanningException(
                state.Urn, $"it would have to be deleted and created again, and with it {kept.Urn}, which is protected: take the option 'protect' from that first");
        }

        var gone = first.Append(old).Select(o => o.Urn).ToHashSet(StringComparer.Ordinal);
        first.Reverse();
        return new Plan(
            state.Urn,
            [
                .. first.Select(o => Delete(o, PlannedStep.NoDetails)),
                Delete(old, diff),
                replace,
                create,
            ],
            Task.CompletedTask);

        PlannedStep Delete(ResourceState state, ImmutableSortedDictionary<string, PropertyDiff> why) =>
            new(StepKind.DeleteReplaced, state, null, why, Free: state.RetainOnDelete || gone.Contains(state.DeletedWith));
    }

    // These resources are deleted with the old one, or would be replaced for any new value of its outputs.
    private async Task<List<ResourceState>> DependentsAsync(ResourceState root, CancellationToken cancellation)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal) { root.Urn };
        var result = new List<ResourceState>();
        foreach (var state in ledger.Before.Resources)
        {
            if (!state.Custom || state.Delete || state.PendingReplacement || Urns.IsProvider(state.Type) || ReferenceEquals(state, root)
                || ledger.IsClaimed(state) || ledger.RoomForAsync(state) is not null)
            {
                continue;
            }

            if (gone.Contains(state.DeletedWith) || await WouldBeReplacedAsync(state, gone, cancellation))
            {
                gone.Add(state.Urn);
                result.Add(state);
            }
        }

        return result;
    }

    private async Task<bool> WouldBeReplacedAsync(ResourceState state, HashSet<string> gone, CancellationToken cancellation)
    {
        var touched = state.PropertyDependencies.Where(p => p.Value.Any(gone.Contains)).Select(p => p.Key).Where(state.Inputs.ContainsKey).ToArray();
        if (touched.Length == 0)
        {
            return false;
        }

        var provider = await providers.GetAsync(Urns.Package(state.Type));
        var inputs = touched.Aggregate(state.Inputs, (all, key) => all.With(key, PropertyValue.NotKnown));
        var request = new DiffRequest(new ResourceKey(state.Urn, state.Type, state.Name), state.Inputs, inputs);
        var diff = ReplaceRules.Apply(await provider.DiffAsync(request, cancellation), state.ReplaceOnChanges);
        return diff.Values.Any(d => d.Replaces);
    }
}
