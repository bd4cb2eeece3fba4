using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Control;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Tests.Lab;

/// <summary>The lab on real machines, beside whatever lab runs with the default addresses. The tests build on one another.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class HostTests
{
    private const string Folder = "/var/tmp/mesos-stack-lab-tests";

    private static readonly LabOptions Options = new()
    {
        ApiPort = 17910,
        PackagePort = 17990,
        PublicRange = "203.0.113.0/24",
        PrivateRange = "198.19.0.0/16",
        Prefix = "mstt",
        StateDirectory = Folder + "/state",
        RunDirectory = Folder + "/run",
        AptLockSeconds = 3,
    };

    private readonly LabController lab = new(Options);
    private readonly Dictionary<string, (long Id, string Public, string Private)> droplets = [];
    private ApiClient api = null!;

    // When the host's systemd started, in microseconds. The time of /proc/1 has a second's precision only, and a host can reboot within one.
    private const string BootTime = "systemctl show --property=UserspaceTimestampMonotonic --value";

    // Of who starts the lab. Only commands that this process starts have it, not this process itself.
    private static readonly string Passphrase = $"planted-{Guid.NewGuid()}";

    private static string KeyFile => Folder + "/key";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (LabController.WhyNotHere() is { } reason)
        {
            Assert.Ignore(reason);
        }

        await lab.StopAsync(TestContext.Out.WriteLine);
        Environment.SetEnvironmentVariable("PULUMI_CONFIG_PASSPHRASE", Passphrase);
        Directory.CreateDirectory(Folder);
        Assert.That(await lab.StartAsync(ServeCommand(), TestContext.Progress.WriteLine), Is.True);
        await lab.WaitUntilReadyAsync();
        api = new ApiClient(Options.ApiAddress);
        File.Delete(KeyFile);
        await RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", KeyFile]);
        var key = await api.AddKeyAsync((await File.ReadAllTextAsync(KeyFile + ".pub")).Trim());
        foreach (var name in new[] { "one", "two" })
        {
            var networks = await api.CreateDropletAsync(name, key, "pair");
            var addresses = networks["networks"]!["v4"]!.AsArray().ToDictionary(n => (string)n!["type"]!, n => (string)n!["ip_address"]!);
            droplets[name] = ((long)networks["id"]!, addresses["public"], addresses["private"]);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (LabController.WhyNotHere() is not null)
        {
            return;
        }

        if (TestContext.CurrentContext.Result.FailCount > 0 && File.Exists(Options.StateDirectory + "/lab.log"))
        {
            TestContext.Progress.WriteLine(await File.ReadAllTextAsync(Options.StateDirectory + "/lab.log"));
        }

        api?.Dispose();
        await lab.StopAsync(TestContext.Out.WriteLine);
        Directory.Delete(Folder, recursive: true);
    }

    [Test]
    public async Task Droplets_are_systemd_hosts_that_root_logs_in_to()
    {
        foreach (var (name, droplet) in droplets)
        {
            await WaitForSshAsync(droplet.Public);
            Assert.That(await SshAsync(droplet.Public, "hostname"), Is.EqualTo(name));
            Assert.That(await SshAsync(droplet.Public, "ps -o comm= 1; systemctl is-system-running --wait"), Is.EqualTo("systemd\nrunning"));
            Assert.That(await SshAsync(droplet.Public, "getent hosts $(hostname)"), Does.StartWith("127.0.1.1"));
            Assert.That(await SshAsync(droplet.Public, "ip -br -4 addr show eth0; ip -br -4 addr show eth1"), Does.Contain(droplet.Public + "/24").And.Contain(droplet.Private + "/20"));
            Assert.That((string?)(await api.DropletAsync(droplet.Id))["status"], Is.EqualTo("active"));
        }
    }

    [Test]
    [DependsOnTest(nameof(Other_users_of_this_machine_reach_neither_disks_nor_the_API))]
    public async Task No_process_of_the_lab_has_the_passphrase_of_who_started_it()
    {
        var marks = droplets.Keys.ToDictionary(name => name, name => $"mark-of-{name}-{Guid.NewGuid()}");
        foreach (var (name, droplet) in droplets)
        {
            await SshAsync(droplet.Public, $"systemd-run --quiet --unit=marked --setenv=MARK={marks[name]} sleep 300");
        }

        var environments = Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)).Select(EnvironmentOf).ToList();
        Assert.That(marks.Values.Where(mark => !environments.Any(text => text.Contains(mark, StringComparison.Ordinal))), Is.Empty, "the hosts' processes are looked at");
        Assert.That(EnvironmentOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{lab.Status().ProcessId}")), Does.Contain("PATH="), "the daemon is looked at");
        Assert.That(environments.Where(text => text.Contains(Passphrase, StringComparison.Ordinal)).Select(text => text.Replace('\0', ' ')), Is.Empty);
        foreach (var droplet in droplets.Values)
        {
            await SshAsync(droplet.Public, "systemctl stop marked");
        }

        static string EnvironmentOf(string process)
        {
            try
            {
                return File.ReadAllText($"{process}/environ");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
                return "";
            }
        }
    }

    [Test]
    [DependsOnTest(nameof(No_process_of_the_lab_has_the_passphrase_of_who_started_it))]
    public async Task Apt_is_held_by_a_first_boot_upgrade_and_then_installs_from_the_lab()
    {
        var host = droplets["one"].Public;
        Assert.That(await SshAsync(host, "systemctl show -P Type lab-first-boot-upgrade"), Is.EqualTo("notify"), "the lock is there before sshd is");
        const string Again = "rm -f /var/lib/mesos-stack-lab/first-boot-done; systemctl restart lab-first-boot-upgrade; ";
        Assert.That(await SshAsync(host, Again + "apt-get -q update 2>&1 || true"), Does.Contain("Could not get lock /var/lib/apt/lists/lock"), "which apt does not wait for");
        Assert.That(await SshAsync(host, Again + "apt-get -q -y -o DPkg::Lock::Timeout=0 install less 2>&1 || true"), Does.Contain("Could not get lock /var/lib/dpkg/lock-frontend"));
        await SshAsync(host, "until apt-get -q update; do sleep 0.2; done; DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=60 install zookeeperd");
        Assert.That(await SshAsync(host, "dpkg-query -W -f '${db:Status-Status}' zookeeperd"), Is.EqualTo("installed"));
        Assert.That(await SshAsync(host, "ls /var/lib/mesos-stack-lab"), Is.EqualTo("first-boot-done"));

        var source = $"deb [signed-by=/usr/share/keyrings/m.asc] {Options.PackageAddress}mesosphere bookworm main";
        await SshAsync(host, $"curl -sSf {Options.PackageAddress}mesosphere.asc -o /usr/share/keyrings/m.asc && echo '{source}' >/etc/apt/sources.list.d/m.list && apt-get -q update");
        Assert.That(await SshAsync(host, "apt-cache madison mesos marathon chronos mesosphere"),
            Does.Contain("mesos |").And.Contain("marathon |").And.Contain("chronos |").And.Contain("mesosphere |"));
    }

    [Test]
    [DependsOnTest(nameof(Apt_is_held_by_a_first_boot_upgrade_and_then_installs_from_the_lab))]
    public async Task Droplets_reach_each_other_and_nothing_of_this_machine_but_its_packages()
    {
        var (one, two) = (droplets["one"], droplets["two"]);
        Assert.That(await SshAsync(one.Public, Probe(two.Private, 22)), Is.EqualTo("open"));
        Assert.That(await SshAsync(one.Public, Probe(two.Public, 22)), Is.EqualTo("open"));
        Assert.That(await SshAsync(one.Public, Probe(Options.HostAddress, Options.PackagePort)), Is.EqualTo("open"));
        using var listener = new TcpListener(System.Net.IPAddress.Parse(Options.HostAddress), 0);
        listener.Start();
        Assert.That(await SshAsync(one.Public, Probe(Options.HostAddress, ((System.Net.IPEndPoint)listener.LocalEndpoint).Port)), Is.EqualTo("closed"));
        foreach (var address in new[] { Options.HostAddress, "127.0.0.1" })
        {
            Assert.That(await SshAsync(one.Public, Probe(address, Options.ApiPort)), Is.EqualTo("closed"), "the API, from a droplet");
        }
    }

    [Test]
    [DependsOnTest(nameof(Droplets_are_systemd_hosts_that_root_logs_in_to))]
    public async Task Other_users_of_this_machine_reach_neither_disks_nor_the_API()
    {
        // The folder that all of the tests is in is open, as /run and /var/cache are.
        var (code, output) = await TryAsync("runuser", ["-u", "nobody", "--", "ls", Folder]);
        Assert.That(code, Is.Zero, output);
        foreach (var folder in new[] { Options.RunDirectory, Options.StateDirectory, Options.CacheDirectory, $"{Options.RunDirectory}/droplets/{droplets["one"].Id}/root/usr/bin" })
        {
            (code, output) = await TryAsync("runuser", ["-u", "nobody", "--", "ls", folder]);
            Assert.That(output, Does.Contain("Permission denied"), folder);
        }

        var request = "printf 'GET /v2/droplets HTTP/1.0\\r\\nAuthorization: Bearer x\\r\\n\\r\\n' >&3; cat <&3";
        (code, output) = await TryAsync("runuser", ["-u", "nobody", "--", "bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{Options.ApiPort}; {request}"]);
        Assert.That(output, Does.StartWith("HTTP/1.1 403"), $"{code}");

        // Inside, users are as on any host.
        Assert.That(await SshAsync(droplets["one"].Public, "runuser -u nobody -- sh -c 'ls -d / /etc/hosts && cat /etc/hostname'"), Does.EndWith("one"));
    }

    [Test]
    [DependsOnTest(nameof(Droplets_reach_each_other_and_nothing_of_this_machine_but_its_packages))]
    public async Task A_firewall_is_enforced_on_both_networks_and_keeps_answers_flowing()
    {
        var (one, two) = (droplets["one"], droplets["two"]);
        await SshAsync(two.Public, "systemd-run -q --unit=web python3 -m http.server 8000; systemd-run -q --unit=web2 python3 -m http.server 9000; sleep 1");
        var ssh = new { protocol = "tcp", ports = "22", sources = new { addresses = new[] { "0.0.0.0/0" } } };
        var web = new { protocol = "tcp", ports = "8000", sources = new { addresses = new[] { one.Private } } };
        var packages = new { protocol = "tcp", ports = $"{Options.PackagePort}", destinations = new { addresses = new[] { "0.0.0.0/0" } } };
        var firewall = (string)(await api.DoAsync(HttpMethod.Post, "firewalls",
            new { name = "two", droplet_ids = new[] { two.Id }, inbound_rules = new object[] { ssh, web }, outbound_rules = new[] { packages } }))!["firewall"]!["id"]!;

        Assert.That(await SshAsync(one.Public, Probe(two.Private, 8000)), Is.EqualTo("open"), "allowed from this address");
        Assert.That(await SshAsync(one.Public, Probe(two.Public, 8000)), Is.EqualTo("closed"), "from its other address");
        Assert.That(await SshAsync(one.Public, Probe(two.Private, 9000)), Is.EqualTo("closed"), "private traffic is not free");
        Assert.That(await SshAsync(two.Public, Probe(one.Public, 22)), Is.EqualTo("closed"), "outbound");
        Assert.That(await SshAsync(two.Public, Probe(Options.HostAddress, Options.PackagePort)), Is.EqualTo("open"), "outbound, allowed");
        Assert.That(await SshAsync(two.Public, "ip link add x type dummy 2>&1 | grep -c 'not permitted'"), Is.EqualTo("1"),
            "root of a droplet cannot change its network");

        await api.DoAsync(HttpMethod.Delete, "firewalls/" + firewall);
        Assert.That(await SshAsync(one.Public, Probe(two.Public, 9000)), Is.EqualTo("open"), "open again");
    }

    [Test]
    [DependsOnTest(nameof(A_firewall_is_enforced_on_both_networks_and_keeps_answers_flowing))]
    public async Task A_reboot_keeps_disk_and_addresses_from_inside_and_from_the_API()
    {
        var host = droplets["two"];
        await SshAsync(host.Public, "echo kept >/root/kept");
        var before = await SshAsync(host.Public, BootTime);
        await SshAsync(host.Public, "systemctl reboot", mayFail: true);
        await WaitForRebootAsync(host.Public, before);
        before = await SshAsync(host.Public, BootTime);
        Assert.That(await api.ActAsync(host.Id, "reboot"), Is.EqualTo("completed"));
        await WaitForRebootAsync(host.Public, before);
        Assert.That(await SshAsync(host.Public, "cat /root/kept; ip -br -4 addr show eth1; systemctl is-system-running --wait"), Does.Match($"kept\n.*{host.Private}/20.*\nrunning"));
    }

    [Test]
    [DependsOnTest(nameof(A_reboot_keeps_disk_and_addresses_from_inside_and_from_the_API))]
    public async Task A_host_that_is_off_answers_nothing_until_power_on()
    {
        var (one, two) = (droplets["one"], droplets["two"]);
        Assert.That(await api.ActAsync(two.Id, "power_off"), Is.EqualTo("completed"));
        Assert.That((string?)(await api.DropletAsync(two.Id))["status"], Is.EqualTo("off"));
        Assert.That(await SshAsync(one.Public, $"timeout 2 bash -c 'echo >/dev/tcp/{two.Private}/22' 2>/dev/null; echo $?"), Is.EqualTo("124"), "not even refused");
        Assert.That(await api.ActAsync(two.Id, "power_on"), Is.EqualTo("completed"));
        await WaitForSshAsync(two.Public);
        await SshAsync(two.Public, "systemctl poweroff", mayFail: true);
        await api.WaitForAsync(two.Id, "off");
        Assert.That(await api.ActAsync(two.Id, "power_on"), Is.EqualTo("completed"));
        await WaitForSshAsync(two.Public);
        Assert.That(await SshAsync(two.Public, "cat /root/kept"), Is.EqualTo("kept"));

        // Its supervisor killed alone: its system still runs, and must be ended before another one boots from the same disk.
        var supervisor = (await File.ReadAllTextAsync($"{Options.RunDirectory}/droplets/{two.Id}/pid")).Split(' ')[0];
        await RunAsync("kill", ["-KILL", supervisor]);
        await api.WaitForAsync(two.Id, "off");
        Assert.That(Leftovers().Count(l => l.Contains($"--machine=mstt-{two.Id}", StringComparison.Ordinal)), Is.EqualTo(1), "nspawn outlives it");
        Assert.That(await api.ActAsync(two.Id, "power_on"), Is.EqualTo("completed"));
        await WaitForSshAsync(two.Public);
        Assert.That(Leftovers().Count(l => l.Contains($"--machine=mstt-{two.Id}", StringComparison.Ordinal)), Is.EqualTo(1), "one system on one disk");
        Assert.That(await SshAsync(two.Public, "systemctl is-system-running --wait; cat /root/kept"), Is.EqualTo("running\nkept"));
        Assert.That(await api.ActAsync(two.Id, "shutdown"), Is.EqualTo("completed"));
    }

    [Test]
    [DependsOnTest(nameof(A_host_that_is_off_answers_nothing_until_power_on))]
    public async Task A_killed_daemon_leaves_droplets_and_the_next_one_takes_them_up()
    {
        var (one, two) = (droplets["one"], droplets["two"]);
        var boot = await SshAsync(one.Public, BootTime);
        using (var daemon = Process.GetProcessById(lab.Status().ProcessId!.Value))
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
        }

        Assert.That(await SshAsync(one.Public, BootTime), Is.EqualTo(boot));
        Assert.That(lab.Status().Running, Is.False);
        Assert.That(lab.Status().Droplets.Select(d => (d.Name, d.Status)), Is.EqualTo(new[] { ("one", "active"), ("two", "off") }));
        Assert.That(await lab.StartAsync(ServeCommand(), TestContext.Progress.WriteLine), Is.True);
        await lab.WaitUntilReadyAsync();
        Assert.That((string?)(await api.DropletAsync(one.Id))["status"], Is.EqualTo("active"));
        Assert.That((string?)(await api.DropletAsync(two.Id))["status"], Is.EqualTo("off"));
        Assert.That(await SshAsync(one.Public, BootTime), Is.EqualTo(boot));
        Assert.That(await api.ActAsync(two.Id, "power_on"), Is.EqualTo("completed"));
        await WaitForSshAsync(two.Public);
        Assert.That(await lab.StartAsync(ServeCommand(), TestContext.Progress.WriteLine), Is.False, "it runs already");
    }

    [Test]
    [DependsOnTest(nameof(A_killed_daemon_leaves_droplets_and_the_next_one_takes_them_up))]
    public async Task A_second_lab_at_the_same_place_or_range_is_refused()
    {
        var (code, output) = await TryAsync("dotnet", [typeof(HostTests).Assembly.Location, Options.RunDirectory + "/options.json"]);
        Assert.That(code, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("runs here already"));

        var other = Options with { Prefix = "mstu", ApiPort = 17911, RunDirectory = Folder + "/run2", StateDirectory = Folder + "/state2" };
        var second = new LabController(other);
        Assert.That(await second.StartAsync(ServeCommand(), TestContext.Progress.WriteLine), Is.True);
        Assert.That(() => second.WaitUntilReadyAsync(),
            Throws.TypeOf<LabException>().With.Message.Contains("203.0.113.0/24 is in use by mstt-pub").And.Message.Contains("MESOS_STACK_LAB_PUBLIC_RANGE").And.Message.Contains("repositoryUrl"));
        await second.StopAsync(TestContext.Out.WriteLine);
        Assert.That((string?)(await api.DropletAsync(droplets["one"].Id))["status"], Is.EqualTo("active"), "the first one is untouched");
    }

    [Test]
    [DependsOnTest(nameof(A_second_lab_at_the_same_place_or_range_is_refused))]
    public async Task A_person_logs_in_and_reads_logs_without_a_key()
    {
        Assert.That(await lab.SshAsync("one", ["test", "$(hostname)", "=", "one"]), Is.Zero);
        Assert.That(await lab.SshAsync("one", ["exit", "7"]), Is.EqualTo(7));
        Assert.That(await lab.LogsAsync("one", follow: false), Is.Zero);
        Assert.That(() => lab.SshAsync("three", []), Throws.TypeOf<LabException>().With.Message.Contains("one, two"));
    }

    [Test]
    [DependsOnTest(nameof(A_person_logs_in_and_reads_logs_without_a_key))]
    public async Task More_droplets_boot_than_the_usual_limits_of_a_kernel_allow()
    {
        var key = (long)(await api.DoAsync(HttpMethod.Get, "account/keys"))!["ssh_keys"]![0]!["id"]!;
        var many = new List<(long Id, string Address)>();
        for (var i = 0; i < 25; i++)
        {
            var droplet = await api.CreateDropletAsync($"many-{i}", key);
            many.Add(((long)droplet["id"]!, droplet["networks"]!["v4"]!.AsArray().Where(n => (string?)n!["type"] == "public").Select(n => (string)n!["ip_address"]!).Single()));
        }

        foreach (var (id, address) in many)
        {
            await WaitForSshAsync(address);
            Assert.That((string?)(await api.DropletAsync(id))["status"], Is.EqualTo("active"), address);
        }

        foreach (var (id, _) in many)
        {
            await api.DoAsync(HttpMethod.Delete, $"droplets/{id}");
        }

        Assert.That(await Until.TrueAsync(() => lab.Status().Droplets.Count == 2, TimeSpan.FromSeconds(60)));
    }

    [Test]
    [DependsOnTest(nameof(More_droplets_boot_than_the_usual_limits_of_a_kernel_allow))]
    public async Task Delete_leaves_nothing_of_a_droplet()
    {
        var two = droplets["two"];
        await api.DoAsync(HttpMethod.Delete, $"droplets/{two.Id}");
        var end = DateTime.UtcNow.AddSeconds(30);
        while (Leftovers().Any(l => l.Contains($"{two.Id}", StringComparison.Ordinal)) || Directory.Exists($"{Options.StateDirectory}/droplets/{two.Id}"))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), string.Join(", ", Leftovers()));
            await Task.Delay(100);
        }

        Assert.That(lab.Status().Droplets.Select(d => d.Name), Is.EqualTo(new[] { "one" }));
    }

    [Test]
    [DependsOnTest(nameof(Delete_leaves_nothing_of_a_droplet))]
    public async Task Stop_removes_everything_also_after_the_daemon_was_killed()
    {
        using (var daemon = Process.GetProcessById(lab.Status().ProcessId!.Value))
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
        }

        Assert.That(Leftovers(), Is.Not.Empty);
        Assert.That(await lab.StopAsync(TestContext.Out.WriteLine), Is.True);
        Assert.That(Leftovers(), Is.Empty);
        Assert.That(await RunAsync("nft", ["list", "ruleset"]), Does.Not.Contain("mstt"));
        Assert.That(Directory.Exists(Options.RunDirectory) || Directory.Exists(Options.StateDirectory), Is.False);
        Assert.That(await lab.StopAsync(TestContext.Out.WriteLine), Is.False, "there is nothing left to stop");
    }

    private static string[] ServeCommand() => ["dotnet", typeof(HostTests).Assembly.Location];

    /// <summary>Processes, namespaces, mounts and links, found in another way than the lab's own.</summary>
    private static List<string> Leftovers() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)).Select(CommandLine)
            .Where(c => c.Contains("--machine=mstt-", StringComparison.Ordinal) || c.Contains(Options.RunDirectory, StringComparison.Ordinal)),
        .. File.ReadLines("/proc/self/mountinfo").Where(l => l.Contains(Folder, StringComparison.Ordinal)),
        .. Directory.EnumerateFileSystemEntries("/sys/class/net", "mstt*"),
        .. Directory.Exists("/run/netns") ? Directory.EnumerateFiles("/run/netns", "mstt-*") : [],
        .. Directory.EnumerateDirectories("/sys/fs/cgroup", "mstt-*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A command that says whether a port answers within two seconds.</summary>
    private static string Probe(string address, int port) => $"timeout 2 bash -c 'echo >/dev/tcp/{address}/{port}' 2>/dev/null && echo open || echo closed";

    private static async Task WaitForSshAsync(string address)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while ((await TryAsync("ssh", SshArguments(address, "true"))).Code != 0)
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{address} does not answer");
            await Task.Delay(200);
        }
    }

    private static async Task WaitForRebootAsync(string address, string before)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (await TryAsync("ssh", SshArguments(address, BootTime)) is var (code, output) && (code != 0 || output.Trim() == before))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"{address} does not reboot");
            await Task.Delay(200);
        }
    }

    private static async Task<string> SshAsync(string address, string command, bool mayFail = false)
    {
        var (code, output) = await TryAsync("ssh", SshArguments(address, command));
        Assert.That(code == 0 || mayFail, Is.True, $"{command}: {code} {output}");
        return output.Trim();
    }

    private static string[] SshArguments(string address, string command) =>
    [
        "-i", KeyFile, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=5",
        "-o", "LogLevel=ERROR", "root@" + address, command,
    ];

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var (code, output) = await TryAsync(program, arguments);
        Assert.That(code, Is.Zero, output);
        return output;
    }

    private static async Task<(int Code, string Output)> TryAsync(string program, string[] arguments)
    {
        var result = await Shell.TryAsync(program, arguments);
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }
}
