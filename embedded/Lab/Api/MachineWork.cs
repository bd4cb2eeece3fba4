using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>What happens to a droplet after the answer was sent.</summary>
/// <param name="state">The records.</param>
/// <param name="host">The machines.</param>
/// <param name="firewalls">The rules on them.</param>
/// <param name="log">Where a person reads what went wrong.</param>
/// <param name="logName">Where that is, for messages.</param>
/// <param name="time">What pauses are measured by.</param>
internal sealed class MachineWork(LabState state, IMachineHost host, FirewallSync firewalls, Action<string> log, string logName, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private readonly WorkQueue queue = new(log);
    private readonly CancellationTokenSource ending = new();

    /// <summary>Waits for all work on machines.</summary>
    public Task DrainAsync() => queue.DrainAsync();

    /// <summary>Tries nothing again from now on: that is for the next daemon.</summary>
    public void GiveUp() => ending.Cancel();

    public void Dispose() => ending.Dispose();

    /// <summary>Takes up what an earlier daemon left: finishes what it had begun, and boots what was killed.</summary>
    public void Resume() => state.Change(records =>
    {
        foreach (var droplet in records.Droplets)
        {
            var pending = records.Actions.Where(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress).ToList();
            switch (droplet.Phase)
            {
                case DropletPhase.Deleting:
                    log($"{droplet.Name}: finishing its removal");
                    Destroy(droplet);
                    break;
                case DropletPhase.New:
                    log($"{droplet.Name}: finishing its creation");
                    Provision(droplet, pending.FirstOrDefault(a => a.Type == "create"));
                    break;
                case DropletPhase.Active when pending.Count > 0:
                    pending.ForEach(action => Act(droplet, action, null));
                    break;
                case DropletPhase.Active when droplet.PoweredOn && host.State(droplet.Id) == MachineState.Off:
                    droplet.PoweredOn = false;
                    break;
                case DropletPhase.Active when droplet.PoweredOn:
                    log($"{droplet.Name}: {(host.State(droplet.Id) == MachineState.Running ? "found running" : "was killed, booting it again")}");
                    Run(droplet, () => ReviveAsync(droplet));
                    break;
                default:
                    break;
            }
        }
    });

    /// <summary>Makes and boots a droplet; <paramref name="action"/> tells how that went.</summary>
    public void Provision(DropletRecord droplet, ActionRecord? action) => Run(droplet, () => TellAsync(action, async () =>
    {
        if (droplet.Phase == DropletPhase.Deleting)
        {
            return false;
        }

        await ReviveAsync(droplet);
        return true;
    }));

    /// <summary>Removes a droplet's machine, then its record.</summary>
    public void Destroy(DropletRecord droplet) => Run(droplet, () => DestroyAsync(droplet));

    /// <summary>Does an action; what it was asked with is not on record, so a later daemon has no <paramref name="request"/>.</summary>
    public void Act(DropletRecord droplet, ActionRecord action, ActionRequest? request) =>
        Run(droplet, () => TellAsync(action, () => ActAsync(droplet, action, request)));

    private void Run(DropletRecord droplet, Func<Task> work) => queue.Run(droplet.Id, () =>
    {
        // The action was requested during a change, and begins once that change is on disk.
        state.Read(_ => true);
        return work();
    });

    /// <summary>However work ends, its action does not stay under way: that would lock the droplet for good.</summary>
    private async Task TellAsync(ActionRecord? action, Func<Task<bool>> work)
    {
        var success = false;
        string? message = null;
        try
        {
            success = await work();
        }
        catch (Exception e)
        {
            message = $"{e.Message} (the lab's log: {logName})";
            throw;
        }
        finally
        {
            state.Change(_ => action?.Finish(success, message));
        }
    }

    private MachineSpec Spec(DropletRecord droplet) => state.Read(records =>
    {
        var vpc = records.Vpc(droplet.VpcId);
        return new MachineSpec(droplet.Id, droplet.HostName, droplet.PublicAddress, droplet.PrivateAddress,
            Subnet.Parse(vpc.IpRange).PrefixLength, vpc.Network, droplet.AuthorizedKeys);
    });

    private async Task ReviveAsync(DropletRecord droplet)
    {
        await host.PrepareAsync(Spec(droplet));
        await firewalls.ApplyForAsync(droplet.Id);
        await host.StartAsync(droplet.Id);
        state.Change(_ => droplet.Phase = droplet.Phase == DropletPhase.New ? DropletPhase.Active : droplet.Phase);
    }

    private async Task DestroyAsync(DropletRecord droplet)
    {
        for (var pause = FirstPause; !await TryDestroyAsync(droplet, pause); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, ending.Token);
        }

        state.Change(records =>
        {
            records.Droplets.Remove(droplet);
            queue.Forget(droplet.Id);
            foreach (var action in records.Actions.Where(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress))
            {
                action.Finish(success: false);
            }
        });
        await firewalls.ApplyForAsync(droplet.Id);
    }

    /// <summary>What hinders a removal passes as a rule: a mount in use, a process that the kernel holds. Until then its VPC cannot go either.</summary>
    private async Task<bool> TryDestroyAsync(DropletRecord droplet, TimeSpan pause)
    {
        try
        {
            await host.DestroyAsync(droplet.Id);
            return true;
        }
        catch (Exception e) when (!ending.IsCancellationRequested)
        {
            log($"{droplet.Name}: its removal failed and is tried again in {pause.TotalSeconds:0.#} s: {e.Message}");
            return false;
        }
    }

    private async Task<bool> ActAsync(DropletRecord droplet, ActionRecord action, ActionRequest? request)
    {
        if (droplet.Phase == DropletPhase.Deleting)
        {
            return false;
        }

        switch (action.Type)
        {
            case "power_on":
                state.Change(_ => droplet.PoweredOn = true);
                await ReviveAsync(droplet);
                return true;
            case "power_off":
                await host.PowerOffAsync(droplet.Id);
                state.Change(_ => droplet.PoweredOn = false);
                return true;
            case "shutdown":
                var off = await host.ShutdownAsync(droplet.Id);
                state.Change(_ => droplet.PoweredOn = !off);
                return off;
            case "reboot":
                return await host.RebootAsync(droplet.Id);
            case "rename" when request is not null:
                state.Change(_ => droplet.Name = request.Name!);
                return true;
            case "resize" when request is not null:
                state.Change(_ =>
                {
                    droplet.Size = request.Size!;
                    droplet.Disk = request.Disk ? Catalog.Size(request.Size).Disk : droplet.Disk;
                });
                return true;
            default:
                // The daemon ended after it had answered and before it acted, and the request is not recorded. The action is reported as failed.
                return false;
        }
    }
}
