using System.Collections.Concurrent;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Takes steps: calls the provider, and has the outcome saved before the step counts as done.</summary>
internal sealed class StepExecutor : IDisposable
{
    private readonly bool _preview;
    private readonly string _workingDirectory;
    private readonly Task _providersReady;
    private readonly ProviderSet _providers;
    private readonly SnapshotKeeper _keeper;
    private readonly EventSink _events;
    private readonly SecretMask _mask;
    private readonly RunControl _control;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<string, bool> _takenOver = new(StringComparer.Ordinal);

    public StepExecutor(Operation operation, ProviderSet providers, SnapshotKeeper keeper, EventSink events, SecretMask mask, RunControl control, TimeProvider clock)
    {
        _preview = operation.IsPreview;
        _workingDirectory = operation.Program?.WorkingDirectory ?? "";
        _providersReady = operation.ProvidersReady;
        (_providers, _keeper, _events, _mask, _control, _clock) = (providers, keeper, events, mask, control, clock);
        _places = new SemaphoreSlim(Math.Max(1, operation.Parallel));
    }

    /// <summary>Whether this run took over, or tried to, what an earlier run could not see to its end.</summary>
    public bool HasTakenOver(string urn) => _takenOver.ContainsKey(urn);

    /// <summary>Takes steps one after the other, in a place of their own among those that may work at once.</summary>
    /// <returns>Whether all were taken; if not, the operation has failed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<PlannedStep> steps, Task after)
    {
        var calls = steps.Any(Calls);
        if (!await WaitAsync(after, calls))
        {
            return false;
        }

        try
        {
            foreach (var step in steps)
            {
                if (_control.Stopping.IsCancellationRequested || !await TakeAsync(step))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            if (calls)
            {
                _places.Release();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    // Whether a provider has work to do for it.
    private static bool Calls(PlannedStep step) =>
        (step.New ?? step.Old!) is { Custom: true } state && !Urns.IsProvider(state.Type) && !step.Free && step.Kind is not (StepKind.Same or StepKind.Replace);

    private async Task<bool> WaitAsync(Task after, bool calls)
    {
        try
        {
            await after.WaitAsync(_control.Stopping);
            if (calls)
            {
                await _providersReady.WaitAsync(_control.Stopping);
                await _places.WaitAsync(_control.Stopping);
            }

            return true;
        }
        catch (OperationCanceledException) when (_control.Stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception) when (_providersReady.IsFaulted || _providersReady.IsCanceled)
        {
            // The run throws a fault once it has ended.
            _control.Fail();
            return false;
        }
    }

    private async Task<bool> TakeAsync(PlannedStep planned)
    {
        var step = EventSink.Describe(planned.Kind, planned.Old, planned.New, planned.Details);
        var began = _clock.GetTimestamp();
        var quiet = planned.Quiet || (planned.New ?? planned.Old!).IsDefaultProvider;
        PendingOperation? pending = null;
        if (!quiet)
        {
            _events.Started(step);
        }

        if (planned.Interrupted)
        {
            TakeOver(step.Urn);
        }

        try
        {
            _mask.Add(step.New?.Inputs ?? PropertyMap.Empty);
            pending = await BeginAsync(planned);
            var result = await CallAsync(planned);
            Complete(planned, result, pending);
            if (pending is not null)
            {
                await _keeper.SaveAsync();
            }

            if (!quiet)
            {
                _events.Done(step with { New = result }, _clock.GetElapsedTime(began));
            }

            return true;
        }
        catch (ResourceInitException e) when (planned.New is not null)
        {
            return await FailAsync(step, _clock.GetElapsedTime(began), e.Message, pending is null ? null : () => Complete(planned, Partial(planned, e), pending));
        }
        catch (ProviderException e)
        {
            return await FailAsync(step, _clock.GetElapsedTime(began), e.Message, pending is null ? null : () => _keeper.Cancel(pending));
        }
        catch (SaveException e)
        {
            _control.Break(e);
            return false;
        }
        catch (Exception e)
        {
            // The outcome of the call is unknown, so the pending operation stays in the state.
            var message = e switch
            {
                OutcomeUnknownException => e.Message,
                OperationCanceledException when _control.GivingUp.IsCancellationRequested => $"given up on request: {e.Message}",
                _ => $"{e.GetType().Name}: {e.Message}",
            };
            return await FailAsync(step, _clock.GetElapsedTime(began), message, remember: null);
        }
    }

    private void TakeOver(string urn)
    {
        _takenOver[urn] = true;
        _events.Tell(
            DiagnosticSeverity.Warning,
            urn,
            "an earlier run was interrupted while it created this; it is created again, and takes over what is left of the first time where the provider can find that");
    }

    private async Task<bool> FailAsync(Step step, TimeSpan took, string message, Action? remember)
    {
        _control.Fail();
        remember?.Invoke();
        _events.Failed(step, message, took);
        try
        {
            await _keeper.SaveAsync();
        }
        catch (SaveException e)
        {
            _control.Break(e);
        }

        return false;
    }

    private async Task<PendingOperation?> BeginAsync(PlannedStep step)
    {
        if (_preview || !Calls(step))
        {
            return null;
        }

        var pending = new PendingOperation(step.New ?? step.Old!, step.Kind switch
        {
            StepKind.Create or StepKind.CreateReplacement => OperationKind.Creating,
            StepKind.Update => OperationKind.Updating,
            _ => OperationKind.Deleting,
        });
        _keeper.Begin(pending);
        await _keeper.SaveAsync();
        return pending;
    }

    private async Task<ResourceState?> CallAsync(PlannedStep step)
    {
        var state = step.New ?? step.Old!;
        if (!Calls(step))
        {
            return step.Kind == StepKind.Replace || step.New is null ? step.New
                : step.Kind == StepKind.Same ? Marked(step.New, step.New.Outputs)
                : Stamped(Marked(step.New, step.New.Outputs), step.Kind is StepKind.Create or StepKind.CreateReplacement);
        }

        var provider = await _providers.GetAsync(Urns.Package(state.Type));
        var key = new ResourceKey(state.Urn, state.Type, state.Name);
        switch (step.Kind)
        {
            case StepKind.Create or StepKind.CreateReplacement:
                var created = await provider.CreateAsync(
                    new CreateRequest(key, state.Inputs, state.CustomTimeouts?.Create, _preview, Status)
                    {
                        Interrupted = step.Interrupted ? new Interruption(KnownIds(state.Type)) : null,
                        WorkingDirectory = _workingDirectory,
                    },
                    _control.GivingUp);
                if (!_preview && created.Id.Length == 0)
                {
                    throw new InvalidOperationException("the provider gave the new resource no id");
                }

                return Stamped(Finished(state, created.Outputs) with { Id = created.Id }, true);
            case StepKind.Update:
                var old = step.Old!;
                var outputs = await provider.UpdateAsync(
                    new UpdateRequest(key, old.Id, old.Inputs, old.Outputs, state.Inputs, state.CustomTimeouts?.Update, _preview, Status)
                    {
                        IsRepeated = old.InitErrors.Length > 0,
                        WorkingDirectory = _workingDirectory,
                    },
                    _control.GivingUp);
                return Stamped(Finished(state, outputs), false);
            default:
                if (!_preview)
                {
                    await provider.DeleteAsync(
                        new DeleteRequest(key, state.Id, state.Inputs, state.Outputs, state.CustomTimeouts?.Delete, Status), _control.GivingUp);
                }

                return null;
        }

        void Status(string line) => _events.Status(state.Urn, line);
    }

    private HashSet<string> KnownIds(string type) =>
        _keeper.Current.Resources.Where(r => r.Type == type && r.Id.Length > 0).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);

    private ResourceState Finished(ResourceState state, PropertyMap outputs)
    {
        if (!_preview && outputs.ContainsUnknown)
        {
            throw new InvalidOperationException("the provider gave back values that are still unknown");
        }

        return Marked(state, outputs);
    }

    // This runs after every step: a value can become a secret without another change.
    private ResourceState Marked(ResourceState state, PropertyMap outputs)
    {
        if (!state.Custom)
        {
            return state;
        }

        var marked = SecretMarks.Mark(outputs, state.Inputs, state.AdditionalSecretOutputs);
        _mask.AddOutputs(marked, state.AdditionalSecretOutputs);
        return state with { Outputs = marked };
    }

    private ResourceState Stamped(ResourceState state, bool isNew)
    {
        var now = _clock.GetUtcNow();
        return state with { Created = isNew ? now : state.Created, Modified = now };
    }

    // The resource exists but is not ready. The state keeps it with the errors, so that the next run tries again.
    private ResourceState Partial(PlannedStep step, ResourceInitException e)
    {
        var state = Finished(step.New!, e.Outputs) with { InitErrors = [.. e.Reasons] };
        return step.Kind == StepKind.Update
            ? Stamped(state with { Inputs = step.Old!.Inputs }, false)
            : Stamped(state with { Id = e.Id }, true);
    }

    private void Complete(PlannedStep step, ResourceState? result, PendingOperation? pending)
    {
        switch (step.Kind)
        {
            case StepKind.Replace:
                break;
            case StepKind.Delete:
            case StepKind.DeleteReplaced when step.OldIsGone:
                _keeper.Drop(step.Old!, pending);
                break;
            case StepKind.DeleteReplaced:
                _keeper.AwaitReplacement(step.Old!, pending);
                break;
            case StepKind.CreateReplacement:
                _keeper.Put(result!, step.Old, keepOld: !step.OldIsGone, pending);
                break;
            default:
                _keeper.Put(result!, step.Old, operation: pending);
                break;
        }
    }
}
