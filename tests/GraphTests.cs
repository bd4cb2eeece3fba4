using System.Collections.Immutable;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Tests;

public sealed class GraphTests
{
    private const string Command = "command:remote:Command";

    private static readonly (string, string)[] Tutorial = [("addressing", "public"), ("apps", Some.TutorialApps)];

    [TestCase(1, 0)]
    [TestCase(3, 3)]
    [TestCase(5, 2)]
    [TestCase(7, 1)]
    public async Task Every_host_takes_the_four_steps(int masters, int agents)
    {
        var graph = await Graph.Declare(isPreview: false, ("masters", $"{masters}"), ("agents", $"{agents}"));

        var hosts = Enumerable.Range(1, masters).Select(n => $"master-{n}").Concat(Enumerable.Range(1, agents).Select(n => $"agent-{n}")).ToList();
        Assert.That(graph.All.Where(r => r.Type.EndsWith(":Droplet", StringComparison.Ordinal)).Select(r => r.Name), Is.EquivalentTo(hosts.Select(host => $"{host}-droplet")));
        foreach (var host in hosts)
        {
            Assert.Multiple(() =>
            {
                Assert.That(graph[$"{host}-packages"].After, Is.EqualTo(new[] { $"{host}-wait" }));
                Assert.That(graph[$"{host}-stage"].After, Is.EqualTo(new[] { $"{host}-wait" }));
                Assert.That(graph[$"{host}-apply"].After, Does.Contain($"{host}-packages").And.Contain($"{host}-stage"));
            });
        }
    }

