using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The parts of the local cloud, put together.</summary>
internal sealed class Cloud : IDisposable
{
    private readonly FirewallSync sync;

    public Cloud(LabOptions options, IMachineHost host, RecordsFile file, Action<string> log, TimeProvider time)
    {
        State = new LabState(file);
        sync = new FirewallSync(State, host, log);
        Work = new MachineWork(State, host, sync, log, options.LogFile, time);
        Keys = new Keys(State);
        Vpcs = new Vpcs(options, State, host);
        Tags = new Tags(State, sync);
        Firewalls = new Firewalls(State, sync);
        Droplets = new Droplets(options, State, Vpcs, host, Work, () => MostDroplets());
    }

    /// <summary>For whom a caller makes droplets; null where that cannot be told.</summary>
    public Func<Caller?, LabUser?> Owner { get; init; } = _ => null;

    /// <summary>How many droplets this machine can run.</summary>
    public Func<int> MostDroplets { get; init; } = () => int.MaxValue;

    public LabState State { get; }

    public MachineWork Work { get; }

    public Keys Keys { get; }

    public Vpcs Vpcs { get; }

    public Tags Tags { get; }

    public Firewalls Firewalls { get; }

    public Droplets Droplets { get; }

    public void Dispose()
    {
        Work.Dispose();
        sync.Dispose();
    }
}
