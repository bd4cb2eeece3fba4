using System.Diagnostics;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>
/// The main job, as a person does it: six real hosts become one cluster, and stay one through what happens to hosts.
/// The tests share a cluster, each begins with it as the stack <c>lab</c> describes it, and none needs another. They need root and the lab's addresses for themselves.
/// </summary>
[TestFixture]
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ClusterTests : IDisposable
{
    internal static readonly string[] MasterNames = ["master-1", "master-2", "master-3"];
    internal static readonly string[] AgentNames = ["agent-1", "agent-2", "agent-3"];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    // The session of the lost leader ends after 30 s, and the next one has to be elected and known.
    private static readonly TimeSpan AfterLoss = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan AfterBoot = TimeSpan.FromSeconds(180);

    // A master changes once all others were well for ten seconds on end.
    private static readonly TimeSpan Gate = TimeSpan.FromSeconds(10);

    private readonly Cloud _cloud = new();
    private readonly Launcher _launcher = new();
    private TestedCluster _cluster = null!;

    // What the steps of the packages said when the hosts were new. Another run of such a step says something else.
    private List<string>? _saidByPackages;

    private string AnyMaster => _cluster.MasterAddresses[0];

    [OneTimeSetUp]
    public async Task NeedsTheLabForItself()
    {
        await _cloud.MustBeFreeAsync(_launcher);
        _cluster = new TestedCluster(_launcher);
    }

    /// <summary>Makes the cluster, or puts right what the test before has left. The session timeout stays: another one rolls all masters, which takes two minutes.</summary>
    [SetUp]
    public async Task NeedsTheCluster()
    {
        _launcher.ResetSettings();
        await _launcher.SetAsync("zkSessionTimeout", _cluster.SessionTimeout);
        await _cluster.UpAsync("--refresh");
        _saidByPackages ??= [.. (await _cluster.ResourcesAsync()).Where(resource => resource.GetProperty("urn").GetString()!.EndsWith("-packages", StringComparison.Ordinal))
            .Select(resource => TestedCluster.Plain(resource.GetProperty("outputs").GetProperty("stderr")))];
    }

    [OneTimeTearDown]
    public async Task LeavesNothingAndHasToldNoSecret()
    {
        if (_cluster is null)
        {
            return;
        }

        try
        {
            await MustHideSecretsAsync();
        }
        finally
        {
            await Leftovers.DestroyMustLeaveNothingAsync(_launcher, _cloud);
        }
    }

    public void Dispose()
    {
        _cloud.Dispose();
        _launcher.Dispose();
    }

    [Test]
    public async Task Six_hosts_are_one_cluster()
    {
        Assert.That(_cluster.Hosts.Select(host => host.Name), Is.EqualTo(MasterNames.Concat(AgentNames)));
        Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(6));
        await _cluster.MustBeWholeAsync(Soon);
    }

    [Test]
    public async Task Apps_are_restarted_whenever_they_end()
    {
        foreach (var app in TestedCluster.BothApps)
        {
            var before = await ClusterView.TasksAsync(AnyMaster, app);
            await ClusterView.EventuallyAsync($"another task of {app}", Soon, async () => (await ClusterView.TasksAsync(AnyMaster, app)) is [var task] && !before.Contains(task));
        }
    }

    [Test]
    public Task Every_host_is_what_the_tutorial_wants() => HostChecks.MustHoldAsync(_cluster);

    [Test]
    public void New_hosts_kept_apt_waiting_and_the_step_waited()
    {
        Assert.That(_saidByPackages, Has.Count.EqualTo(6));
        Assert.That(_saidByPackages, Is.All.Contains("waiting for apt's lock"));
    }

    [Test]
    public async Task A_second_up_changes_nothing_and_opens_no_connection()
    {
        var before = await LoginsAsync();
        Assert.That(before, Is.All.Positive, "the hosts tell of those who log in");
        await _launcher.MustAsync("up", "--yes", "--expect-no-changes");
        await _launcher.MustAsync("preview", "--expect-no-changes");
        Assert.That(await LoginsAsync(), Is.EqualTo(before));

        Task<int[]> LoginsAsync() => Task.WhenAll(_cluster.Hosts.Select(host => host.LoginsAsync()));
    }

    [Test]
    public async Task A_renamed_stack_changes_nothing()
    {
        var droplets = await _cloud.DropletsAsync();
        await _launcher.RenameAsync("another");
        await _launcher.MustAsync("up", "--yes", "--refresh", "--expect-no-changes");
        await _launcher.RenameAsync(Launcher.Stack);
        await _launcher.MustAsync("up", "--yes", "--expect-no-changes");
        Assert.That(await _cloud.DropletsAsync(), Is.EqualTo(droplets));
    }

    [Test]
    public async Task Previews_are_short_and_name_what_changes_alone()
    {
        string[] masters = ["mesos-master-3-configuration", "mesos-master-2-configuration", "mesos-master-1-configuration"];
        string[] agents = ["mesos-agent-1-configuration", "mesos-agent-2-configuration", "mesos-agent-3-configuration"];
        await MustShowAsync("clusterName", "whale", [.. masters, "mesos-readiness"], "      - file /etc/mesos-master/cluster mesos\n      + file /etc/mesos-master/cluster whale\n", times: 3);
        await MustShowAsync("zkSessionTimeout", "20secs", [.. masters, .. agents, "mesos-readiness"], " zk_session_timeout 20secs\n", times: 6);
        await MustShowAsync(
            "agents", "4", ["mesos-agent-4", "mesos-agent-4-droplet", "mesos-agent-4-scripts", "mesos-agent-4-packages", "mesos-agent-4-configuration", "mesos-readiness", "mesos-drain"], "      + agent agent-4\n", times: 2);

        async Task MustShowAsync(string key, string value, string[] names, string lines, int times)
        {
            var settings = await File.ReadAllTextAsync(_launcher.Settings);
            await _launcher.SetAsync(key, value);
            var said = await _launcher.MustAsync("preview", "--diff");
            await File.WriteAllTextAsync(_launcher.Settings, settings);
            var shown = said.Split("\nOutputs:\n")[0] + "\n";
            Assert.That(shown.Split('\n'), Has.Length.LessThanOrEqualTo(50));
            Assert.That(shown, Has.Length.LessThanOrEqualTo(5000));
            Assert.That(shown.Split(lines), Has.Length.EqualTo(times + 1), shown);
            Assert.That(System.Text.RegularExpressions.Regex.Matches(shown, @"^[~+-]+ +\S+ (\S+) \(", System.Text.RegularExpressions.RegexOptions.Multiline).Select(match => match.Groups[1].Value), Is.EquivalentTo(names), shown);
        }
    }

    [Test]
    public async Task The_bench_keeps_away_from_a_lab_in_use()
    {
        var before = await _cloud.DropletsAsync();
        using var bench = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Launcher.Root, "bench/up.py")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (bench.StandardOutput.ReadToEndAsync(), bench.StandardError.ReadToEndAsync());
        await bench.WaitForExitAsync();
        Assert.That(bench.ExitCode, Is.EqualTo(1), await output);
        Assert.That(await error, Does.Contain("the lab of this machine is in use").And.Contain("master-1"));
        Assert.That(await _cloud.DropletsAsync(), Is.EqualTo(before));
        await _cluster.MustBeWholeAsync(Soon);
    }

    [Test]
    public async Task A_changed_script_is_copied_and_runs_nothing()
    {
        using var program = await _launcher.ProgramWithAsync("common.sh", text => text + "# One more comment.\n");
        var before = await SeenAsync();

        var said = await _launcher.MustAsync("up", "--yes", "--program", program.Path);

        Assert.That(said.Split('\n').Where(line => line.Contains(" updated (", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]),
            Is.EquivalentTo(_cluster.Hosts.Select(host => $"mesos-{host.Name}-scripts")), said);
        Assert.That(await Task.WhenAll(_cluster.Hosts.Select(host => host.OnAsync("tail -n 1 /usr/local/lib/mesos-stack/common.sh"))), Is.All.EqualTo("# One more comment."));
        Assert.That(await SeenAsync(), Is.EqualTo(before), "processes, and times of the files below /etc");
        await _launcher.MustAsync("up", "--yes");

        Task<string[]> SeenAsync() => Task.WhenAll(_cluster.Hosts.Select(host => host.OnAsync(
            "systemctl show -p MainPID zookeeper mesos-master marathon mesos-slave; pgrep -f org.apache.zookeeper.server.quorum.[Q]uorumPeerMain || true; find /etc -printf '%T@ %p\\n' | sort")));
    }

    [Test]
    public async Task All_hosts_rebooted_at_once_are_the_same_cluster_again()
    {
        var droplets = (await _cloud.DropletsAsync())!;
        var before = await BootsAsync();
        await Task.WhenAll(droplets.Values.Select(id => _cloud.ActAsync(id, "reboot")));
        await ClusterView.EventuallyAsync("every host has booted anew", AfterBoot, async () =>
            (await BootsAsync()).Zip(before).All(boots => boots.First is { } now && now != boots.Second));
        await _cluster.MustBeWholeAsync(AfterBoot);
        await HostChecks.MustHoldAsync(_cluster);

        Task<string?[]> BootsAsync() => Task.WhenAll(_cluster.Hosts.Select(host => host.BootAsync()));
    }

    [Test]
    public async Task A_leader_that_stops_is_followed_by_another_with_all_apps()
    {
        var leading = await ClusterView.LeaderAsync(AnyMaster);
        var leader = _cluster.Masters.Single(master => master.Address == leading);
        var others = _cluster.MasterAddresses.Where(address => address != leader.Address).ToList();
        var apps = await ClusterView.VersionsAsync(AnyMaster);
        var droplet = (await DropletAsync(leader.Name)).Id;

        await _cloud.ActAsync(droplet, "power_off");
        try
        {
            await ClusterView.EventuallyAsync("another master leads", AfterLoss, async () => await ClusterView.LeaderAsync(others[0]) is { } now && others.Contains(now));
            await ClusterView.EventuallyAsync("both apps run", AfterBoot, async () => (await ClusterView.RunningAsync(others[0])).SequenceEqual(TestedCluster.BothApps));
            Assert.That(await ClusterView.VersionsAsync(others[0]), Is.EqualTo(apps));
        }
        finally
        {
            // A host that stays off would fail every test that follows.
            await _launcher.MustAsync("lab", "power-on", leader.Name);
        }

        await _cluster.MustBeWholeAsync(AfterBoot);
    }

    [TestCase("agent-1")]
    [TestCase("master-1", "master-2")]
    public async Task Hosts_that_are_off_are_named_by_a_refresh_also_when_the_quorum_is_lost(params string[] names)
    {
        var droplets = await Task.WhenAll(names.Select(DropletAsync));
        try
        {
            foreach (var (name, id) in droplets)
            {
                await _cloud.ActAsync(id, "power_off");
                await ClusterView.EventuallyAsync($"{name} is off", Soon, async () => System.Text.RegularExpressions.Regex.IsMatch(await _launcher.MustAsync("lab", "status"), $@"{name} +off "));
            }

            await _launcher.MustAsync("up", "--yes", "--expect-no-changes");
            foreach (var arguments in new[] { new[] { "preview", "--refresh" }, ["up", "--yes", "--refresh"] })
            {
                var said = await _launcher.RunAsync(arguments);
                Assert.That(said.Code, Is.EqualTo(1));
                Assert.That(droplets.Where(droplet => (said.Output + said.Error).Contains($"the droplet {droplet.Name} is off", StringComparison.Ordinal)), Is.Not.Empty);
                Assert.That(said.Output + said.Error, Does.Contain("./mesos-stack lab power-on"));
            }
        }
        finally
        {
            foreach (var name in names)
            {
                await _launcher.MustAsync("lab", "power-on", name);
            }
        }

        await _launcher.MustAsync("up", "--yes", "--refresh");
        await _cluster.MustBeWholeAsync(AfterBoot);
    }

    [TestCase("zookeeper", "master")]
    [TestCase("mesos-master", "master")]
    [TestCase("marathon", "master")]
    [TestCase("mesos-slave", "agent")]
    public async Task A_daemon_that_is_killed_is_back_within_a_minute(string daemon, string role)
    {
        foreach (var host in role == "master" ? _cluster.Masters : _cluster.Agents)
        {
            var killed = await host.OnAsync($"pid=$(systemctl show -P MainPID {daemon}); test \"$pid\" != 0; kill -9 \"$pid\"; echo \"$pid\"");
            await ClusterView.EventuallyAsync($"{daemon} runs on {host.Name}, and is another process than {killed}", Soon, async () =>
                (await host.OnAsync($"systemctl show -p MainPID -p SubState {daemon}")).Split('\n') is var shown && shown.Contains("SubState=running") && !shown.Contains($"MainPID={killed}") && !shown.Contains("MainPID=0"));
        }

        await _cluster.MustBeWholeAsync(AfterLoss);
    }

    [Test]
    public async Task A_dead_ZooKeeper_that_nothing_starts_again_is_mended_before_any_master_waits_for_it()
    {
        // As on a host of revision 1: systemd does not see that the process ended. Another order of packages runs that step on all masters.
        var master = _cluster.Masters[0];
        await master.OnAsync("rm /etc/systemd/system/zookeeper.service.d/mesos-stack.conf; systemctl daemon-reload; systemctl restart zookeeper; sleep 3; kill -9 $(cat /run/zookeeper/zookeeper.pid); sleep 1");
        Assert.That(await master.OnAsync("systemctl is-active zookeeper"), Is.EqualTo("active"), "as systemd says");

        await File.WriteAllTextAsync(_launcher.Settings, (await File.ReadAllTextAsync(_launcher.Settings)).Replace(
            "config:\n", "config:\n  mesos-stack:masterPackages: [mesosphere, zookeeperd, zookeeper]\n", StringComparison.Ordinal));
        _cluster.SessionTimeout = _cluster.SessionTimeout == "30secs" ? "25secs" : "30secs";
        await _launcher.SetAsync("zkSessionTimeout", _cluster.SessionTimeout);
        await _cluster.UpAsync();

        Assert.That(await master.OnAsync("cat /etc/systemd/system/zookeeper.service.d/mesos-stack.conf"), Does.Contain("PIDFile="));
        await _cluster.MustBeWholeAsync(Soon);
    }

    [Test]
    public async Task An_agent_deleted_by_somebody_else_comes_back_with_a_refresh()
    {
        var (name, id) = await DropletAsync("agent-2");
        await _cloud.DeleteAsync(id);
        await _cluster.UpAsync("--refresh");
        Assert.That((await _cloud.DropletsAsync())![name], Is.Not.EqualTo(id));
        await _cluster.MustBeWholeAsync(AfterBoot);
    }

    [Test]
    public async Task A_master_deleted_by_somebody_else_comes_back_and_all_masters_change_one_by_one()
    {
        var before = _cluster.Masters;
        var apps = await ClusterView.VersionsAsync(AnyMaster);
        await _cloud.DeleteAsync((await DropletAsync("master-2")).Id);

        // A setting that is new to every master comes along: each has its one turn for both.
        _cluster.SessionTimeout = _cluster.SessionTimeout == "30secs" ? "25secs" : "30secs";
        await _launcher.SetAsync("zkSessionTimeout", _cluster.SessionTimeout);
        await _cluster.UpAsync("--refresh");
        Assert.That(_cluster.Masters.Zip(before).Select(pair => pair.First.Address == pair.Second.Address), Is.EqualTo(new[] { true, false, true }), "addresses kept");
        await _cluster.MustBeWholeAsync(Soon);

        // Its number in its file, its new address in all lists and the new flag are among these.
        await HostChecks.MustHoldAsync(_cluster);
        Assert.That(await ClusterView.VersionsAsync(AnyMaster), Is.EqualTo(apps));
        foreach (var unit in new[] { "zookeeper", "mesos-master" })
        {
            var started = await Task.WhenAll(_cluster.Masters.Select(master => master.StartedAsync(unit)));
            Assert.That(started[1], Is.GreaterThan(started[2]), $"{unit}: the new one comes after the highest, and waits for nobody");
            Assert.That(started[0], Is.GreaterThan(started[1] + Gate), $"{unit}: the first is the last, once the new one is well");
        }
    }

    [Test]
    public async Task Another_number_of_masters_is_refused_and_nothing_is_touched()
    {
        await _launcher.SetAsync("masters", "5");
        var said = await _launcher.RunAsync("up", "--yes");
        Assert.That(said.Code, Is.Not.Zero);
        Assert.That(said.Output + said.Error, Does.Contain("masters"));
        Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(6));
        await _cluster.MustBeWholeAsync(Soon);
    }

    [Test]
    public async Task An_agent_that_goes_is_drained_first()
    {
        const string app = "everywhere";
        var going = _cluster.Agents[2].Address;
        await ClusterView.PutAppAsync(AnyMaster, app, new { cmd = "sleep 3600", instances = 3, cpus = 0.1, mem = 16 });
        await ClusterView.EventuallyAsync("the app runs on every agent", Soon, async () => (await HostsAsync()).Order().SequenceEqual(_cluster.Agents.Select(agent => agent.Address).Order()));

        await _launcher.SetAsync("agents", "2");
        await _cluster.UpAsync();

        Assert.That((await _cloud.DropletsAsync())!.Keys, Has.Count.EqualTo(5).And.None.EndsWith("-agent-3"));
        Assert.That(await HostsAsync(), Has.Count.EqualTo(3).And.None.EqualTo(going), "what ran on the agent runs elsewhere, as often as before");
        var lost = await Task.WhenAll(_cluster.Masters.Select(master => master.OnAsync($"journalctl -u marathon --no-pager | grep 'Task {app}.*TASK_LOST' || true")));
        Assert.That(lost, Is.All.Empty, "the tasks were moved before the agent went");
        await ClusterView.DeleteAppAsync(AnyMaster, app);
        await _cluster.MustBeWholeAsync(Soon);

        async Task<List<string>> HostsAsync() =>
            [.. (await ClusterView.JsonAsync($"http://{AnyMaster}:8080/v2/apps/{app}/tasks")).GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("host").GetString()!)];
    }

    [Test]
    public async Task No_secret_is_in_clear_where_anybody_looks()
    {
        await _launcher.MustAsync("preview", "--diff");
        await _launcher.MustAsync("stack", "output");
        await _launcher.MustAsync("stack", "output", "--json");
        await _launcher.MustAsync("stack", "export");
        await MustHideSecretsAsync();
    }

    /// <summary>Looks at all that the commands so far, the hosts and the lab have said, and at the project's files.</summary>
    private async Task MustHideSecretsAsync()
    {
        var secrets = await SecretsAsync();
        Assert.That(secrets, Has.Count.GreaterThan(3), "there are secrets to be hidden");

        var texts = _launcher.AllSaid.Select((text, index) => ($"what command {index} said", text)).ToList();
        foreach (var file in _launcher.Files.Append(Path.Combine(new LabOptions().StateDirectory, "lab.log")))
        {
            texts.Add((file, await File.ReadAllTextAsync(file)));
        }

        foreach (var host in _cluster.Hosts)
        {
            texts.Add(($"the journal of {host.Name}", await JournalAsync(host)));
        }

        foreach (var (place, text) in texts)
        {
            Assert.That(secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)), Is.Empty, place);
        }

        // Too long to be shown with the test.
        async Task<string> JournalAsync(Host host)
        {
            using var logs = _launcher.Start("lab", "logs", host.Name);
            var journal = await logs.StandardOutput.ReadToEndAsync();
            await logs.WaitForExitAsync();
            Assert.That(journal, Does.Contain("sshd"), host.Name);
            return journal;
        }
    }

    private async Task<(string Name, long Id)> DropletAsync(string host) =>
        (await _cloud.DropletsAsync())!.Where(droplet => droplet.Key.EndsWith("-" + host, StringComparison.Ordinal)).Select(droplet => (droplet.Key, droplet.Value)).Single();

    /// <summary>Texts that give a secret of the stack away, or a part of one: its passphrase, the private key line by line, and what that was made from.</summary>
    private async Task<HashSet<string>> SecretsAsync()
    {
        var key = await _launcher.MustAsync("stack", "output", "sshPrivateKey", "--show-secrets");
        var made = (await _cluster.ResourcesAsync()).Where(resource => resource.GetProperty("type").GetString()!.EndsWith(":RandomBytes", StringComparison.Ordinal))
            .SelectMany(resource => new[] { "base64", "hex" }.Select(name => TestedCluster.Plain(resource.GetProperty("outputs").GetProperty(name)))).ToList();
        Assert.That(made, Is.Not.Empty);
        Assert.That(key, Does.Contain("PRIVATE KEY"));
        return [Launcher.Passphrase, "PRIVATE KEY", .. key.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 20), .. made];
    }
}
