using System.Collections.Immutable;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>Turns what the program wants of a resource into steps. Plans one resource at a time.</summary>
internal sealed class StepPlanner(Ledger ledger, ProviderSet providers, DefaultProviders defaults, EventSink events)
{
    private readonly ReplacementPlanner _replacements = new(ledger, providers);

    /// <summary>The steps for a registration.</summary>
    /// <exception cref="PlanningException">The program asks for what cannot be done.</exception>
    /// <exception cref="ProviderException">A provider is missing or misconfigured.</exception>
    public async Task<Plan> PlanAsync(Goal declared, CancellationToken cancellation)
    {
        var goal = Inherit(declared);
        var urn = ledger.Register(goal);
        WarnOfUnused(urn, declared);
        var old = ledger.Claim(urn, goal);
        var key = new ResourceKey(urn, goal.Type, goal.Name);
        var provider = goal.Custom ? await providers.GetAsync(Urns.Package(goal.Type)) : null;
        var gone = old is not null && (old.PendingReplacement || ledger.RoomForAsync(old) is not null);

        var wanted = old is null || gone ? goal.Inputs : WithoutIgnored(urn, old, goal);
        var interrupted = ledger.Interrupted(urn);
        var inputs = await CheckAsync(provider, key, old is null || gone ? interrupted : old.Inputs, wanted, cancellation);
        var state = Skeleton(urn, goal, inputs);

        if (old is null)
        {
            return Of(urn, new PlannedStep(StepKind.Create, null, state, PlannedStep.NoDetails, Interrupted: interrupted is not null));
        }

        if (gone)
        {
            ledger.Replaced(urn);
            return new Plan(
                urn,
                [
                    new PlannedStep(StepKind.Replace, old, state, PlannedStep.NoDetails),
                    new PlannedStep(StepKind.CreateReplacement, old, state, PlannedStep.NoDetails, OldIsGone: true, Interrupted: interrupted is not null),
                ],
                ledger.RoomForAsync(old) ?? Task.CompletedTask);
        }

        var diff = await DiffAsync(provider, key, old, state, goal, cancellation);
        if (MustReplace(old, goal, diff))
        {
            Protect(urn, old, goal);
            var fresh = state with { Inputs = await CheckAsync(provider, key, interrupted, goal.Inputs, cancellation) };
            return await _replacements.PlanAsync(old, fresh, diff, goal.DeleteBeforeReplace ?? false, cancellation);
        }

        var kind = !diff.IsEmpty || old.InitErrors.Length > 0 ? StepKind.Update : StepKind.Same;
        state = state with { Id = old.Id, Outputs = old.Outputs, Created = old.Created, Modified = old.Modified, Unused = old.Unused };
        return Of(urn, new PlannedStep(kind, old, state, diff));
    }

    private static Plan Of(string urn, PlannedStep step) => new(urn, [step], Task.CompletedTask);

    private Goal Inherit(Goal goal)
    {
        var parent = ledger.IsRegistered(goal.Parent) ? ledger.Goal(goal.Parent) : null;
        return parent is null
            ? goal
            : goal with
            {
                Protect = goal.Protect ?? parent.Protect,
                RetainOnDelete = goal.RetainOnDelete ?? parent.RetainOnDelete,
                DeletedWith = goal.DeletedWith.Length > 0 ? goal.DeletedWith : parent.DeletedWith,
            };
    }

    // Some options reach a component's children through it; these do not.
    private void WarnOfUnused(string urn, Goal goal)
    {
        if (goal.Custom)
        {
            return;
        }

        string?[] unused =
        [
            goal.IgnoreChanges.Length > 0 ? "ignoreChanges" : null,
            goal.ReplaceOnChanges.Length > 0 ? "replaceOnChanges" : null,
            goal.AdditionalSecretOutputs.Length > 0 ? "additionalSecretOutputs" : null,
            goal.CustomTimeouts is not null ? "customTimeouts" : null,
        ];
        foreach (var option in unused.OfType<string>())
        {
            events.Tell(DiagnosticSeverity.Warning, urn, $"the option {option} has no effect on a component");
        }
    }

    private PropertyMap WithoutIgnored(string urn, ResourceState old, Goal goal)
    {
        var impossible = new List<string>();
        var inputs = IgnoredChanges.Apply(old.Inputs, goal.Inputs, goal.IgnoreChanges, impossible);
        foreach (var path in impossible)
        {
            events.Tell(DiagnosticSeverity.Info, urn, $"cannot ignore changes of '{path}' in elements that were added or removed");
        }

        return inputs;
    }

    private static async Task<PropertyMap> CheckAsync(IProvider? provider, ResourceKey key, PropertyMap? olds, PropertyMap news, CancellationToken cancellation)
    {
        if (provider is null)
        {
            return news;
        }

        var result = await provider.CheckAsync(new CheckRequest(key, olds, news), cancellation);
        return result.Faults.Count == 0
            ? result.Inputs
            : throw new PlanningException(key.Urn, string.Join('\n', result.Faults.Select(f => f.Property.Length > 0 ? $"{f.Property}: {f.Reason}" : f.Reason)));
    }

    private ResourceState Skeleton(string urn, Goal goal, PropertyMap inputs) => new()
    {
        Urn = urn,
        Type = goal.Type,
        Custom = goal.Custom,
        Inputs = inputs,
        Parent = goal.Parent,
        Protect = goal.Protect ?? false,
        RetainOnDelete = goal.RetainOnDelete ?? false,
        Dependencies = goal.Dependencies,
        PropertyDependencies = goal.PropertyDependencies,
        Provider = goal.Custom ? defaults.Reference(Urns.Package(goal.Type), goal.Version) : "",
        AdditionalSecretOutputs = goal.AdditionalSecretOutputs,
        IgnoreChanges = goal.IgnoreChanges,
        ReplaceOnChanges = goal.ReplaceOnChanges,
        CustomTimeouts = goal.CustomTimeouts,
        DeletedWith = goal.DeletedWith,
    };

    private static async Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(IProvider? provider, ResourceKey key, ResourceState old, ResourceState state, Goal goal, CancellationToken cancellation)
    {
        var diff = provider is null || !old.Custom
            ? InputDiff.Compare(old.Inputs, state.Inputs)
            : await provider.DiffAsync(new DiffRequest(key, old.Inputs, state.Inputs), cancellation);
        return ReplaceRules.Apply(diff, goal.ReplaceOnChanges);
    }

    private bool MustReplace(ResourceState old, Goal goal, ImmutableSortedDictionary<string, PropertyDiff> diff) =>
        old.Custom != goal.Custom
        || ledger.IsReplaced(goal.DeletedWith)
        || diff.Values.Any(d => d.Replaces);

    private static void Protect(string urn, ResourceState old, Goal goal)
    {
        if (old.Protect && goal.Protect == true)
        {
            throw new PlanningException(urn, "it would have to be replaced, but it is protected: take the option 'protect' from it first, or take back the change");
        }
    }
}