    [Test]
    public async Task Masters_are_applied_one_after_the_other_from_the_highest_and_agents_follow()
    {
        var graph = await Graph.Declare(isPreview: false);

        Assert.Multiple(() =>
        {
            Assert.That(graph["master-3-apply"].After, Is.SupersetOf(new[] { "master-1-stage", "master-2-stage", "master-3-stage", "master-1-packages", "master-2-packages" }));
            Assert.That(graph["master-2-apply"].After, Does.Contain("master-3-apply"));
            Assert.That(graph["master-1-apply"].After, Does.Contain("master-2-apply"));
            Assert.That(Enumerable.Range(1, 3).Select(n => graph[$"agent-{n}-apply"].After), Has.All.Contains("master-1-apply"));
            Assert.That(graph["cluster-readiness-check"].After, Is.SupersetOf(new[] { "master-1-apply", "agent-1-apply", "agent-3-apply" }));
            Assert.That(Enumerable.Range(1, 3).Select(n => graph[$"master-{n}-formed"].After), Has.All.EqualTo(new[] { "cluster-readiness-check" }));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Every_command_on_a_host_starts_anew_with_its_droplet_and_goes_with_it(bool isPreview)
    {
        var graph = await Graph.Declare(isPreview, Tutorial);

        var steps = graph.All.Where(r => r.Type == Command && !r.Name.EndsWith("-drain", StringComparison.Ordinal) && !r.Name.StartsWith("app-", StringComparison.Ordinal)).ToList();
        Assert.That(steps, Has.Count.EqualTo((6 * 4) + 3 + 1));
        foreach (var step in steps)
        {
            var host = step.Name.StartsWith("cluster", StringComparison.Ordinal) ? "master-1" : string.Join('-', step.Name.Split('-').Take(2));
            Assert.That(step.Options.DeletedWith?.GetResourceName(), Is.EqualTo($"{host}-droplet"), step.Name);
            if (!isPreview)
            {
                Assert.That(step.Inputs!["triggers"], Does.Contain($"{host}-droplet-id"), step.Name);
                Assert.That(step.Text("update"), Is.Not.Empty.And.EqualTo(step.Text("create")), step.Name);
            }

            Assert.That(step.Inputs!["addPreviousOutputInEnv"], Is.False, step.Name);
        }
    }

    [Test]
    public async Task Only_the_first_step_dials_without_end()
    {
        var graph = await Graph.Declare(isPreview: false);

        var endless = graph.All.Where(r => r.Type == Command && ((ImmutableDictionary<string, object>)r.Inputs!["connection"])["dialErrorLimit"].Equals(-1.0)).ToList();

        Assert.That(endless.Select(r => r.Name), Is.EquivalentTo(new[] { "master-1-wait", "master-2-wait", "master-3-wait", "agent-1-wait", "agent-2-wait", "agent-3-wait" }));
        Assert.That(endless.Select(r => r.Options.CustomTimeouts?.Create), Has.All.Not.Null);
    }

    [Test]
    public async Task A_drain_only_deletes_and_goes_only_where_the_whole_cluster_goes()
    {
        var graph = await Graph.Declare(isPreview: false);

        var drain = graph["agent-2-drain"];
        Assert.Multiple(() =>
        {
            Assert.That(drain.Inputs!.ContainsKey("create"), Is.False);
            Assert.That(drain.Text("delete"), Does.StartWith("AGENT='10.0.0.52'\nADDRESS='10.0.0.52'\nMASTERS='10.0.0.1 10.0.0.2 10.0.0.3'\n"));
            Assert.That(drain.Inputs["triggers"], Is.EqualTo(new[] { "agent-2-droplet-id" }));
            Assert.That(drain.Options.DeletedWith?.GetResourceName(), Is.EqualTo("master-1-droplet"));
        });
    }

    [Test]
    public async Task An_app_is_updated_in_place_and_never_replaced_by_creating_first()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        var app = graph["app-hello2-definition"];
        Assert.Multiple(() =>
        {
            Assert.That(app.Inputs!.ContainsKey("triggers"), Is.False);
            Assert.That(((CustomResourceOptions)app.Options).DeleteBeforeReplace, Is.True);
            Assert.That(app.Options.DeletedWith?.GetResourceName(), Is.EqualTo("master-1-droplet"));
            Assert.That(app.After, Is.EqualTo(new[] { "cluster-readiness-check" }));
            Assert.That(app.Text("stdin"), Does.StartWith("""{"id":"/hello2","""));
            Assert.That(app.Text("create"), Does.StartWith("APP='/hello2'\n"));
            Assert.That(app.Text("delete"), Does.StartWith("APP='/hello2'\n"));
        });
    }

    [Test]
    public async Task Every_droplet_carries_the_tag_of_the_firewall_and_comes_after_it()
    {
        var graph = await Graph.Declare(isPreview: false);

        var droplets = graph.All.Where(r => r.Type.EndsWith(":Droplet", StringComparison.Ordinal)).ToList();
        Assert.That(droplets, Has.Count.EqualTo(6));
        foreach (var droplet in droplets)
        {
            Assert.Multiple(() =>
            {
                Assert.That(droplet.Inputs!["tags"], Is.EqualTo(graph["cluster-network-firewall"].Inputs!["tags"]), droplet.Name);
                Assert.That(droplet.After, Does.Contain("cluster-network-firewall"), droplet.Name);
                Assert.That(droplet.Text("name"), Is.EqualTo($"{droplet.Name.Replace("-droplet", "", StringComparison.Ordinal)}-3f9a2c"));
                Assert.That(droplet.Text("vpcUuid"), Is.EqualTo("cluster-network-vpc-id"));
            });
        }
    }

    [Test]
    public async Task A_master_is_deleted_before_it_is_replaced_and_no_list_that_is_edited_replaces_it()
    {
        var graph = await Graph.Declare(isPreview: false);

        var master = (CustomResourceOptions)graph["master-2-droplet"].Options;
        var agent = (CustomResourceOptions)graph["agent-2-droplet"].Options;
        Assert.Multiple(() =>
        {
            Assert.That(master.DeleteBeforeReplace, Is.True);
            Assert.That(master.IgnoreChanges, Is.SupersetOf(new[] { "sshKeys", "userData", "image" }));
            Assert.That(agent.DeleteBeforeReplace, Is.Not.True, "the new agent is there before the old one goes");
            Assert.That(agent.ReplaceOnChanges, Is.EqualTo(new[] { "size" }));
        });
    }

    [TestCase("[]", 3)]
    [TestCase("""["203.0.113.0/24"]""", 6)]
    public async Task The_firewall_opens_the_interfaces_to_those_who_are_named_only(string uiCidrs, int rules)
    {
        var graph = await Graph.Declare(isPreview: false, ("uiCidrs", uiCidrs), ("sshCidrs", """["198.51.100.7/32"]"""));

        var inbound = ((ImmutableArray<object>)graph["cluster-network-firewall"].Inputs!["inboundRules"]).Cast<ImmutableDictionary<string, object>>().ToList();
        Assert.That(inbound, Has.Count.EqualTo(rules));
        foreach (var rule in inbound.Where(rule => rule.ContainsKey("sourceAddresses")))
        {
            Assert.That(rule["sourceAddresses"], Is.EqualTo(new[] { (string)rule["portRange"] == "22" ? "198.51.100.7/32" : "203.0.113.0/24" }));
        }
    }

    [Test]
    public async Task The_hosts_are_told_the_services_of_their_role()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        Assert.Multiple(() =>
        {
            Assert.That(graph["master-1-apply"].Text("create"), Does.Contain("\nRUN='zookeeper mesos-master marathon'\nNEVER='mesos-slave chronos'\nSELF='192.0.2.1'\nPEERS='192.0.2.2 192.0.2.3'\nEARLIER='192.0.2.2 192.0.2.3'\n"));
            Assert.That(graph["master-2-apply"].Text("create"), Does.Contain("\nPEERS='192.0.2.1 192.0.2.3'\nEARLIER='192.0.2.3'\n"));
            Assert.That(graph["master-3-apply"].Text("create"), Does.Contain("\nPEERS='192.0.2.1 192.0.2.2'\nEARLIER=''\n"));
            Assert.That(graph["agent-1-apply"].Text("create"), Does.Contain("\nRUN='mesos-slave'\nNEVER='zookeeper mesos-master marathon chronos'\nSELF='192.0.2.51'\nPEERS=''\nEARLIER=''\n"));
            Assert.That(graph["master-1-packages"].Text("create"), Does.Contain("\nPACKAGES='mesosphere zookeeper zookeeperd'\n"));
            Assert.That(graph["agent-1-packages"].Text("create"), Does.Contain("\nPACKAGES='mesos'\n"));
        });
    }

    [Test]
    public async Task A_change_of_one_setting_changes_what_hangs_on_it_and_nothing_else()
    {
        string[] hosts = ["master-1", "master-2", "master-3", "agent-1", "agent-2", "agent-3"];

        Assert.That(await ChangedBy("zkSessionTimeout", "20secs"), Is.EquivalentTo(hosts.SelectMany(host => new[] { $"{host}-stage", $"{host}-apply" }).Append("cluster-readiness-check")));
    }

    [Test]
    public async Task Other_packages_are_installed_and_then_restarted_host_by_host()
    {
        string[] masters = ["master-1", "master-2", "master-3"];

        Assert.That(
            await ChangedBy("masterPackages", """["mesosphere", "zookeeper", "zookeeperd", "mesos=1.4.1"]"""),
            Is.EquivalentTo(masters.SelectMany(host => new[] { $"{host}-packages", $"{host}-apply" }).Append("cluster-readiness-check")));
    }

    [Test]
    public async Task One_agent_more_touches_no_other_host() =>
        Assert.That(await ChangedBy("agents", "4"), Is.EqualTo(new[] { "cluster-readiness-check" }));

    [Test]
    public async Task The_outputs_are_ready_to_use()
    {
        var outputs = (await Graph.Declare(isPreview: false, Tutorial)).Outputs;

        Assert.Multiple(() =>
        {
            Assert.That(outputs["masterUiUrls"], Is.EqualTo(new[] { "http://192.0.2.1:5050", "http://192.0.2.2:5050", "http://192.0.2.3:5050" }));
            Assert.That(outputs["marathonUrls"], Is.EqualTo(new[] { "http://192.0.2.1:8080", "http://192.0.2.2:8080", "http://192.0.2.3:8080" }));
            Assert.That(outputs["zookeeperUrl"], Is.EqualTo("zk://192.0.2.1:2181,192.0.2.2:2181,192.0.2.3:2181/mesos"));
            Assert.That(((ImmutableDictionary<string, string>)outputs["agents"]!)["agent-2"], Is.EqualTo("192.0.2.52"));
            Assert.That(((ImmutableDictionary<string, string>)outputs["sshCommands"]!)["master-3"], Is.EqualTo("ssh -i ~/.ssh/mesos-test -o IdentitiesOnly=yes root@192.0.2.3"));
            Assert.That((string)outputs["sshPrivateKey"]!, Does.StartWith("-----BEGIN EC PRIVATE KEY-----"));
        });
    }

    [Test]
    public async Task The_private_key_is_nowhere_but_in_connections()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);
        var key = ((string)graph.Outputs["sshPrivateKey"]!).Split('\n')[1];

