using System.Globalization;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Where the control groups of machines are: the lab's own, or where systemd is this machine's init the scopes that nspawn asks it for.</summary>
/// <param name="root">Where control groups are mounted.</param>
internal sealed class ControlGroups(string root)
{
    private const string ScopeSuffix = ".scope";

    /// <summary>Those of this machine.</summary>
    public static ControlGroups Here { get; } = new("/sys/fs/cgroup");

    /// <summary>On v2 there is one, whose folders are groups, those of other machines among them; on v1 each folder is one.</summary>
    public IReadOnlyList<string> Hierarchies => File.Exists(Path.Combine(root, "cgroup.controllers"))
        ? [root]
        : [.. Folders(root, "*").Append(root).Where(d => File.Exists(Path.Combine(d, "cgroup.procs")))];

    /// <summary>The groups that the lab's supervisor made for a machine (Scripts/droplet.sh).</summary>
    public IReadOnlyList<string> Own(string machine) => [.. Hierarchies.Select(h => Path.Combine(h, machine)).Where(Directory.Exists)];

    /// <summary>The groups that systemd made for a machine: it removes them itself, once they are empty.</summary>
    public IReadOnlyList<string> Scopes(string machine) =>
        [.. Hierarchies.Select(h => Path.Combine(h, "machine.slice", machine + ScopeSuffix)).Where(Directory.Exists)];

    /// <summary>The machines that have groups of either kind.</summary>
    /// <param name="prefix">What their names begin with.</param>
    public IEnumerable<string> Machines(string prefix) => Hierarchies.SelectMany(h =>
        Folders(h, prefix + "*").Concat(Folders(Path.Combine(h, "machine.slice"), prefix + "*" + ScopeSuffix)).Select(Path.GetFileName).OfType<string>()
            .Select(name => name.EndsWith(ScopeSuffix, StringComparison.Ordinal) ? name[..^ScopeSuffix.Length] : name)).Distinct();

    /// <summary>The processes in all groups of a machine, however deep.</summary>
    public IEnumerable<LinuxProcess> Processes(string machine) =>
        Own(machine).Concat(Scopes(machine)).SelectMany(Members).Select(LinuxProcess.Find).OfType<LinuxProcess>();

    private static List<int> Members(string group)
    {
        var members = new List<int>();
        foreach (var folder in Folders(group, "*", SearchOption.AllDirectories).Append(group))
        {
            try
            {
                members.AddRange(File.ReadAllLines(Path.Combine(folder, "cgroup.procs")).Select(line => int.Parse(line, CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // The kernel lets a group be removed once its last process has ended.
            }
        }

        return members;
    }

    private static string[] Folders(string path, string pattern, SearchOption depth = SearchOption.TopDirectoryOnly)
    {
        try
        {
            return Directory.GetDirectories(path, pattern, depth);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
