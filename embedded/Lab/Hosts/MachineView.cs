using System.Globalization;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Names and files of the lab's machines, and how they are right now: read from this machine each time, so that every process of the lab sees the same.</summary>
/// <param name="options">Where the lab lives.</param>
internal sealed class MachineView(LabOptions options)
{
    /// <summary>How a machine is right now.</summary>
    public MachineState State(long id)
    {
        var paths = Paths(id);
        return LinuxProcess.FromFile(paths.Pid) is not null ? MachineState.Running
            : File.Exists(paths.Exit) ? MachineState.Off
            : MachineState.Lost;
    }

    /// <summary>The machine's PID 1 as this machine sees it, or null where none runs.</summary>
    public LinuxProcess? Leader(long id) => Nspawn(id)?.Children() is [var child, ..] && !child.CommandLine().Contains("--machine=" + Machine(id)) ? child : null;

    /// <summary>Where a machine's console goes.</summary>
    public string ConsoleFile(long id) => Paths(id).Console;

    public string Machine(long id) => options.MachinePrefix + id;

    public string Namespace(long id) => "/run/netns/" + Machine(id);

    public string PublicLink(long id) => $"{options.Prefix}p{id}";

    public string PrivateLink(long id) => $"{options.Prefix}v{id}";

    public string PrivateBridge(int network) => $"{options.Prefix}-v{network}";

    public MachinePaths Paths(long id)
    {
        var name = id.ToString(CultureInfo.InvariantCulture);
        return new MachinePaths(Path.Combine(options.RunDirectory, "droplets", name), Path.Combine(options.StateDirectory, "droplets", name));
    }

    private LinuxProcess? Nspawn(long id) =>
        State(id) == MachineState.Running && LinuxProcess.FromNumberFile(Paths(id).NspawnPid) is { } process
        && process.CommandLine().Contains("--machine=" + Machine(id))
            ? process
            : null;
}

/// <summary>The files of one machine.</summary>
/// <param name="Run">Folder of what is gone with the next start of this machine.</param>
/// <param name="Disk">Folder of its disk.</param>
internal sealed record MachinePaths(string Run, string Disk)
{
    public string Root => Path.Combine(Run, "root");

    /// <summary>Present while its network namespace and both links are there and whole.</summary>
    public string Links => Path.Combine(Run, "links");

    public string Pid => Path.Combine(Run, "pid");
    public string NspawnPid => Path.Combine(Run, "nspawn.pid");
    public string Exit => Path.Combine(Run, "exit");
    public string Console => Path.Combine(Run, "console.log");
    public string Upper => Path.Combine(Disk, "upper");
    public string Work => Path.Combine(Disk, "work");

    /// <summary>Present once all metadata is on the disk.</summary>
    public string Ready => Path.Combine(Disk, "ready");
}
