using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Lab;

// With DependsOnTest, which NUnit 5 wants instead, a run of some of the tests (--filter) waits for ever for the others.
#pragma warning disable CS0618 // Order

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>
/// The main job, as a person does it: six real hosts become one cluster, and stay one through what happens to hosts.
/// The tests follow each other on one cluster. They need root and the lab's addresses for themselves.
/// </summary>
[TestFixture]
[NonParallelizable]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ClusterTests : IDisposable
{
    private static readonly string[] MasterNames = ["master-1", "master-2", "master-3"];
    private static readonly string[] AgentNames = ["agent-1", "agent-2", "agent-3"];
    private static readonly string[] BothApps = ["/hello", "/hello2"];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterBoot = TimeSpan.FromSeconds(180);

    private readonly Cloud _cloud = new();
    private Launcher _launcher = null!;
    private Dictionary<string, string> _masters = [];
    private Dictionary<string, string> _agents = [];
    private bool _upTried;

    private List<string> MasterAddresses => [.. MasterNames.Select(name => _masters[name])];

    [OneTimeSetUp]
    public async Task NeedsTheLabForItself()
    {
        if (LabController.WhyNotHere() is { } reason)
        {
            Assert.Ignore($"no lab can run here: {reason}");
        }

        _launcher = new Launcher();
        if (await _cloud.WithoutTagAsync($"mesos-{Launcher.Stack}-") is { } strangers)
        {
            if (strangers.Count > 0)
            {
                Assert.Ignore($"the lab of this machine is in use by somebody else: {string.Join(", ", strangers)}");
            }

            // What a run of these tests left that was ended from outside.
            await _launcher.MustAsync("lab", "stop");
        }
    }

    /// <summary>The first test makes the cluster; where a filter left that out, the first that runs does.</summary>
    [SetUp]
    public async Task NeedsACluster()
    {
        if (TestContext.CurrentContext.Test.MethodName is nameof(Up_makes_one_cluster_of_six_hosts) or nameof(Destroy_leaves_nothing) or nameof(An_up_killed_three_times_is_ended_by_the_next))
        {
            return;
        }

        if (!_upTried)
        {
            await UpAsync();
        }

        if (_masters.Count == 0)
        {
            Assert.Fail("there is no cluster to look at");
        }
    }

    [OneTimeTearDown]
    public async Task TakeDown()
    {
        if (_launcher is not null)
        {
            await _launcher.RunAsync("destroy", "--yes");
            if (await _cloud.DropletsAsync() is not null)
            {
                await _launcher.RunAsync("lab", "stop");
            }
        }
    }

    public void Dispose()
    {
        _cloud.Dispose();
        _launcher?.Dispose();
    }

    [Test]
    [Order(1)]
    public async Task Up_makes_one_cluster_of_six_hosts()
    {
        await UpAsync();
        Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(6));
        await MustBeWholeAsync(Soon);
    }

    [Test]
    [Order(2)]
    public async Task Apps_are_restarted_whenever_they_end()
    {
        foreach (var app in new[] { "hello", "hello2" })
        {
            var before = await ClusterView.TasksAsync(MasterAddresses[0], app);
            await ClusterView.EventuallyAsync($"another task of {app}", Soon, async () => (await ClusterView.TasksAsync(MasterAddresses[0], app)) is [var task] && !before.Contains(task));
        }
    }

    [Test]
    [Order(3)]
    public async Task Every_file_holds_its_lines()
    {
        var url = "zk://" + string.Join(',', MasterAddresses.Select(a => a + ":2181"));
        foreach (var (name, address) in _masters)
        {
            await FileIsAsync(name, "/etc/mesos/zk", url + "/mesos");
            await FileIsAsync(name, "/etc/zookeeper/conf/myid", name[^1..]);
            await FileIsAsync(name, "/etc/mesos-master/quorum", "2");
            await FileIsAsync(name, "/etc/mesos-master/ip", address);
            await FileIsAsync(name, "/etc/mesos-master/hostname", address);
            await FileIsAsync(name, "/etc/marathon/conf/hostname", address);
            await FileIsAsync(name, "/etc/marathon/conf/master", url + "/mesos");
            await FileIsAsync(name, "/etc/marathon/conf/zk", url + "/marathon");
            var servers = await OnAsync(name, "grep ^server. /etc/zookeeper/conf/zoo.cfg");
            Assert.That(servers.Split('\n').Order(), Is.EqualTo(MasterNames.Select(m => $"server.{m[^1..]}={_masters[m]}:2888:3888")), name);
            Assert.That(await OnAsync(name, "grep -c ^dataDir=/var/lib/zookeeper$ /etc/zookeeper/conf/zoo.cfg"), Is.EqualTo("1"), name);
        }

        foreach (var (name, address) in _agents)
        {
            await FileIsAsync(name, "/etc/mesos/zk", url + "/mesos");
            await FileIsAsync(name, "/etc/mesos-slave/ip", address);
            await FileIsAsync(name, "/etc/mesos-slave/hostname", address);
        }
    }

    [Test]
    [Order(4)]
    public async Task Every_daemon_runs_with_its_flags_and_listens_where_it_should()
    {
        var url = "zk://" + string.Join(',', MasterAddresses.Select(a => a + ":2181"));
        foreach (var (name, address) in _masters)
        {
            var master = await FlagsAsync(name, "mesos-master");
            Assert.That(master, Is.SupersetOf(new[] { $"--zk={url}/mesos", "--quorum=2", $"--ip={address}", $"--hostname={address}", "--work_dir=/var/lib/mesos" }), name);
            var marathon = string.Join(' ', await FlagsAsync(name, "marathon"));
            Assert.That(marathon, Does.Contain($"--master {url}/mesos").And.Contain($"--zk {url}/marathon").And.Contain($"--hostname {address}"), name);
            var listening = await OnAsync(name, "ss -Hltn | awk '{print $4}'");
            Assert.That(listening.Split('\n'), Does.Contain($"{address}:5050"), name);
            Assert.That(listening, Does.Contain(":8080").And.Contain(":2181").And.Not.Contain(":5051").And.Not.Contain(":4400"), name);
        }

        foreach (var (name, address) in _agents)
        {
            Assert.That(await FlagsAsync(name, "mesos-slave"), Is.SupersetOf(new[] { $"--master={url}/mesos", $"--ip={address}", $"--hostname={address}" }), name);
            var listening = await OnAsync(name, "ss -Hltn | awk '{print $4}'");
            Assert.That(listening.Split('\n'), Does.Contain($"{address}:5051"), name);
            Assert.That(listening, Does.Not.Contain(":5050").And.Not.Contain(":8080").And.Not.Contain(":2181"), name);
        }
    }

    [Test]
    [Order(5)]
    public Task No_service_of_the_other_role_runs() => RolesMustBeKeptAsync();

    [Test]
    [Order(6)]
    public async Task A_second_up_changes_nothing_and_opens_no_connection()
    {
        var before = await LoginsAsync();
        await _launcher.MustAsync("up", "--yes", "--expect-no-changes");
        await _launcher.MustAsync("preview", "--expect-no-changes");
        Assert.That(await LoginsAsync(), Is.EqualTo(before));
    }

    [Test]
    [Order(7)]
    public async Task No_secret_is_in_clear_in_the_state()
    {
        var state = await File.ReadAllTextAsync(_launcher.StateFile);
        Assert.That(state, Does.Not.Contain("PRIVATE KEY"));
        Assert.That(await _launcher.MustAsync("stack", "export", "--show-secrets"), Does.Contain("PRIVATE KEY"), "there is a key to be hidden");
    }

    [Test]
    [Order(8)]
    public async Task All_hosts_rebooted_at_once_are_the_same_cluster_again()
    {
        var droplets = (await _cloud.DropletsAsync())!;
        var boots = await BootsAsync();
        await Task.WhenAll(droplets.Values.Select(id => _cloud.ActAsync(id, "reboot")));
        await ClusterView.EventuallyAsync("every host has booted anew", AfterBoot, async () =>
        {
            var now = await Task.WhenAll(_masters.Keys.Concat(_agents.Keys).Select(name => _launcher.RunAsync("lab", "ssh", name, "cat /proc/1/stat | cut -d' ' -f22")));
            return now.All(said => said.Code == 0) && now.Select(said => said.Output.Trim()).Zip(boots).All(pair => pair.First != pair.Second);
        });
        await MustBeWholeAsync(AfterBoot);
        await RolesMustBeKeptAsync();
    }

    [Test]
    [Order(9)]
    public async Task A_leader_that_stops_is_followed_by_another_with_all_apps()
    {
        var leader = new Uri("http:" + (await LeaderAsync(MasterAddresses[0]))).Host;
        var name = _masters.Single(m => m.Value == leader).Key;
        var droplet = (await _cloud.DropletsAsync())!.Single(d => d.Key.StartsWith(name + "-", StringComparison.Ordinal)).Value;
        var others = MasterAddresses.Where(a => a != leader).ToList();

        await _cloud.ActAsync(droplet, "power_off");
        await ClusterView.EventuallyAsync("another master leads", Soon, async () => new Uri("http:" + (await LeaderAsync(others[0]))).Host is var now && now != leader && others.Contains(now));
        await ClusterView.EventuallyAsync("both apps run", AfterBoot, async () =>
            (await ClusterView.JsonAsync($"http://{others[0]}:8080/v2/apps")).GetProperty("apps").EnumerateArray()
                .Where(app => app.GetProperty("tasksRunning").GetInt32() == 1).Select(app => app.GetProperty("id").GetString()).Order().SequenceEqual(BothApps));

        await _cloud.ActAsync(droplet, "power_on");
        await MustBeWholeAsync(AfterBoot);
    }

    [Test]
    [Order(10)]
    public async Task An_agent_deleted_by_somebody_else_comes_back_with_a_refresh()
    {
        var (name, id) = (await _cloud.DropletsAsync())!.Single(d => d.Key.StartsWith("agent-2-", StringComparison.Ordinal));
        await _cloud.DeleteAsync(id);
        await _launcher.MustAsync("up", "--yes", "--refresh");
        Assert.That((await _cloud.DropletsAsync())![name], Is.Not.EqualTo(id));
        await LearnAddressesAsync();
        await MustBeWholeAsync(AfterBoot);
    }

    [Test]
    [Order(11)]
    public async Task A_changed_setting_rolls_through_the_masters_one_by_one()
    {
        await File.AppendAllTextAsync(_launcher.Settings, "  mesos-stack:zkSessionTimeout: 25secs\n");
        await _launcher.MustAsync("up", "--yes");
        foreach (var name in MasterNames)
        {
            Assert.That(await FlagsAsync(name, "mesos-master"), Does.Contain("--zk_session_timeout=25secs"), name);
        }

        await MustBeWholeAsync(Soon);
    }

    [Test]
    [Order(12)]
    public async Task Another_number_of_masters_is_refused_and_nothing_is_touched()
    {
        var before = await File.ReadAllTextAsync(_launcher.Settings);
        await File.AppendAllTextAsync(_launcher.Settings, "  mesos-stack:masters: 5\n");
        var said = await _launcher.RunAsync("up", "--yes");
        await File.WriteAllTextAsync(_launcher.Settings, before);
        Assert.That(said.Code, Is.Not.Zero);
        Assert.That(said.Output + said.Error, Does.Contain("masters"));
        Assert.That((await _cloud.DropletsAsync())!, Has.Count.EqualTo(6));
        await MustBeWholeAsync(Soon);
    }

    [Test]
    [Order(13)]
    public async Task An_agent_that_goes_is_drained_first()
    {
        const string app = "everywhere";
        var going = _agents["agent-3"];
        await ClusterView.PutAppAsync(MasterAddresses[0], app, new { cmd = "sleep 3600", instances = 3, cpus = 0.1, mem = 16 });
        await ClusterView.EventuallyAsync("the app runs on every agent", Soon, async () => (await HostsAsync()).Order().SequenceEqual(_agents.Values.Order()));

        await File.AppendAllTextAsync(_launcher.Settings, "  mesos-stack:agents: 2\n");
        await _launcher.MustAsync("up", "--yes");

        Assert.That((await _cloud.DropletsAsync())!.Keys, Has.Count.EqualTo(5).And.None.StartsWith("agent-3-"));
        Assert.That(await HostsAsync(), Has.Count.EqualTo(3).And.None.EqualTo(going), "what ran on the agent runs elsewhere, as often as before");
        var lost = await Task.WhenAll(MasterNames.Select(name => OnAsync(name, $"journalctl -u marathon --no-pager | grep 'Task {app}.*TASK_LOST' || true")));
        Assert.That(lost, Is.All.Empty, "the tasks were moved before the agent went");
        await ClusterView.DeleteAppAsync(MasterAddresses[0], app);
        await ClusterView.MustBeWholeAsync(MasterAddresses, 2, Soon, ModesAsync);

        async Task<List<string>> HostsAsync() =>
            [.. (await ClusterView.JsonAsync($"http://{MasterAddresses[0]}:8080/v2/apps/{app}/tasks")).GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("host").GetString()!)];
    }

    [Test]
    [Order(14)]
    public Task Destroy_leaves_nothing() => DestroyMustLeaveNothingAsync();

    [Test]
    [Order(15)]
    public async Task An_up_killed_three_times_is_ended_by_the_next()
    {
        _launcher.ResetSettings();
        foreach (var moment in new[] { 4, 15, 32 })
        {
            using var up = _launcher.Start("up", "--yes");
            var reading = Task.WhenAll(up.StandardOutput.ReadToEndAsync(), up.StandardError.ReadToEndAsync());
            await Task.WhenAny(up.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(moment)));
            up.Kill();
            await up.WaitForExitAsync();
            await TestContext.Out.WriteLineAsync($"killed after {moment} s:\n{string.Concat(await reading)}");
        }

        await _launcher.MustAsync("up", "--yes");
        await LearnAddressesAsync();
        Assert.That((await _cloud.DropletsAsync())!.Keys.Select(name => name[..name.LastIndexOf('-')]).Order(), Is.EqualTo(AgentNames.Concat(MasterNames)));
        await MustBeWholeAsync(Soon);
        await _launcher.MustAsync("up", "--yes", "--refresh", "--expect-no-changes");
        await DestroyMustLeaveNothingAsync();
    }

    private async Task UpAsync()
    {
        _upTried = true;
        await _launcher.MustAsync("up", "--yes");
        await LearnAddressesAsync();
    }

    private Task MustBeWholeAsync(TimeSpan within) => ClusterView.MustBeWholeAsync(MasterAddresses, 3, within, ModesAsync);

    private async Task<string[]> ModesAsync()
    {
        var said = await Task.WhenAll(_masters.Select(m => _launcher.RunAsync(
            "lab", "ssh", m.Key, $"exec 3<>/dev/tcp/{m.Value}/2181 && printf srvr >&3 && timeout 3 cat <&3 | sed -n 's/^Mode: //p'")));
        return [.. said.Select(one => one.Output.Trim())];
    }

    private async Task DestroyMustLeaveNothingAsync()
    {
        await _launcher.MustAsync("destroy", "--yes");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _cloud.DropletsAsync(), Is.Null, "the lab is down");
            Assert.That(JsonDocument.Parse(await _launcher.MustAsync("stack", "export")).RootElement.GetProperty("deployment").TryGetProperty("resources", out var left) && left.GetArrayLength() > 0, Is.False, "the state is empty");
            Assert.That(await File.ReadAllTextAsync("/proc/mounts"), Does.Not.Contain("/run/mesos-stack"));
            Assert.That(Directory.GetFileSystemEntries("/sys/class/net").Select(Path.GetFileName), Has.None.StartsWith("mstk"));
            Assert.That(Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(Path.GetFileName) : [], Has.None.StartsWith("mstk"));
            Assert.That(CommandLines(), Has.None.Contains("/run/mesos-stack"));
            Assert.That((await Shell("nft", "list", "tables")), Does.Not.Contain("mstk"));
        }
    }

    private static async Task<string> Shell(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, program);
        return said;
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return line;
        }
    }

    private async Task LearnAddressesAsync()
    {
        var outputs = await _launcher.OutputsAsync();
        (_masters, _agents) = (Read("masters"), Read("agents"));
        Assert.That(_masters.Keys.Order(), Is.EqualTo(MasterNames));
        Assert.That(_agents.Keys.Order(), Is.EqualTo(AgentNames));

        Dictionary<string, string> Read(string name) => outputs.GetProperty(name).Deserialize<Dictionary<string, string>>()!;
    }

    private async Task RolesMustBeKeptAsync()
    {
        foreach (var name in MasterNames)
        {
            Assert.That(await OnAsync(name, "for s in zookeeper mesos-master marathon mesos-slave chronos; do echo $s $(systemctl is-active $s); done"),
                Is.EqualTo("zookeeper active\nmesos-master active\nmarathon active\nmesos-slave inactive\nchronos inactive"), name);
        }

        foreach (var name in AgentNames)
        {
            Assert.That(await OnAsync(name, "for s in mesos-slave mesos-master zookeeper marathon chronos; do echo $s $(systemctl is-active $s); done"),
                Is.EqualTo("mesos-slave active\nmesos-master inactive\nzookeeper inactive\nmarathon inactive\nchronos inactive"), name);
        }
    }

    private static async Task<string> LeaderAsync(string master)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(3) };
        using var answer = await http.GetAsync(new Uri($"http://{master}:5050/redirect"));
        return answer.Headers.Location is { } place ? "//" + place.ToString().Split("//")[^1] : "//" + master;
    }

    private async Task<string[]> LoginsAsync() =>
        await Task.WhenAll(_masters.Keys.Concat(_agents.Keys).Select(name => OnAsync(name, "journalctl -u ssh --no-pager | grep -c 'Connection from\\|Accepted' || true")));

    private async Task<string[]> BootsAsync() =>
        await Task.WhenAll(_masters.Keys.Concat(_agents.Keys).Select(name => OnAsync(name, "cat /proc/1/stat | cut -d' ' -f22")));

    private async Task<string[]> FlagsAsync(string host, string daemon) =>
        (await OnAsync(host, $"for p in $(pgrep -f '/{daemon}( |$)'); do tr '\\0' '\\n' </proc/$p/cmdline; done")).Split('\n');

    private async Task FileIsAsync(string host, string path, string content) => Assert.That(await OnAsync(host, $"cat {path}"), Is.EqualTo(content), $"{host}:{path}");

    private async Task<string> OnAsync(string host, string script) => (await _launcher.OnAsync(host, script)).TrimEnd('\n');
}
