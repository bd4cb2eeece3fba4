using System.Collections.Concurrent;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Takes the program's registrations: plans them one after the other, takes their steps side by side.</summary>
internal sealed class Registrar(Ledger ledger, StepPlanner planner, StepExecutor executor, SnapshotKeeper keeper, EventSink events, RunControl control) : IDisposable
{
    private readonly SemaphoreSlim _planning = new(1);
    private readonly ConcurrentBag<Task> _work = [];
    private readonly ConcurrentDictionary<string, bool> _completed = new(StringComparer.Ordinal);

    /// <summary>The URN of the stack's resource; "" before it is registered.</summary>
    public string StackUrn { get; private set; } = "";

    /// <summary>The stack's outputs; null where the program has not given any.</summary>
    public PropertyMap? StackOutputs { get; private set; }

    /// <summary>Registers a resource; returns when its steps are taken and saved.</summary>
    /// <exception cref="OperationCanceledException">The operation stops.</exception>
    public Task<ResourceState> RegisterAsync(Goal goal)
    {
        var work = Task.Run(() => WorkAsync(goal));
        _work.Add(work);
        return work.WaitAsync(control.Stopping);
    }

    /// <summary>Takes the outputs of a component or of the stack.</summary>
    /// <exception cref="PlanningException">It was not registered, or has given its outputs before.</exception>
    public void RegisterOutputs(string urn, PropertyMap outputs)
    {
        if (!ledger.IsRegistered(urn) || !_completed.TryAdd(urn, true))
        {
            throw new PlanningException(urn, $"the program gives outputs to {urn}, which it has not registered or has given its outputs before");
        }

        if (urn == StackUrn)
        {
            StackOutputs = outputs;
        }
        else
        {
            keeper.SetOutputs(urn, outputs);
        }
    }

    /// <summary>Returns when all that was begun has ended.</summary>
    public async Task DrainAsync()
    {
        foreach (var work in _work)
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _planning.Dispose();

    private async Task<ResourceState> WorkAsync(Goal goal)
    {
        var (urn, taken) = await BeginAsync(goal);
        return await taken ? keeper.Find(urn) : throw new OperationCanceledException();
    }

    private async Task<(string Urn, Task<bool> Taken)> BeginAsync(Goal goal)
    {
        await _planning.WaitAsync(control.Stopping);
        try
        {
            control.Stopping.ThrowIfCancellationRequested();
            var plan = await planner.PlanAsync(goal, control.Stopping);
            if (goal.Type == Urns.StackType)
            {
                StackUrn = plan.Urn;
            }

            var taken = Task.Run(() => executor.RunAsync(plan.Steps, plan.After));
            foreach (var step in plan.Steps.Where(s => s.Kind == StepKind.DeleteReplaced))
            {
                ledger.MadeRoom(step.Old!, taken);
            }

            return (plan.Urn, taken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !control.Stopping.IsCancellationRequested)
        {
            var urn = e is PlanningException planning ? planning.Urn : ledger.Urn(goal.Parent, goal.Type, goal.Name);
            var message = e is PlanningException or ProviderException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            control.Fail();
            events.Tell(DiagnosticSeverity.Error, urn, message);
            throw new OperationCanceledException();
        }
        finally
        {
            _planning.Release();
        }
    }
}
