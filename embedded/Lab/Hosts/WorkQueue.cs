namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Work on machines in the background: one at a time for each droplet, in the order it was asked for.</summary>
/// <param name="log">Where failed work is told.</param>
internal sealed class WorkQueue(Action<string> log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, SemaphoreSlim> turns = [];
    private readonly HashSet<Task> background = [];

    /// <summary>Does work on a droplet after the work that was asked for before.</summary>
    public void Run(long id, Func<Task> work)
    {
        lock (gate)
        {
            if (!turns.TryGetValue(id, out var turn))
            {
                turns[id] = turn = new SemaphoreSlim(1);
            }

            var entered = turn.WaitAsync();
            var task = Task.Run(async () =>
            {
                await entered;
                try
                {
                    await work();
                }
                catch (OperationCanceledException)
                {
                    // The daemon ends. The next daemon resumes this work.
                }
                catch (Exception e)
                {
                    // Nobody awaits this task, so its error is logged here. Of the lab's own errors the message is enough.
                    log($"droplet {id}: {(e is LabException ? e.Message : e)}");
                }
                finally
                {
                    turn.Release();
                }
            });
            background.Add(task);
            _ = task.ContinueWith(done =>
            {
                lock (gate)
                {
                    background.Remove(done);
                }
            }, TaskScheduler.Default);
        }
    }

    /// <summary>Forgets a droplet that is gone.</summary>
    public void Forget(long id)
    {
        lock (gate)
        {
            turns.Remove(id);
        }
    }

    /// <summary>Waits for all work that was asked for until now.</summary>
    public async Task DrainAsync()
    {
        Task[] all;
        lock (gate)
        {
            all = [.. background];
        }

        await Task.WhenAll(all);
    }
}
