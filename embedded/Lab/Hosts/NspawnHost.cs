using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Machines run by systemd-nspawn over an overlay on the base image, each in a network namespace of its own.</summary>
/// <remarks>
/// The namespace and the supervising script outlive a reboot of the machine and the death of the daemon; what is there is read from this machine each time,
/// so that a new daemon finds it.
/// </remarks>
internal sealed class NspawnHost(LabOptions options, string baseImage) : IMachineHost
{
    /// <summary>DigitalOcean gives a guest this long, then its action fails.</summary>
    private static readonly TimeSpan GuestLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<long, string> appliedFirewalls = new();

    /// <summary>Makes the public bridge and closes this machine to the droplets but for the package server.</summary>
    public async Task PrepareNetworkAsync()
    {
        var bridge = options.PublicBridge;
        var prefix = options.Prefix;
        if (!Directory.Exists($"/sys/class/net/{bridge}"))
        {
            // Links are made and set up in one batch: a bridge that exists is also complete.
            await Shell.RunAsync("ip", ["-batch", "-"], $"""
                link add {bridge} type bridge
                addr add {options.HostAddress}/24 dev {bridge}
                link set {bridge} up

                """);
        }

        // Droplets reach the package server and nothing else here, and nothing is forwarded from or to them.
        await Shell.RunAsync("nft", ["-f", "-"], $$"""
            table inet {{prefix}} {}
            flush table inet {{prefix}}
            table inet {{prefix}} {
              chain input {
                type filter hook input priority -10; policy accept;
                iifname != "{{prefix}}-*" accept
                ct state established,related accept
                meta l4proto { icmp, ipv6-icmp } accept
                iifname "{{bridge}}" ip daddr {{options.HostAddress}} tcp dport {{options.PackagePort}} accept
                drop
              }
              chain forward {
                type filter hook forward priority -10; policy accept;
                iifname "{{prefix}}-*" oifname != "{{prefix}}-*" drop
                iifname != "{{prefix}}-*" oifname "{{prefix}}-*" drop
              }
            }

            """);
    }

    public async Task PrepareAsync(MachineSpec spec)
    {
        await PrepareLinksAsync(spec);
        var paths = Paths(spec.Id);
        if (IsMounted(paths.Root))
        {
            return;
        }

        var firstBoot = !File.Exists(paths.Ready);
        foreach (var path in new[] { paths.Upper, paths.Work, paths.Root })
        {
            Directory.CreateDirectory(path);
        }

        await Shell.RunAsync("mount",
            ["-t", "overlay", "-o", $"lowerdir={baseImage},upperdir={paths.Upper},workdir={paths.Work}", options.MachinePrefix + spec.Id, paths.Root]);
        if (firstBoot)
        {
            await WriteMetadataAsync(spec, paths.Root);
            await File.WriteAllTextAsync(paths.Ready, "");
        }
    }

    public async Task StartAsync(long id)
    {
        if (State(id) == MachineState.Running)
        {
            return;
        }

        var paths = Paths(id);
        File.Delete(paths.Pid);
        File.Delete(paths.Exit);
        var script = Path.Combine(options.RunDirectory, "droplet.sh");
        if (!File.Exists(script))
        {
            await Shell.WriteScriptAsync("droplet.sh", script);
        }

        // --fork and a session of its own: no child of the daemon, so that neither its death nor a terminal ends the droplet.
        await Shell.RunAsync("setsid", ["--fork", script, paths.Run, paths.Root, Machine(id), Namespace(id)]);
        if (!await Until.TrueAsync(() => Leader(id) is not null || File.Exists(paths.Exit), TimeSpan.FromSeconds(30)) || File.Exists(paths.Exit))
        {
            throw new LabException($"droplet {id} does not boot: {Tail(paths.Console)}");
        }
    }

    public async Task PowerOffAsync(long id)
    {
        if (Nspawn(id) is { } nspawn)
        {
            var leader = nspawn.Child();
            leader?.Signal(LinuxProcess.Kill);
            if (!await EndedAsync(id, TimeSpan.FromSeconds(10)))
            {
                throw new LabException($"droplet {id} does not end.");
            }
        }
    }

