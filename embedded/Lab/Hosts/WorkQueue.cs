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
                    // The daemon ends; the next one takes it up.
                }
                catch (Exception e)
                {
                    // Nobody waits for this task, so whatever it is is told here. What only the lab's own errors mean is their message.
                    log($"droplet {id}: {(e is LabException ? e.Message : e)}");
                }
                finally
                {
                    turn.Release();
                }
            });
            background.Add(task);
            task.ContinueWith(done =>
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
