using System.Collections.Immutable;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Reads every resource back, so that what was changed or deleted behind the stack's back shows.</summary>
internal sealed class Refresher(int parallel, ProviderSet providers, EventSink events, SecretMask mask, RunControl control, TimeProvider clock)
{
    /// <summary>The state as it is now. What is gone is left out, and with it what goes with it.</summary>
    public async Task<Snapshot> RunAsync(Snapshot before)
    {
        using var places = new SemaphoreSlim(Math.Max(1, parallel));
        var read = await Task.WhenAll(before.Resources.Select(state => ReadAsync(state, places)));

        var gone = new HashSet<string>(StringComparer.Ordinal);
        var result = ImmutableArray.CreateBuilder<ResourceState>();
        foreach (var (old, state) in before.Resources.Zip(read))
        {
            if (state is null || gone.Contains(state.DeletedWith))
            {
                if (!old.Delete)
                {
                    gone.Add(old.Urn);
                }
            }
            else
            {
                result.Add(gone.Count == 0 ? state : Without(state, gone));
            }
        }

        return before with { Resources = result.ToImmutable() };
    }

    private static ResourceState Without(ResourceState state, HashSet<string> gone) => state with
    {
        Parent = gone.Contains(state.Parent) ? "" : state.Parent,
        Dependencies = state.Dependencies.RemoveAll(gone.Contains),
        PropertyDependencies = state.PropertyDependencies.ToImmutableSortedDictionary(
            p => p.Key, p => p.Value.RemoveAll(gone.Contains), StringComparer.Ordinal),
    };

    private async Task<ResourceState?> ReadAsync(ResourceState old, SemaphoreSlim places)
    {
        if (!old.Custom || Urns.IsProvider(old.Type) || old.Delete || old.PendingReplacement)
        {
            return old;
        }

        await places.WaitAsync();
        var step = EventSink.Describe(StepKind.Refresh, old, old);
        var began = clock.GetTimestamp();
        try
        {
            if (control.Stopping.IsCancellationRequested)
            {
                return old;
            }

            events.Started(step);
            var provider = await providers.GetAsync(Urns.Package(old.Type));
            var result = await provider.ReadAsync(
                new ReadRequest(new ResourceKey(old.Urn, old.Type, old.Name), old.Id, old.Inputs, old.Outputs), control.Stopping);
            var state = result is null ? null : Merge(old, result);
            events.Done(
                step with { New = state, Details = state is null ? PlannedStep.NoDetails : InputDiff.Compare(old.Outputs, state.Outputs) },
                clock.GetElapsedTime(began));
            return state;
        }
        catch (OperationCanceledException) when (control.Stopping.IsCancellationRequested)
        {
            events.Failed(step, "not read: the run stops", clock.GetElapsedTime(began));
            return old;
        }
        catch (Exception e)
        {
            control.FailLater();
            events.Failed(step, e is ProviderException ? e.Message : $"{e.GetType().Name}: {e.Message}", clock.GetElapsedTime(began));
            return old;
        }
        finally
        {
            places.Release();
        }
    }

    private ResourceState Merge(ResourceState old, ReadResult result)
    {
        // The errors stay: a resource that can be read may still not be ready.
        var state = old with
        {
            Id = result.Id,
            Inputs = result.Inputs.Count > 0 ? SecretMarks.Mark(result.Inputs, old.Inputs, []) : old.Inputs,
        };
        state = state with { Outputs = SecretMarks.Mark(result.Outputs, state.Inputs, old.AdditionalSecretOutputs) };
        mask.AddOutputs(state.Outputs, state.AdditionalSecretOutputs);
        return ResourceFields.Same(old, state) ? old : state with { Modified = clock.GetUtcNow() };
    }
}