    public async Task<bool> ShutdownAsync(long id)
    {
        Leader(id)?.Signal(LinuxProcess.SystemdPowerOff);
        return await EndedAsync(id, GuestLimit);
    }

    public async Task<bool> RebootAsync(long id)
    {
        var before = Leader(id);
        before?.Signal(LinuxProcess.SystemdReboot);
        return await Until.TrueAsync(() => Leader(id) is { } now && now != before, GuestLimit);
    }

    public async Task DestroyAsync(long id)
    {
        await Cleaner.KillAsync(options, Machine(id));
        var paths = Paths(id);
        if (IsMounted(paths.Root))
        {
            await Cleaner.UnmountAsync(paths.Root);
        }

        await Cleaner.RemoveNamespaceAsync(Machine(id));
        await Cleaner.RemoveLinkAsync(PublicLink(id));
        await Cleaner.RemoveLinkAsync(PrivateLink(id));
        Cleaner.RemoveControlGroups(Machine(id));
        Cleaner.RemoveFolder(paths.Run);
        Cleaner.RemoveFolder(paths.Disk);
        appliedFirewalls.TryRemove(id, out _);
    }

    public Task RemoveNetworkAsync(int network) => Cleaner.RemoveLinkAsync(PrivateBridge(network));

    public async Task SetFirewallAsync(long id, string rules)
    {
        if (!File.Exists(Namespace(id)) || (appliedFirewalls.TryGetValue(id, out var applied) && applied == rules))
        {
            return;
        }

        // A droplet may vanish meanwhile; that is for its removal to report.
        var (code, _, error) = await Shell.TryAsync("ip", ["netns", "exec", Machine(id), "nft", "-f", "-"], rules);
        if (code == 0)
        {
            appliedFirewalls[id] = rules;
        }
        else if (File.Exists(Namespace(id)))
        {
            throw new LabException($"the firewall of droplet {id} cannot be set: {error.Trim()}");
        }
    }

    public MachineState State(long id)
    {
        var paths = Paths(id);
        return LinuxProcess.FromFile(paths.Pid) is not null ? MachineState.Running
            : File.Exists(paths.Exit) ? MachineState.Off
            : MachineState.Lost;
    }

    /// <summary>The machine's PID 1 as this machine sees it, or null where none runs.</summary>
    public LinuxProcess? Leader(long id) => Nspawn(id)?.Child() is { } child && !child.CommandLine().Contains("--machine=" + Machine(id)) ? child : null;

    /// <summary>Where a machine's console goes.</summary>
    public string ConsoleFile(long id) => Paths(id).Console;

    private string Machine(long id) => options.MachinePrefix + id;

    private string Namespace(long id) => "/run/netns/" + Machine(id);

    private string PublicLink(long id) => $"{options.Prefix}p{id}";

    private string PrivateLink(long id) => $"{options.Prefix}v{id}";

    private string PrivateBridge(int network) => $"{options.Prefix}-v{network}";

    private MachinePaths Paths(long id)
    {
        var name = id.ToString(CultureInfo.InvariantCulture);
        return new MachinePaths(Path.Combine(options.RunDirectory, "droplets", name), Path.Combine(options.StateDirectory, "droplets", name));
    }

