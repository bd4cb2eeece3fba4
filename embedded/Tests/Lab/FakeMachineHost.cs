using System.Collections.Concurrent;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Tests.Lab;

/// <summary>Machines that are only remembered.</summary>
internal sealed class FakeMachineHost : IMachineHost
{
    public ConcurrentDictionary<long, MachineState> States { get; } = new();

    public ConcurrentDictionary<long, MachineSpec> Specs { get; } = new();

    public ConcurrentDictionary<long, string> Firewalls { get; } = new();

    /// <summary>What every boot and removal waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Machines whose firewall cannot be set.</summary>
    public ConcurrentDictionary<long, bool> BrokenFirewalls { get; } = new();

    /// <summary>What the next boots and removals fail with, one each.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public Task PrepareAsync(MachineSpec spec)
    {
        Specs[spec.Id] = spec;
        return Task.CompletedTask;
    }

    public async Task StartAsync(long id)
    {
        await Gate;
        Fail();
        States[id] = MachineState.Running;
    }

    public Task PowerOffAsync(long id)
    {
        States[id] = MachineState.Off;
        return Task.CompletedTask;
    }

    public Task<bool> ShutdownAsync(long id)
    {
        States[id] = MachineState.Off;
        return Task.FromResult(true);
    }

    public Task<bool> RebootAsync(long id) => Task.FromResult(true);

    public async Task DestroyAsync(long id)
    {
        await Gate;
        Fail();
        States.TryRemove(id, out _);
        Specs.TryRemove(id, out _);
    }

    public Task RemoveNetworkAsync(int network) => Task.CompletedTask;

    public Task SetFirewallAsync(long id, string rules)
    {
        if (BrokenFirewalls.ContainsKey(id))
        {
            throw new LabException($"the firewall of droplet {id} cannot be set");
        }

        Firewalls[id] = rules;
        return Task.CompletedTask;
    }

    public MachineState State(long id) => States.GetValueOrDefault(id, MachineState.Lost);

    private void Fail()
    {
        if (Failures.TryDequeue(out var failure))
        {
            throw failure;
        }
    }
}
