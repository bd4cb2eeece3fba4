using System.Runtime.Versioning;
using System.Text.Json;
using Json.Schema;
using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Tests.Cli.Previews;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary><c>status</c>, over hosts that only answer. Screens are golden files, and every JSON document is valid by the schema in <c>docs</c>.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StatusTests : HostFixture
{
    private const string Tag = "mesos-5722e1";
    private const string Id = "6c0c2f6e-0000-4000-8000-000000000001";

    private readonly HostsInMemory _hosts = new();
    private List<CloudDroplet> _droplets = [];
    private IReadOnlyList<ResourceState> _resources = [];

    [SetUp]
    public async Task MakeCluster()
    {
        var cluster = new ClusterStates(new ClusterOptions(), _ => false).Make();
        var network = cluster.First(r => r.Type.EndsWith(":ClusterNetwork", StringComparison.Ordinal));
        _resources = [.. new[] { "command", "digitalocean" }.Select(Provider), .. cluster.Select(r => r with { DeletedWith = "" }), cluster.First(r => r.Type.EndsWith(":Vpc", StringComparison.Ordinal)) with
        {
            Urn = network.Urn.Replace("::mesos-network", "$digitalocean:index/tag:Tag::mesos-network-tag", StringComparison.Ordinal),
            Type = "digitalocean:index/tag:Tag",
            Id = Tag,
            Inputs = PropertyMap.Empty.With("name", Tag),
            Outputs = PropertyMap.Empty.With("name", Tag),
        }];
        await _host.SaveStateAsync(new Snapshot([.. _resources], []));
        _host.Providers["command"] = _hosts;
        _droplets = [.. _resources.Where(r => r.Type == "digitalocean:index/droplet:Droplet").Select(r => new CloudDroplet(r.Id, ((PropertyValue.Text)r.Inputs["name"]).Value, "active"))];
        _host.Droplets = tag => tag == Tag ? _droplets : [];

        _hosts.Answers.Clear();
        _hosts.Ran.Clear();
        foreach (var number in new[] { 1, 2, 3 })
        {
            _hosts.Answers[(Master(number), "compare")] = "version mesos 1.4.1\nversion zookeeper 3.8.0\n";
            _hosts.Answers[(Agent(number), "compare")] = "version mesos 1.4.1\n";
        }

        Report();
    }

    [Test]
    public async Task A_whole_cluster()
    {
        await ShowsAsync("whole", 0);
        Assert.That(_hosts.Ran, Has.Count.EqualTo(7), "one report, six comparisons");
        Assert.That(_hosts.Ran.Select(run => run.Command), Has.All.Contains("bash report.sh").Or.Contains("bash compare.sh"), "nothing else is run");
        Assert.That(_hosts.Ran.First(run => run.Command.Contains("compare.sh", StringComparison.Ordinal) && run.Host == Agent(2)).Input, Does.Contain("host agent-2"));
    }

    [Test]
    public async Task One_ZooKeeper_down()
    {
        Report(("zookeeper master-1 follower", "zookeeper master-1 silent\nwrong ZooKeeper on master-1 (198.51.100.40) does not serve"));
        _hosts.Answers[(Master(1), "compare")] += "stopped zookeeper\n";

        await ShowsAsync("one-zookeeper-down", 1);
    }

    [Test]
    public async Task The_quorum_lost()
    {
        _hosts.Answers[(Master(3), "report")] = """
            zookeeper master-1 silent
            wrong ZooKeeper on master-1 (198.51.100.40) does not serve
            zookeeper master-2 silent
            wrong ZooKeeper on master-2 (198.51.100.41) does not serve
            zookeeper master-3 silent
            wrong ZooKeeper on master-3 (198.51.100.42) does not serve
            mesos-master master-1 follower
            mesos-master master-2 follower
            mesos-master master-3 follower
            wrong no Mesos master leads

            """;

        await ShowsAsync("quorum-lost", 1);
    }

    [Test]
    public async Task An_agent_missing()
    {
        Report(($"agent agent-2 active {Id}-S2", "agent agent-2 missing\nwrong agent-2 (198.51.101.2) has not registered"));
        _hosts.Answers.Remove((Agent(2), "compare"));

        await ShowsAsync("agent-missing", 1);
    }

    [Test]
    public async Task A_droplet_switched_off()
    {
        Report(($"agent agent-2 active {Id}-S2", $"agent agent-2 inactive {Id}-S2\nwrong agent-2 (198.51.101.2) is registered, but it is not active"));
        _hosts.Answers.Remove((Agent(2), "compare"));
        _droplets = [.. _droplets.Select(d => d.Name.EndsWith("agent-2", StringComparison.Ordinal) ? d with { Power = "off" } : d)];

        await ShowsAsync("droplet-off", 1);
    }

    [Test]
    public async Task A_file_changed_by_hand()
    {
        _hosts.Answers[(Master(2), "compare")] += "differs /etc/mesos-master/cluster\nsurplus /etc/mesos-master/quorum.dpkg-dist\nsurplus-daemon chronos\n";

        await ShowsAsync("file-changed", 1);
    }

    [Test]
    public async Task A_droplet_that_no_state_knows_comes_with_the_command_that_removes_it()
    {
        _droplets.Add(new CloudDroplet("77", "mesos-5722e1-agent-1", "active"));

        await ShowsAsync("unknown-droplet", 1);
    }

    [Test]
    public async Task A_master_that_does_not_answer_is_passed_over_for_the_report()
    {
        var report = _hosts.Answers[(Master(3), "report")];
        _hosts.Answers.Remove((Master(3), "report"));
        _hosts.Answers[(Master(2), "report")] = report;

        Assert.That(await _host.RunAsync("status"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("mesos: whole"));
    }

    [Test]
    public async Task A_cluster_of_which_no_master_answers_is_not_whole()
    {
        _hosts.Answers.Clear();
        _host.Droplets = null;

        await ShowsAsync("nobody-answers", 1);
    }

    [TestCase("--show-secrets")]
    [TestCase(null)]
    public async Task A_state_that_was_exported_is_read(string? secrets)
    {
        Assert.That(await _host.RunAsync(["stack", "export", .. secrets is null ? Array.Empty<string>() : [secrets]]), Is.Zero, _host.Error);
        _host.Input = _host.Output;
        File.Delete(_host.StateFile);

        Assert.That(await _host.RunAsync("status", "--state", "-"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("mesos: whole"));
    }

    // A failed update leaves the command of the version before in the state.
    [Test]
    public async Task A_command_of_an_earlier_version_has_no_last_word()
    {
        _resources = [.. _resources.Select(r => r.Inputs.GetValueOrDefault("create") is PropertyValue.Text create ? r with { Inputs = r.Inputs.With("create", create.Value.Split(" && echo")[0]) } : r)];
        await _host.SaveStateAsync(new Snapshot([.. _resources], []));

        Assert.That(await _host.RunAsync("status"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("mesos: whole"));
    }

    [Test]
    public async Task A_stack_without_a_cluster_says_so()
    {
        await _host.SaveStateAsync(States.Full);

        Assert.That(await _host.RunAsync("status"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Contain("the state has no cluster"));
    }

    [Test]
    public async Task A_host_with_older_scripts_says_what_to_do()
    {
        _resources = [.. _resources.Select(r => r.Name == "mesos-agent-1-configuration" ? r with { Inputs = r.Inputs.With("create", "bash another.sh") } : r)];
        await _host.SaveStateAsync(new Snapshot([.. _resources], []));

        Assert.That(await _host.RunAsync("status"), Is.EqualTo(1));
        Assert.That(_host.Output, Does.Contain("agent-1").And.Contains("made by another version of this program"));
    }

    // The provider that the states of the cluster name.
    private static ResourceState Provider(string package) => new()
    {
        Urn = $"urn:pulumi:lab::mesos-stack::pulumi:providers:{package}::default_1_2_1",
        Type = $"pulumi:providers:{package}",
        Custom = true,
        Id = "95e899f2-9cd8-4e9a-997a-8eabcfcad17a",
    };

    private static string Master(int number) => $"198.51.100.{39 + number}";

    private static string Agent(int number) => $"198.51.101.{number}";

    // What a whole cluster says of itself, but for these lines.
    private void Report(params (string Line, string Instead)[] differences)
    {
        var text = $"""
            zookeeper master-1 follower
            zookeeper master-2 leader
            zookeeper master-3 follower
            mesos-master master-1 follower
            mesos-master master-2 leader
            mesos-master master-3 follower
            agent agent-1 active {Id}-S1
            agent agent-2 active {Id}-S2
            agent agent-3 active {Id}-S3
            marathon master-1 198.51.100.40:8080
            marathon master-2 198.51.100.40:8080
            marathon master-3 198.51.100.40:8080
            framework marathon {Id}-0000
            app /hello 1 1

            """;
        foreach (var (line, instead) in differences)
        {
            Assert.That(text, Does.Contain(line));
            text = text.Replace(line, instead, StringComparison.Ordinal);
        }

        _hosts.Answers[(Master(3), "report")] = text;
    }

    private async Task ShowsAsync(string name, int code)
    {
        Assert.That(await _host.RunAsync("status"), Is.EqualTo(code), _host.Error);
        Golden.Check($"status-{name}.txt", _host.Output);
        _hosts.Ran.Clear();

        var json = await _host.RunAsync("status", "--json");
        Assert.That(json, Is.EqualTo(code), _host.Error + _host.Output);
        Golden.Check($"status-{name}.json", _host.Output);
        using var document = JsonDocument.Parse(_host.Output);
        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.That(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")));
    }

    private static JsonSchema Schema { get; } = JsonSchema.FromText(File.ReadAllText(Path.Combine(Golden.Repository, "docs", "status.schema.json")));
}