    private LinuxProcess? Nspawn(long id)
    {
        var path = Paths(id).NspawnPid;
        return State(id) == MachineState.Running && File.Exists(path)
            && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var pid)
            && LinuxProcess.Find(pid) is { } process && process.CommandLine().Contains("--machine=" + Machine(id))
                ? process
                : null;
    }

    private Task<bool> EndedAsync(long id, TimeSpan limit) => Until.TrueAsync(() => State(id) != MachineState.Running, limit);

    private async Task PrepareLinksAsync(MachineSpec spec)
    {
        var bridge = PrivateBridge(spec.Network);
        if (!Directory.Exists($"/sys/class/net/{bridge}"))
        {
            // Droplets of one VPC are made at once: whoever comes second finds the bridge there.
            await Shell.TryAsync("ip", ["link", "add", bridge, "type", "bridge"]);
            await Shell.RunAsync("ip", ["link", "set", bridge, "up"]);
        }

        var machine = Machine(spec.Id);
        var done = Path.Combine(Paths(spec.Id).Run, "links");
        if (File.Exists(Namespace(spec.Id)) && File.Exists(done))
        {
            return;
        }

        await Cleaner.RemoveNamespaceAsync(machine);
        await Cleaner.RemoveLinkAsync(PublicLink(spec.Id));
        await Cleaner.RemoveLinkAsync(PrivateLink(spec.Id));
        appliedFirewalls.TryRemove(spec.Id, out _);
        await Shell.RunAsync("ip", ["-batch", "-"], $"""
            netns add {machine}
            link add {PublicLink(spec.Id)} type veth peer name eth0 netns {machine}
            link add {PrivateLink(spec.Id)} type veth peer name eth1 netns {machine}
            link set {PublicLink(spec.Id)} master {options.PublicBridge} up
            link set {PrivateLink(spec.Id)} master {bridge} up

            """);
        await Shell.RunAsync("ip", ["-n", machine, "-batch", "-"], $"""
            link set lo up
            addr add {spec.PublicAddress}/24 dev eth0
            addr add {spec.PrivateAddress}/{spec.PrivatePrefixLength} dev eth1
            link set eth0 up
            link set eth1 up
            route add default via {options.HostAddress}

            """);
        Directory.CreateDirectory(Paths(spec.Id).Run);
        await File.WriteAllTextAsync(done, "");
    }

    private async Task WriteMetadataAsync(MachineSpec spec, string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "etc/ssh"));
        await WriteAsync("etc/hostname", spec.Name + "\n");
        await WriteAsync("etc/hosts", $"127.0.1.1 {spec.Name}\n127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n");
        await WriteAsync("etc/machine-id", Guid.NewGuid().ToString("N") + "\n");
        await WriteAsync("etc/default/lab-first-boot-upgrade", string.Create(CultureInfo.InvariantCulture, $"HOLD={options.AptLockSeconds}\n"));
        await WriteAsync("etc/motd",
            $"\nThis is {spec.Name}, a droplet of the lab: a systemd-nspawn machine on your own machine, no host of DigitalOcean's.\n\n");
        File.Copy(Path.Combine(options.RepositoryDirectory, Repository.PackageRepositories.KeyFile),
            Path.Combine(root, "usr/share/keyrings/mesos-stack-lab.asc"), overwrite: true);
        await WriteAsync("etc/apt/sources.list", $"deb [signed-by=/usr/share/keyrings/mesos-stack-lab.asc] {options.PackageAddress}debian bookworm main\n");
        var ssh = Directory.CreateDirectory(Path.Combine(root, "root/.ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var keys = Path.Combine(ssh, "authorized_keys");
        await File.WriteAllTextAsync(keys, string.Concat(spec.AuthorizedKeys.Select(k => k + "\n")));
        File.SetUnixFileMode(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var hostKey = Path.Combine(root, "etc/ssh/ssh_host_ed25519_key");
        File.Delete(hostKey);
        await Shell.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "root@" + spec.Name, "-f", hostKey]);

        Task WriteAsync(string path, string text) => File.WriteAllTextAsync(Path.Combine(root, path), text, new UTF8Encoding(false));
    }

    private static bool IsMounted(string path) => Cleaner.MountPoints().Contains(path);

    private static string Tail(string path) => File.Exists(path) ? string.Join(" | ", File.ReadLines(path).TakeLast(3)) : "no console";

    private sealed record MachinePaths(string Run, string Disk)
    {
        public string Root => Path.Combine(Run, "root");
        public string Pid => Path.Combine(Run, "pid");
        public string NspawnPid => Path.Combine(Run, "nspawn.pid");
        public string Exit => Path.Combine(Run, "exit");
        public string Console => Path.Combine(Run, "console.log");
        public string Upper => Path.Combine(Disk, "upper");
        public string Work => Path.Combine(Disk, "work");

        /// <summary>Present once all metadata is on the disk.</summary>
        public string Ready => Path.Combine(Disk, "ready");
    }
}
