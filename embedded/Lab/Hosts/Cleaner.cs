using System.Globalization;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Finds what a lab made on this machine, by its prefix and its folders, and removes it: also what a killed lab left.</summary>
internal static class Cleaner
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ScopeLimit = TimeSpan.FromSeconds(5);

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

        if (Shell.Find("nft") is not null && (await Shell.TryAsync("nft", ["list", "table", "inet", options.Prefix])).IsSuccess)
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

    /// <summary>Ends a machine: its supervisor, so that nobody starts it again, nspawn and what it started, and every process in its control groups.</summary>
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

        // systemd removes a scope that is empty in its own time, and until then refuses another one of that name.
        if (!await Until.TrueAsync(() => ControlGroups.Here.Scopes(machine).Count == 0, ScopeLimit)
            && await Shell.TryAsync("systemctl", ["stop", machine + ".scope"]) is { IsSuccess: false } result && ControlGroups.Here.Scopes(machine).Count > 0)
        {
            throw new LabException($"{machine}: systemd keeps its scope: {result.StandardError.Trim()}");
        }
    }

    public static async Task UnmountAsync(string path)
    {
        // The last process' references may live a moment longer than itself; the mount leaves the tree at once either way.
        if (!(await Shell.TryAsync("umount", [path])).IsSuccess && MountPoints().Contains(path))
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
            && await Shell.TryAsync("ip", ["link", "delete", link]) is { IsSuccess: false } result && Directory.Exists("/sys/class/net/" + link))
        {
            throw new LabException($"link {link} cannot be removed: {result.StandardError.Trim()}");
        }
    }

    public static void RemoveControlGroups(string machine)
    {
        foreach (var path in ControlGroups.Here.Own(machine))
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

    /// <summary>The machine that a process supervises or runs, or null. Others may well name a machine or its folder: an editor, journalctl.</summary>
    /// <param name="options">Where the lab lives.</param>
    /// <param name="words">Its command line.</param>
    /// <param name="program">The program it really is.</param>
    internal static string? MachineOf(LabOptions options, string[] words, Func<string?> program)
    {
        const string Option = "--machine=";
        var runs = Path.Combine(options.RunDirectory, "droplets") + "/";
        var script = Array.IndexOf(words, options.SupervisorFile);
        var name = script >= 0 && script + 1 < words.Length && words[script + 1].StartsWith(runs, StringComparison.Ordinal)
            ? options.MachinePrefix + words[script + 1][runs.Length..]
            : words.FirstOrDefault(w => w.StartsWith(Option, StringComparison.Ordinal)) is { } word && program() == "systemd-nspawn" ? word[Option.Length..] : "";
        return name.StartsWith(options.MachinePrefix, StringComparison.Ordinal)
            && long.TryParse(name[options.MachinePrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? name
            : null;
    }

    private static List<LinuxProcess> Processes(LabOptions options, string machine)
    {
        var found = LinuxProcess.All().Where(p => MachineOf(options, p.CommandLine(), p.Program) == machine).ToList();

        // The machine's own PID 1 does not end with nspawn, and on a machine with systemd is in none of the lab's groups.
        found.AddRange(found.Where(p => p.Program() == "systemd-nspawn").SelectMany(p => p.Children()).ToList());
        return [.. found.Concat(ControlGroups.Here.Processes(machine)).Distinct()];
    }

    private static HashSet<string> Machines(LabOptions options)
    {
        var names = new HashSet<string>();
        if (Directory.Exists("/run/netns"))
        {
            names.UnionWith(Directory.EnumerateFiles("/run/netns", options.MachinePrefix + "*").Select(Path.GetFileName).OfType<string>());
        }

        names.UnionWith(ControlGroups.Here.Machines(options.MachinePrefix));
        var runs = Path.Combine(options.RunDirectory, "droplets");
        if (Directory.Exists(runs))
        {
            names.UnionWith(Directory.EnumerateDirectories(runs).Select(d => options.MachinePrefix + Path.GetFileName(d)));
        }

        names.UnionWith(LinuxProcess.All().Select(p => MachineOf(options, p.CommandLine(), p.Program)).OfType<string>());
        return names;
    }

    private static IEnumerable<string> Links(LabOptions options) =>
        Directory.EnumerateFileSystemEntries("/sys/class/net", options.Prefix + "*").Select(Path.GetFileName).OfType<string>();
}
