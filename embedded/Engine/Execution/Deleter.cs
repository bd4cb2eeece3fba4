using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Deletes what is no longer wanted, as far as possible side by side.</summary>
internal sealed class Deleter(Ledger ledger, StepExecutor executor, EventSink events, RunControl control)
{
    /// <summary>Deletes every state that nobody has claimed, and those that were replaced.</summary>
    public async Task RunAsync()
    {
        var blocked = new List<ResourceState>();
        var plan = DeletePlanner.Plan(ledger.Before, ledger.IsClaimed, IsGone, ledger.Superseded, blocked);
        foreach (var state in blocked)
        {
            control.FailLater();
            events.Failed(
                EventSink.Describe(StepKind.Delete, state, null),
                "it is protected and stays: take the option 'protect' from it and run 'up' first to have it deleted",
                TimeSpan.Zero);
        }

        var work = new Task<bool>[plan.Count];
        for (var i = 0; i < plan.Count; i++)
        {
            work[i] = DeleteAsync(plan[i].Step, [.. plan[i].After.Select(place => work[place])]);
        }

        await Task.WhenAll(work);
    }

    // The resource was deleted for a replacement that the program then did not register.
    private bool IsGone(ResourceState state) =>
        !state.Delete && (state.PendingReplacement || ledger.RoomForAsync(state) is not null);

    private async Task<bool> DeleteAsync(PlannedStep step, Task<bool>[] dependents) =>
        (await Task.WhenAll(dependents)).All(gone => gone) && await executor.RunAsync([step], Task.CompletedTask);
}
