using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Tests.Cli.Previews;

/// <summary>What the engine tells of a preview, made from the clusters before and after.</summary>
internal sealed class PlannedPreview
{
    private static readonly string[] Replacing = ["image", "size", "region", "triggers"];

    /// <summary>A preview of a change.</summary>
    /// <param name="before">The cluster that lives; null for none.</param>
    /// <param name="after">The cluster that is wanted; null for none.</param>
    public PlannedPreview(ClusterOptions? before, ClusterOptions? after)
    {
        IReadOnlyList<ResourceState> old = before is null ? [] : new ClusterStates(before, _ => false).Make();
        var members = before is null ? [] : before.MasterNames.Concat(before.AgentNames).ToHashSet(StringComparer.Ordinal);
        if (after is { Lost.Length: > 0 })
        {
            old = [.. old.Where(state => !state.Name.Contains($"-{after.Lost}-", StringComparison.Ordinal))];
        }

        var wanted = after is null ? [] : new ClusterStates(after, member => !members.Contains(member) || member == after.Lost || (after.Images.ContainsKey(member) && !before!.Images.ContainsKey(member))).Make();
        var known = old.ToDictionary(s => s.Urn, StringComparer.Ordinal);
        Steps =
        [
            .. wanted.SelectMany(state => Plan(known.GetValueOrDefault(state.Urn), state)),
            .. old.Where(o => wanted.All(w => w.Urn != o.Urn)).Reverse().Select(o => new Step(StepKind.Delete, o.Urn, o.Type, o, null, new Dictionary<string, PropertyDiff>())),
        ];
    }

    public IReadOnlyList<Step> Steps { get; }

    public EngineEvent[] Events => [.. Steps.SelectMany(s => (EngineEvent[])[new EngineEvent.StepStarted(s), new EngineEvent.StepDone(s, TimeSpan.Zero)])];

    public OperationResult Result => ScriptedEngine.Result(counts:
        [.. Steps.Where(s => s.Kind is not (StepKind.CreateReplacement or StepKind.DeleteReplaced)).GroupBy(s => s.Kind).Select(g => (g.Key, g.Count()))]);

    private static IEnumerable<Step> Plan(ResourceState? old, ResourceState state)
    {
        if (old is null)
        {
            return [new Step(StepKind.Create, state.Urn, state.Type, null, state with { Id = "", Outputs = PropertyMap.Empty }, new Dictionary<string, PropertyDiff>())];
        }

        var details = Details(old.Inputs, state.Inputs);
        return details.Values.Any(d => d.Replaces)
            ? [
                new Step(StepKind.DeleteReplaced, state.Urn, state.Type, old, null, details),
                new Step(StepKind.Replace, state.Urn, state.Type, old, state, details),
                new Step(StepKind.CreateReplacement, state.Urn, state.Type, old, state, details),
            ]
            : [new Step(details.Count > 0 ? StepKind.Update : StepKind.Same, state.Urn, state.Type, old, state, details)];
    }

    private static SortedDictionary<string, PropertyDiff> Details(PropertyMap before, PropertyMap after)
    {
        var details = new SortedDictionary<string, PropertyDiff>(StringComparer.Ordinal);
        foreach (var key in before.Keys.Where(key => !before[key].Equals(after.GetValueOrDefault(key))))
        {
            details[key == "triggers" ? "triggers[0]" : key] = new PropertyDiff(PropertyDiffKind.Update, Replacing.Contains(key));
        }

        return details;
    }
}
