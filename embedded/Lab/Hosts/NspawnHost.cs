using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>Machines run by systemd-nspawn over an overlay on the base image, each in a network namespace of its own.</summary>
/// <param name="options">Where the lab lives.</param>
/// <param name="baseImage">The tree that all machines share.</param>
/// <param name="keyFile">The public key of the packages that machines install.</param>
/// <remarks>
/// The namespace and the supervising script outlive a reboot of the machine and the death of the daemon; what is there is read from this machine each time,
/// so that a new daemon finds it.
/// </remarks>
internal sealed class NspawnHost(LabOptions options, string baseImage, string keyFile) : IMachineHost
{
    /// <summary>DigitalOcean gives a guest this long, then its action fails.</summary>
    private static readonly TimeSpan GuestLimit = TimeSpan.FromSeconds(60);

    /// <summary>The rules on each machine, and the wiring that they were set on.</summary>
    private readonly ConcurrentDictionary<long, (string Wiring, string Rules)> appliedFirewalls = new();

    private readonly MachineView view = new(options);

    /// <summary>Makes the public bridge and closes this machine to the droplets but for the package server.</summary>
    public async Task PrepareAsync()
    {
        // A shell reads its script as it goes, so one that runs is replaced and not written over.
        await OwnScript.WriteAsync("droplet.sh", options.SupervisorFile + ".new");
        File.Move(options.SupervisorFile + ".new", options.SupervisorFile, overwrite: true);
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
        var paths = view.Paths(spec.Id);
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

        var paths = view.Paths(id);
        if (State(id) == MachineState.Lost)
        {
            // The supervisor may have been killed without the machine. A second machine on the same disk would damage it.
            await Cleaner.KillAsync(options, view.Machine(id));
        }

        File.Delete(paths.Pid);
        File.Delete(paths.Exit);
        // --fork and a session of its own: no child of the daemon, so that neither its death nor a terminal ends the droplet.
        await Shell.RunAsync("setsid", ["--fork", options.SupervisorFile, paths.Run, paths.Root, view.Machine(id), view.Namespace(id), view.PublicLink(id), view.PrivateLink(id)]);
        if (!await Until.TrueAsync(() => view.Leader(id) is not null || File.Exists(paths.Exit), TimeSpan.FromSeconds(30)) || File.Exists(paths.Exit))
        {
            throw new LabException($"droplet {id} does not boot: {Tail(paths.Console)}");
        }
    }

    public async Task PowerOffAsync(long id)
    {
        if (State(id) == MachineState.Running)
        {
            await Cleaner.KillAsync(options, view.Machine(id));
            await Shell.RunAsync("ip", ["-batch", "-"], $"link set {view.PublicLink(id)} down\nlink set {view.PrivateLink(id)} down\n");
            await File.WriteAllTextAsync(view.Paths(id).Exit, "137\n");
        }
    }

    public async Task<bool> ShutdownAsync(long id)
    {
        view.Leader(id)?.Signal(LinuxProcess.SystemdPowerOff);
        return await Until.TrueAsync(() => State(id) != MachineState.Running, GuestLimit);
    }

    public async Task<bool> RebootAsync(long id)
    {
        var before = view.Leader(id);
        before?.Signal(LinuxProcess.SystemdReboot);
        return await Until.TrueAsync(() => view.Leader(id) is { } now && now != before, GuestLimit);
    }

    public async Task DestroyAsync(long id)
    {
        var paths = view.Paths(id);
        if (File.Exists(paths.Links))
        {
            File.Delete(paths.Links);
        }

        await Cleaner.KillAsync(options, view.Machine(id));
        if (IsMounted(paths.Root))
        {
            await Cleaner.UnmountAsync(paths.Root);
        }

        await Cleaner.RemoveNamespaceAsync(view.Machine(id));
        await Cleaner.RemoveLinkAsync(view.PublicLink(id));
        await Cleaner.RemoveLinkAsync(view.PrivateLink(id));
        Cleaner.RemoveControlGroups(view.Machine(id));
        Cleaner.RemoveFolder(paths.Run);
        Cleaner.RemoveFolder(paths.Disk);
        appliedFirewalls.TryRemove(id, out _);
    }

    public Task RemoveNetworkAsync(int network) => Cleaner.RemoveLinkAsync(view.PrivateBridge(network));

    public MachineState State(long id) => view.State(id);

    public async Task SetFirewallAsync(long id, string rules)
    {
        // A namespace shows before it can be entered, so only one that was noted as whole counts.
        if (Wiring(id) is not { } wiring || (appliedFirewalls.TryGetValue(id, out var applied) && applied == (wiring, rules)))
        {
            return;
        }

        // A droplet may be removed meanwhile, or be connected again, which sets its rules.
        var result = await Shell.TryAsync("ip", ["netns", "exec", view.Machine(id), "nft", "-f", "-"], rules);
        if (result.IsSuccess)
        {
            appliedFirewalls[id] = (wiring, rules);
        }
        else if (Wiring(id) == wiring)
        {
            throw new LabException($"the firewall of droplet {id} cannot be set: {result.StandardError.Trim()}");
        }
    }

    /// <summary>The name of a machine's present wiring, or null where it has none that is whole.</summary>
    private string? Wiring(long id)
    {
        try
        {
            return File.ReadAllText(view.Paths(id).Links);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task PrepareLinksAsync(MachineSpec spec)
    {
        var bridge = view.PrivateBridge(spec.Network);
        if (!Directory.Exists($"/sys/class/net/{bridge}"))
        {
            // Droplets of one VPC are created in parallel: the second one finds the bridge.
            await Shell.TryAsync("ip", ["link", "add", bridge, "type", "bridge"]);
            await Shell.RunAsync("ip", ["link", "set", bridge, "up"]);
        }

        var machine = view.Machine(spec.Id);
        var done = view.Paths(spec.Id).Links;
        if (File.Exists(view.Namespace(spec.Id)) && File.Exists(done))
        {
            return;
        }

        Directory.CreateDirectory(view.Paths(spec.Id).Run);
        File.Delete(done);
        await Cleaner.RemoveNamespaceAsync(machine);
        await Cleaner.RemoveLinkAsync(view.PublicLink(spec.Id));
        await Cleaner.RemoveLinkAsync(view.PrivateLink(spec.Id));
        await Shell.RunAsync("ip", ["-batch", "-"], $"""
            netns add {machine}
            link add {view.PublicLink(spec.Id)} type veth peer name eth0 netns {machine}
            link add {view.PrivateLink(spec.Id)} type veth peer name eth1 netns {machine}
            link set {view.PublicLink(spec.Id)} master {options.PublicBridge}
            link set {view.PrivateLink(spec.Id)} master {bridge}

            """);
        await Shell.RunAsync("ip", ["-n", machine, "-batch", "-"], $"""
            link set lo up
            addr add {spec.PublicAddress}/24 dev eth0
            addr add {spec.PrivateAddress}/{spec.PrivatePrefixLength} dev eth1
            link set eth0 up
            link set eth1 up
            route add default via {options.HostAddress}

            """);
        await File.WriteAllTextAsync(done, Guid.NewGuid().ToString());
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
        File.Copy(keyFile, Path.Combine(root, "usr/share/keyrings/mesos-stack-lab.asc"), overwrite: true);
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
}
