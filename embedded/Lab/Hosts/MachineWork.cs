using MesosStack.Embedded.Lab.Api;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>What happens to a droplet after the answer was sent.</summary>
internal sealed class MachineWork(LabState state, IMachineHost host, FirewallSync firewalls, Action<string> log)
{
    private readonly WorkQueue queue = new(log);

    /// <summary>Waits for all work on machines.</summary>
    public Task DrainAsync() => queue.DrainAsync();

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
    public void Provision(DropletRecord droplet, ActionRecord? action) => Run(droplet, () => ProvisionAsync(droplet, action));

    /// <summary>Removes a droplet's machine, then its record.</summary>
    public void Destroy(DropletRecord droplet) => Run(droplet, () => DestroyAsync(droplet));

    /// <summary>Does an action; what it was asked with is not on record, so a later daemon has no <paramref name="request"/>.</summary>
    public void Act(DropletRecord droplet, ActionRecord action, ActionRequest? request) => Run(droplet, () => ActAsync(droplet, action, request));

    private void Run(DropletRecord droplet, Func<Task> work) => queue.Run(droplet.Id, () =>
    {
        // Asked for in the midst of a change: not begun before that is on disk.
        state.Read(_ => true);
        return work();
    });

    private void Finish(ActionRecord? action, bool success) => state.Change(_ => action?.Finish(success));

    private MachineSpec Spec(DropletRecord droplet) => state.Read(records =>
    {
        var vpc = records.Vpc(droplet.VpcId);
        return new MachineSpec(droplet.Id, droplet.HostName, droplet.PublicAddress, droplet.PrivateAddress,
            new Subnet(vpc.IpRange).PrefixLength, vpc.Network, droplet.AuthorizedKeys);
    });

    private async Task ProvisionAsync(DropletRecord droplet, ActionRecord? action)
    {
        try
        {
            await ReviveAsync(droplet);
            state.Change(_ => droplet.Phase = droplet.Phase == DropletPhase.New ? DropletPhase.Active : droplet.Phase);
            Finish(action, success: true);
        }
        catch (LabException)
        {
            Finish(action, success: false);
            throw;
        }
    }

    private async Task ReviveAsync(DropletRecord droplet)
    {
        await host.PrepareAsync(Spec(droplet));
        await firewalls.ApplyAsync();
        await host.StartAsync(droplet.Id);
    }

    private async Task DestroyAsync(DropletRecord droplet)
    {
        await host.DestroyAsync(droplet.Id);
        state.Change(records =>
        {
            records.Droplets.Remove(droplet);
            queue.Forget(droplet.Id);
            foreach (var action in records.Actions.Where(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress))
            {
                action.Status = ActionRecord.Errored;
            }
        });
        await firewalls.ApplyAsync();
    }

    private async Task ActAsync(DropletRecord droplet, ActionRecord action, ActionRequest? request)
    {
        if (droplet.Phase == DropletPhase.Deleting)
        {
            return;
        }

        try
        {
            var success = true;
            switch (action.Type)
            {
                case "power_on":
                    state.Change(_ => droplet.PoweredOn = true);
                    await ReviveAsync(droplet);
                    break;
                case "power_off":
                    await host.PowerOffAsync(droplet.Id);
                    state.Change(_ => droplet.PoweredOn = false);
                    break;
                case "shutdown":
                    success = await host.ShutdownAsync(droplet.Id);
                    state.Change(_ => droplet.PoweredOn = !success);
                    break;
                case "reboot":
                    success = await host.RebootAsync(droplet.Id);
                    break;
                case "power_cycle":
                    await host.PowerOffAsync(droplet.Id);
                    state.Change(_ => droplet.PoweredOn = true);
                    await ReviveAsync(droplet);
                    break;
                case "rename" when request is not null:
                    state.Change(_ => droplet.Name = request.Name!);
                    break;
                case "resize" when request is not null:
                    state.Change(_ =>
                    {
                        droplet.Size = request.Size!;
                        droplet.Disk = request.Disk ? Catalog.FindSize(request.Size)!.Disk : droplet.Disk;
                    });
                    break;
                default:
                    // The daemon died between the answer and the deed, and the wish is not on record: the caller sees it failed.
                    success = false;
                    break;
            }

            Finish(action, success);
        }
        catch (LabException)
        {
            Finish(action, success: false);
            throw;
        }
    }
}
