using System.Globalization;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Finds what a lab made on this machine, by its prefix and its folders, and removes it: also what a killed lab left.</summary>
internal static class Cleaner
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(15);

    /// <summary>Removes everything but the cache.</summary>
    public static async Task RemoveAllAsync(LabOptions options, Action<string> progress)
    {
        var machines = Machines(options).ToList();
        if (machines.Count > 0)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"ending {machines.Count} droplet(s)"));
        }

        await Task.WhenAll(machines.Select(machine => KillAsync(options, machine)));
        progress("removing mounts, links, rules and files");
        foreach (var mount in MountPoints().Where(m => m.StartsWith(options.RunDirectory + "/", StringComparison.Ordinal)).OrderByDescending(m => m.Length))
        {
            await UnmountAsync(mount);
        }

        foreach (var machine in machines)
        {
            await RemoveNamespaceAsync(machine);
            RemoveControlGroups(machine);
        }

        foreach (var link in Links(options).ToList())
        {
            await RemoveLinkAsync(link);
        }

        if (Shell.Find("nft") is not null && (await Shell.TryAsync("nft", ["list", "table", "inet", options.Prefix])).Code == 0)
        {
            await Shell.RunAsync("nft", ["delete", "table", "inet", options.Prefix]);
        }

        RemoveFolder(options.RunDirectory);
        RemoveFolder(options.StateDirectory);
    }

    /// <summary>Whatever of a lab is still on this machine, each in a few words; nothing after <see cref="RemoveAllAsync"/>.</summary>
    public static IReadOnlyList<string> Leftovers(LabOptions options) =>
    [
        .. Machines(options).Select(m => "machine " + m),
        .. MountPoints().Where(m => m.StartsWith(options.RunDirectory + "/", StringComparison.Ordinal)).Select(m => "mount " + m),
        .. Links(options).Select(l => "link " + l),
    ];

    /// <summary>Ends a machine: its supervisor first, so that nobody starts it again, then nspawn and every process in its control group.</summary>
    /// <exception cref="LabException">A process does not end.</exception>
    public static async Task KillAsync(LabOptions options, string machine)
    {
        var end = DateTime.UtcNow + KillLimit;
        while (Processes(options, machine) is { Count: > 0 } processes)
        {
            if (DateTime.UtcNow > end)
            {
                throw new LabException($"{machine}: processes {string.Join(", ", processes.Select(p => p.Id))} do not end.");
            }

            processes.ForEach(p => p.Signal(LinuxProcess.Kill));
            await Until.TrueAsync(() => !processes.Exists(p => p.Alive), TimeSpan.FromSeconds(2));
        }
    }

    public static async Task UnmountAsync(string path)
    {
        // The last process' references may live a moment longer than itself; the mount leaves the tree at once either way.
        if ((await Shell.TryAsync("umount", [path])).Code != 0 && MountPoints().Contains(path))
        {
            await Shell.RunAsync("umount", ["--lazy", path]);
        }
    }

    public static async Task RemoveNamespaceAsync(string machine)
    {
        if (File.Exists("/run/netns/" + machine))
        {
            await Shell.RunAsync("ip", ["netns", "delete", machine]);
        }
    }

    public static async Task RemoveLinkAsync(string link)
    {
        // Links vanish with the namespace of their peer, at a moment of the kernel's choice.
        if (Directory.Exists("/sys/class/net/" + link)
            && await Shell.TryAsync("ip", ["link", "delete", link]) is { Code: not 0 } result && Directory.Exists("/sys/class/net/" + link))
        {
            throw new LabException($"link {link} cannot be removed: {result.Error.Trim()}");
        }
    }

    public static void RemoveControlGroups(string machine)
    {
        foreach (var path in ControlGroups(machine))
        {
            // Control groups are removed from the inside out, each as an empty folder.
            foreach (var inner in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).OrderByDescending(p => p.Length).Append(path))
            {
                Directory.Delete(inner);
            }
        }
    }

    public static void RemoveFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    public static IReadOnlyList<string> MountPoints() =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4].Replace(@"\040", " ", StringComparison.Ordinal))];

    private static List<LinuxProcess> Processes(LabOptions options, string machine)
    {
        var run = Path.Combine(options.RunDirectory, "droplets", machine[options.MachinePrefix.Length..]);
        var found = LinuxProcess.All().Where(p => p.CommandLine() is { } words && (words.Contains("--machine=" + machine) || words.Contains(run))).ToList();
        foreach (var path in ControlGroups(machine))
        {
            foreach (var file in Directory.EnumerateFiles(path, "cgroup.procs", SearchOption.AllDirectories))
            {
                found.AddRange(File.ReadLines(file).Select(line => LinuxProcess.Find(int.Parse(line, CultureInfo.InvariantCulture))).OfType<LinuxProcess>());
            }
        }

        return [.. found.Distinct()];
    }

    private static HashSet<string> Machines(LabOptions options)
    {
        var names = new HashSet<string>();
        if (Directory.Exists("/run/netns"))
        {
            names.UnionWith(Directory.EnumerateFiles("/run/netns", options.MachinePrefix + "*").Select(Path.GetFileName).OfType<string>());
        }

        names.UnionWith(Hierarchies().SelectMany(h => Directory.EnumerateDirectories(h, options.MachinePrefix + "*")).Select(Path.GetFileName).OfType<string>());
        var runs = Path.Combine(options.RunDirectory, "droplets");
        if (Directory.Exists(runs))
        {
            names.UnionWith(Directory.EnumerateDirectories(runs).Select(d => options.MachinePrefix + Path.GetFileName(d)));
        }

        names.UnionWith(LinuxProcess.All().SelectMany(p => p.CommandLine())
            .Where(w => w.StartsWith("--machine=" + options.MachinePrefix, StringComparison.Ordinal)).Select(w => w["--machine=".Length..]));
        return names;
    }

    private static IEnumerable<string> Links(LabOptions options) =>
        Directory.EnumerateFileSystemEntries("/sys/class/net", options.Prefix + "*").Select(Path.GetFileName).OfType<string>();

    private static IEnumerable<string> Hierarchies() =>
        Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Where(d => File.Exists(Path.Combine(d, "cgroup.procs")));

    private static IEnumerable<string> ControlGroups(string machine) =>
        Hierarchies().Select(h => Path.Combine(h, machine)).Where(Directory.Exists);
}