        foreach (var resource in graph.All.Where(r => r.Inputs is not null))
        {
            var rest = resource.Inputs!.Remove("connection");
            Assert.That(System.Text.Json.JsonSerializer.Serialize(rest), Does.Not.Contain(key), resource.Name);
        }
    }

    [Test]
    public async Task A_first_preview_declares_the_same_resources()
    {
        var preview = await Graph.Declare(isPreview: true, Tutorial);
        var update = await Graph.Declare(isPreview: false, Tutorial);

        Assert.That(preview.All.Select(r => (r.Type, r.Name)), Is.EquivalentTo(update.All.Select(r => (r.Type, r.Name))));
    }

    [TestCase("5")]
    [TestCase("1")]
    public async Task Another_number_of_masters_is_refused_before_anything_is_touched(string masters)
    {
        var cloud = new Cloud(isPreview: true) { Born = Certificate(Some.Settings()) };

        var refusal = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration(("masters", masters)))));

        Assert.That(refusal!.ToString(), Does.Contain($"masters: 3 -> {masters}"));
        Assert.That(cloud.Inputs.Keys.Where(name => name.EndsWith("-droplet", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Another_ssh_key_is_refused_for_no_host_would_let_it_in()
    {
        const string Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPdnCwd3mlFG6TDRy5Yo0sVmkKTM1SJEyc3cQHcUoRiW someone";
        var cloud = new Cloud(isPreview: true) { Born = Certificate(Some.Settings()) };

        var refusal = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration(("sshPublicKey", Line), ("sshPrivateKey", "x")))));

        Assert.That(refusal!.ToString(), Does.Contain("sshPublicKey: generated -> SHA256:"));
    }

    [TestCase("my_stack")]
    [TestCase("prod.eu")]
    public async Task A_stack_whose_name_the_cloud_would_refuse_declares_nothing(string stack)
    {
        var cloud = new Cloud(isPreview: true);

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration(("masters", "4"))), stack));

        Assert.That(fault!.ToString(), Does.Contain($"The stack cannot be called '{stack}'").And.Contain("must be 1, 3, 5 or 7"), "all faults in one message");
        Assert.That(cloud.Inputs, Is.Empty);
    }

    [Test]
    public async Task Two_masters_lost_at_once_are_refused()
    {
        var cloud = new Cloud(isPreview: true) { Born = Certificate(Some.Settings()), Lost = ["master-1", "master-3"] };

        var refusal = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration())));

        Assert.That(refusal!.ToString(), Does.Contain("master-1 and master-3 would be replaced in one update"));
    }

    [Test]
    public async Task One_master_lost_is_made_again()
    {
        var cloud = new Cloud(isPreview: true) { Born = Certificate(Some.Settings()), Lost = ["master-2"] };

        var graph = await Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration()));

        Assert.That(graph["master-2-droplet"].Inputs, Is.Not.Null);
    }

    [Test]
    public async Task A_fault_in_the_settings_declares_nothing()
    {
        var cloud = new Cloud(isPreview: true);

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(Some.Configuration(("masters", "4"), ("mastres", "3")))));

        Assert.That(fault!.ToString(), Does.Contain("2 faults in the settings of stack 'test'; nothing was touched").And.Contain("did you mean masters?"));
        Assert.That(cloud.Inputs, Is.Empty);
    }

    // The commands that another value of a setting changes.
    private static async Task<IEnumerable<string>> ChangedBy(string setting, string value)
    {
        var before = await Graph.Declare(isPreview: false);
        var after = await Graph.Declare(isPreview: false, (setting, value));
        return before.All.Where(r => r.Type == Command && r.Inputs!.ContainsKey("create") && r.Text("create") != after[r.Name].Text("create")).Select(r => r.Name);
    }

    private static ImmutableDictionary<string, object> Certificate(ClusterSettings settings) =>
        BirthCertificate.Of(settings).ToImmutableDictionary(pair => pair.Key, pair => (object)pair.Value);

    private static Dictionary<string, string> Prefixed(Dictionary<string, string> configuration) =>
        configuration.ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value);
}
