using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using NUnit.Framework.Constraints;
using Pulumi;
using Pulumi.Command.Remote;

namespace MesosStack.Tests;

public sealed class GraphTests
{
    private const string Command = "command:remote:Command";
    private const string Copy = "command:remote:CopyToRemote";

    private static readonly (string, string)[] Tutorial = [("addressing", "public"), ("apps", TestConfiguration.TutorialApps)];

    [TestCase(1, 0)]
    [TestCase(3, 3)]
    [TestCase(5, 2)]
    [TestCase(7, 1)]
    public async Task A_host_is_five_resources_and_three_connections(int masters, int agents)
    {
        var graph = await Graph.Declare(isPreview: false, ("masters", $"{masters}"), ("agents", $"{agents}"));

        var hosts = Enumerable.Range(1, masters).Select(n => $"mesos-master-{n}").Concat(Enumerable.Range(1, agents).Select(n => $"mesos-agent-{n}")).ToList();
        Assert.That(graph.All.Where(r => r.Type.EndsWith(":Droplet", StringComparison.Ordinal)).Select(r => r.Name), Is.EquivalentTo(hosts.Select(host => $"{host}-droplet")));
        foreach (var host in hosts)
        {
            var own = graph.All.Where(r => r.Name == host || r.Name.StartsWith($"{host}-", StringComparison.Ordinal)).ToList();
            Assert.Multiple(() =>
            {
                Assert.That(own.Select(r => r.Name), Is.EquivalentTo(new[] { host, $"{host}-droplet", $"{host}-scripts", $"{host}-packages", $"{host}-configuration" }));
                Assert.That(own.Count(r => r.Inputs?.ContainsKey("connection") == true), Is.EqualTo(3));
                Assert.That(graph[$"{host}-packages"].After, Is.EqualTo(new[] { $"{host}-scripts" }));
                Assert.That(graph[$"{host}-configuration"].After, Does.Contain($"{host}-packages"));
            });
        }
    }

    [Test]
    public async Task Every_command_runs_a_script_that_is_copied()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);
        var copied = Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "scripts")).Select(Path.GetFileName).ToList();

        var run = graph.All.Where(r => r.Type == Command).SelectMany(r => new[] { "create", "delete" }.Select(input => r.Inputs!.GetValueOrDefault(input))).OfType<string>()
            .Select(command => Regex.Match(command, " bash ([a-z-]+[.]sh)( |$)").Groups[1].Value).Distinct().ToList();

        Assert.That(run, Is.Not.Empty);
        Assert.That(run, Is.SubsetOf(copied));
    }

    [Test]
    public async Task Masters_are_configured_one_after_the_other_from_the_highest_and_agents_follow()
    {
        var graph = await Graph.Declare(isPreview: false);

        Assert.Multiple(() =>
        {
            Assert.That(graph["mesos-master-3-configuration"].After, Is.SupersetOf(new[] { "mesos-master-1-packages", "mesos-master-2-packages", "mesos-master-3-packages" }));
            Assert.That(graph["mesos-master-2-configuration"].After, Does.Contain("mesos-master-3-configuration"));
            Assert.That(graph["mesos-master-1-configuration"].After, Does.Contain("mesos-master-2-configuration"));
            Assert.That(Enumerable.Range(1, 3).Select(n => graph[$"mesos-agent-{n}-configuration"].After), Has.All.Contains("mesos-master-1-configuration"));
            Assert.That(graph["mesos-readiness"].After, Is.SupersetOf(new[] { "mesos-master-1-configuration", "mesos-agent-1-configuration", "mesos-agent-3-configuration" }));
            Assert.That(graph["mesos-drain"].After, Is.EqualTo(new[] { "mesos-readiness" }));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Every_step_on_a_host_starts_anew_with_its_droplet_and_goes_with_it(bool isPreview)
    {
        var graph = await Graph.Declare(isPreview, Tutorial);

        var steps = graph.All.Where(r => r.Type is Command or Copy).ToList();
        Assert.That(steps.Select(step => step.Name), Is.SupersetOf(new[] { "mesos-agent-3-scripts", "mesos-master-1-packages", "mesos-master-1-configuration", "mesos-readiness", "mesos-drain", "mesos-app-hello" }));
        foreach (var step in steps)
        {
            // Steps for the cluster as a whole run on the master that is the first to change.
            var ofOneHost = Regex.Match(step.Name, "^(mesos-(?:master|agent)-[0-9]+)-");
            var host = ofOneHost.Success ? ofOneHost.Groups[1].Value : "mesos-master-3";
            Assert.That(step.Options.DeletedWith?.GetResourceName(), Is.EqualTo($"{host}-droplet"), step.Name);
            if (!isPreview)
            {
                // A step for the whole cluster is never replaced.
                Assert.That(step.Inputs!.GetValueOrDefault("triggers"), ofOneHost.Success ? Is.EqualTo(new[] { $"{host}-droplet-id" }) : Is.Null, step.Name);
            }
        }
    }

    [Test]
    public async Task A_command_is_one_line_without_an_update_and_the_rest_is_standard_input()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        foreach (var step in graph.All.Where(r => r.Type == Command))
        {
            Assert.Multiple(() =>
            {
                Assert.That(step.Text("create"), Does.Match(@"^cd /usr/local/lib/mesos-stack && sha256sum --quiet --strict --check SHA256SUMS && bash [a-z]+[.]sh( [a-z0-9.=/-]+)* && echo mesos-stack:done$"), step.Name);
                Assert.That(step.Inputs!.ContainsKey("update"), Is.False, step.Name);
                Assert.That(step.Text("stdin"), Is.Not.Empty, step.Name);
                Assert.That(step.Inputs["addPreviousOutputInEnv"], Is.False, step.Name);
            });
        }
    }

    [TestCase("")]
    [TestCase("Please login as the user \"debian\" rather than the user \"root\".")]
    [TestCase("The host was told: echo mesos-stack:done")]
    [TestCase("mesos-stack:done\nmore")]
    public async Task A_step_without_the_last_word_of_its_script_fails_by_name(string output)
    {
        var cloud = new Cloud(isPreview: false) { Says = { ["mesos-agent-2-packages"] = output } };

        var failure = await Assert.CatchAsync(() => Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration())));

        Assert.That(failure!.ToString(), Does.Contain("mesos-agent-2-packages: 192.0.2.52 ended the step well, but the script's last word is missing")
            .And.Match("--replace 'urn:pulumi:[^']*::mesos-agent-2-packages'"));
    }

    [Test]
    public async Task What_a_host_prints_before_the_last_word_does_no_harm()
    {
        var cloud = new Cloud(isPreview: false) { Says = { ["mesos-agent-2-packages"] = "All activities are monitored\nmesos-stack:done" } };

        Assert.That((await Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration()))).All, Is.Not.Empty);
    }

    [Test]
    public async Task A_step_of_an_earlier_version_and_a_preview_need_no_last_word()
    {
        var left = new Cloud(isPreview: false) { Says = { ["mesos-drain"] = "" }, Left = { ["mesos-drain"] = "bash drain.sh" } };
        var preview = new Cloud(isPreview: true) { Settled = Settled(TestConfiguration.Settings()), Says = { ["mesos-drain"] = "" } };

        Assert.That((await Graph.DeclareRaw(false, left, Prefixed(TestConfiguration.Configuration()))).All, Is.Not.Empty);
        Assert.That((await Graph.DeclareRaw(true, preview, Prefixed(TestConfiguration.Configuration()))).All, Is.Not.Empty);
    }

    [Test]
    public async Task Every_host_gets_the_same_scripts()
    {
        var graph = await Graph.Declare(isPreview: false);

        var copies = graph.All.Where(r => r.Type == Copy).ToList();
        Assert.That(copies, Has.Count.EqualTo(6));
        foreach (var copy in copies)
        {
            Assert.That(copy.Text("remotePath"), Is.EqualTo("/usr/local/lib/mesos-stack"));
            Assert.That(copy.Inputs!["source"], Is.InstanceOf<FileArchive>());
        }
    }

    [Test]
    public async Task Only_the_first_step_waits_for_a_boot_and_its_attempts_end_before_its_time_does()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        foreach (var step in graph.All.Where(r => r.Type is Command or Copy))
        {
            var connection = (ImmutableDictionary<string, object>)step.Inputs!["connection"];
            var (attempts, timeout) = ((double)connection["dialErrorLimit"], (double)connection["perDialTimeout"]);
            Assert.That(attempts, step.Type == Copy ? Is.InRange(60, 120) : Is.EqualTo(10), step.Name);
            if (step.Type == Copy)
            {
                // Nobody answers, and 5 seconds lie between two attempts.
                Assert.That(TimeSpan.FromSeconds((attempts + 1) * (timeout + 5)), Is.LessThan(step.Options.CustomTimeouts!.Create!.Value));
            }
        }
    }

    [Test]
    public async Task The_drain_knows_the_agents_and_every_address()
    {
        var graph = await Graph.Declare(isPreview: false, ("agents", "2"));

        var drain = graph["mesos-drain"];
        Assert.That(drain.Text("create"), Does.EndWith("bash drain.sh master-1=10.0.0.1 master-2=10.0.0.2 master-3=10.0.0.3 agent-1=10.0.0.51 agent-2=10.0.0.52 && echo mesos-stack:done"));
        Assert.That(drain.Text("stdin"), Is.EqualTo(MemberList.Agents(["agent-1", "agent-2"])));
    }

    [Test]
    public async Task An_app_is_updated_in_place_and_never_replaced_by_creating_first()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        var app = graph["mesos-app-hello2"];
        Assert.Multiple(() =>
        {
            Assert.That(((CustomResourceOptions)app.Options).DeleteBeforeReplace, Is.True);
            Assert.That(app.After, Is.EqualTo(new[] { "mesos-readiness" }));
            Assert.That(app.Text("stdin"), Does.StartWith("""{"id":"/hello2","""));
            Assert.That(app.Text("create"), Does.EndWith("bash app.sh app=/hello2 && echo mesos-stack:done"));
            Assert.That(app.Text("delete"), Does.EndWith("bash app-delete.sh app=/hello2 && echo mesos-stack:done"));
        });
    }

    [Test]
    public async Task An_app_with_a_secret_in_it_is_a_secret_and_shows_what_is_none()
    {
        var graph = await Graph.DeclareSealed(["apps"], ("apps", """[{"id": "shop/web", "cmd": "run planted-1", "cpus": 0.5, "instances": 2, "env": {"PASSWORD": "planted-2"}}]"""));

        var app = graph["mesos-app-shop-web"];
        var args = (CommandArgs)app.Args;
        Assert.That(await Output.IsSecretAsync(args.Stdin.ToOutput()), Is.True);
        Assert.That(((CustomResourceOptions)app.Options).AdditionalSecretOutputs, Is.SupersetOf(new[] { "stdin", "stdout", "stderr" }));
        Assert.That(app.Text("stdin"), Does.Contain("planted-1").And.Contain("planted-2"), "Marathon gets it whole");
        Assert.That(app.Text("create"), Does.Contain(" bash app.sh app=/shop/web sealed=yes").And.EndWith(
            """

            # {
            #   "id": "/shop/web",
            #   "cmd": "[secret]",
            #   "cpus": 0.5,
            #   "mem": 16,
            #   "disk": 0,
            #   "instances": 2,
            #   "ports": [
            #     0
            #   ],
            #   "env": {
            #     "PASSWORD": "[secret]"
            #   }
            # }
            """));
        foreach (var resource in graph.All)
        {
            var elsewhere = resource.Inputs?.Where(input => resource != app || input.Key != "stdin").ToDictionary();
            Assert.That(System.Text.Json.JsonSerializer.Serialize(elsewhere), Does.Not.Contain("planted"), resource.Name);
        }
    }

    [Test]
    public async Task A_secret_that_the_program_would_show_is_refused_and_faults_show_no_secret()
    {
        var refused = await Assert.ThrowsAsync<RunException>(() => Graph.DeclareSealed(
            ["apps", "clusterName", "masterPackages"], ("clusterName", "planted"), ("masterPackages", """["planted"]"""), ("apps", """[{"id": "a", "cmd": 7000007}, {"id": "PLANTED", "cmd": "x"}]""")));

        Assert.That(refused!.Message, Does.Not.Contain("planted").IgnoreCase.And.Not.Contain("7000007"));
        Assert.That(refused.Message, Does.Contain("mesos-stack:apps[0].cmd: must be").And.Contain("mesos-stack:apps[1].id: must be"));
        Assert.That(refused.Message, Does.Contain("mesos-stack:clusterName: is set as a secret").And.Contain("mesos-stack:masterPackages: is set as a secret").And.Contain("Secrets may be in sshPrivateKey and apps"));
    }

    [Test]
    public async Task What_is_not_known_yet_hides_no_description()
    {
        var preview = await Graph.Declare(isPreview: true, Tutorial);
        var update = await Graph.Declare(isPreview: false, Tutorial);

        foreach (var step in update.All.Where(r => r.Type == Command))
        {
            Assert.That(preview[step.Name].Text("stdin"), Is.EqualTo(step.Text("stdin")), step.Name);
        }
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
                Assert.That(droplet.Inputs!["tags"], Is.EqualTo(graph["mesos-network-firewall"].Inputs!["tags"]), droplet.Name);
                Assert.That(droplet.After, Does.Contain("mesos-network-firewall"), droplet.Name);
                Assert.That(droplet.Text("name"), Is.EqualTo(droplet.Name.Replace("mesos-", "mesos-3f9a2c-", StringComparison.Ordinal).Replace("-droplet", "", StringComparison.Ordinal)));
                Assert.That(droplet.Text("vpcUuid"), Is.EqualTo("mesos-network-vpc-id"));
            });
        }
    }

    [Test]
    public async Task A_master_is_deleted_before_it_is_replaced_and_no_list_that_is_edited_replaces_it()
    {
        var graph = await Graph.Declare(isPreview: false);

        var master = (CustomResourceOptions)graph["mesos-master-2-droplet"].Options;
        var agent = (CustomResourceOptions)graph["mesos-agent-2-droplet"].Options;
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

        var inbound = ((ImmutableArray<object>)graph["mesos-network-firewall"].Inputs!["inboundRules"]).Cast<ImmutableDictionary<string, object>>().ToList();
        Assert.That(inbound, Has.Count.EqualTo(rules));
        foreach (var rule in inbound.Where(rule => rule.ContainsKey("sourceAddresses")))
        {
            Assert.That(rule["sourceAddresses"], Is.EqualTo(new[] { (string)rule["portRange"] == "22" ? "198.51.100.7/32" : "203.0.113.0/24" }));
        }
    }

    [Test]
    public async Task The_hosts_are_told_what_they_are_and_who_the_masters_are()
    {
        var graph = await Graph.Declare(isPreview: false, Tutorial);

        Assert.Multiple(() =>
        {
            Assert.That(graph["mesos-master-2-configuration"].Text("create"), Does.EndWith("bash configuration.sh master-1=192.0.2.1 master-2=192.0.2.2 master-3=192.0.2.3 && echo mesos-stack:done"));
            Assert.That(graph["mesos-agent-1-configuration"].Text("create"), Does.EndWith("bash configuration.sh master-1=192.0.2.1 master-2=192.0.2.2 master-3=192.0.2.3 agent-1=192.0.2.51 && echo mesos-stack:done"));
            Assert.That(graph["mesos-master-2-configuration"].Text("stdin"), Is.EqualTo(HostDescription.Master(TestConfiguration.Settings(Tutorial), "mesos", 2)));
            Assert.That(graph["mesos-agent-1-configuration"].Text("stdin"), Is.EqualTo(HostDescription.Agent(TestConfiguration.Settings(Tutorial), 1)));
            Assert.That(graph["mesos-master-1-packages"].Text("stdin"), Does.Contain("package zookeeperd\n").And.Contain("disabled mesos-slave\n"));
            Assert.That(graph["mesos-agent-1-packages"].Text("stdin"), Does.Contain("package mesos\n").And.Contain("disabled zookeeper\n"));
        });
    }

    [Test]
    public async Task A_change_of_one_setting_changes_what_hangs_on_it_and_nothing_else()
    {
        string[] hosts = ["master-1", "master-2", "master-3", "agent-1", "agent-2", "agent-3"];

        Assert.That(await ChangedBy("zkSessionTimeout", "20secs"), Is.EquivalentTo(hosts.Select(host => $"mesos-{host}-configuration").Append("mesos-readiness")));
        Assert.That(await ChangedBy("clusterName", "whale"), Is.EquivalentTo(hosts.Take(3).Select(host => $"mesos-{host}-configuration").Append("mesos-readiness")));
    }

    [Test]
    public async Task Other_packages_are_installed_and_then_restarted_host_by_host()
    {
        string[] masters = ["mesos-master-1", "mesos-master-2", "mesos-master-3"];

        Assert.That(
            await ChangedBy("masterPackages", """["mesosphere", "zookeeper", "zookeeperd", "mesos=1.4.1"]"""),
            Is.EquivalentTo(masters.SelectMany(host => new[] { $"{host}-packages", $"{host}-configuration" }).Append("mesos-readiness")));
    }

    [Test]
    public async Task One_agent_more_touches_no_other_host() =>
        Assert.That(await ChangedBy("agents", "4"), Is.EquivalentTo(new[] { "mesos-readiness", "mesos-drain" }));

    [Test]
    public async Task Two_clusters_in_one_program_have_no_name_in_common()
    {
        var cloud = new Cloud(isPreview: false);
        var graph = await Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration()), names: ["blue", "green"]);

        Assert.That(graph.All.Select(r => r.Name), Has.All.Match("^(blue|green)(-|$)").Or.All.EqualTo("mesos-stack-test"));
        Assert.That(graph.All.Count(r => r.Type.EndsWith(":Droplet", StringComparison.Ordinal)), Is.EqualTo(12));
        Assert.That(graph["blue-network-tag"].Text("name"), Is.EqualTo("blue-3f9a2c"));
        Assert.That(graph["green-agent-1-droplet"].Inputs!["tags"], Is.EqualTo(new[] { "green-3f9a2c" }));
    }

    [Test]
    public async Task Nothing_at_DigitalOcean_or_on_a_host_bears_the_stacks_name()
    {
        var one = await Graph.DeclareRaw(false, new Cloud(isPreview: false), Prefixed(TestConfiguration.Configuration()), "one");
        var two = await Graph.DeclareRaw(false, new Cloud(isPreview: false), Prefixed(TestConfiguration.Configuration()), "two");

        Assert.That(two.InputsSeen.Order(), Is.EqualTo(one.InputsSeen.Order()));
    }

    [Test]
    public async Task What_was_settled_names_the_cluster_for_good()
    {
        var cloud = new Cloud(isPreview: false) { Settled = Settled(TestConfiguration.Settings()).SetItem("name", "older") };

        var graph = await Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration()));

        Assert.That(graph["mesos-network-vpc"].Text("name"), Is.EqualTo("older-3f9a2c"));
    }

    [TestCase("my_cluster")]
    [TestCase("prod.eu")]
    [TestCase("a234567890123456789012345678901234567890x")]
    public async Task A_cluster_whose_name_the_cloud_would_refuse_declares_nothing(string name)
    {
        var cloud = new Cloud(isPreview: true);

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration()), names: [name]));

        Assert.That(fault!.ToString(), Does.Contain($"a cluster cannot be called '{name}'"));
        Assert.That(cloud.Inputs, Is.Empty);
    }

    [Test]
    public async Task A_network_and_an_image_of_the_programs_own_are_used()
    {
        var cloud = new Cloud(isPreview: false);
        var graph = await Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration()), vpcUuid: "vpc-of-mine", image: "4711");

        Assert.That(graph.All.Where(r => r.Type.EndsWith(":Vpc", StringComparison.Ordinal)), Is.Empty);
        Assert.That(graph["mesos-agent-1-droplet"].Text("vpcUuid"), Is.EqualTo("vpc-of-mine"));
        Assert.That(graph["mesos-agent-1-droplet"].Text("image"), Is.EqualTo("4711"));
    }

    [Test]
    public async Task The_outputs_are_ready_to_use()
    {
        var outputs = (await Graph.Declare(isPreview: false, Tutorial)).Outputs;
        var expected = new Dictionary<string, IResolveConstraint>
        {
            ["masterUiUrls"] = Is.EqualTo(new[] { "http://192.0.2.1:5050", "http://192.0.2.2:5050", "http://192.0.2.3:5050" }),
            ["marathonUrls"] = Is.EqualTo(new[] { "http://192.0.2.1:8080", "http://192.0.2.2:8080", "http://192.0.2.3:8080" }),
            ["zookeeperUrl"] = Is.EqualTo("zk://192.0.2.1:2181,192.0.2.2:2181,192.0.2.3:2181/mesos"),
            ["masters"] = Is.EquivalentTo(new Dictionary<string, string> { ["master-1"] = "192.0.2.1", ["master-2"] = "192.0.2.2", ["master-3"] = "192.0.2.3" }),
            ["agents"] = Is.EquivalentTo(new Dictionary<string, string> { ["agent-1"] = "192.0.2.51", ["agent-2"] = "192.0.2.52", ["agent-3"] = "192.0.2.53" }),
            ["sshCommands"] = Has.Count.EqualTo(6).And.ItemAt("master-3").EqualTo("ssh -i ~/.ssh/mesos-3f9a2c -o IdentitiesOnly=yes root@192.0.2.3"),
            ["tunnelCommand"] = Is.EqualTo("ssh -N -D 1080 -i ~/.ssh/mesos-3f9a2c -o IdentitiesOnly=yes root@192.0.2.1"),
            ["saveSshKeyCommand"] = Does.Contain("pulumi stack output sshPrivateKey --show-secrets --stack test > ~/.ssh/mesos-3f9a2c"),
            ["sshPrivateKey"] = Does.StartWith("-----BEGIN EC PRIVATE KEY-----"),
        };

        Assert.That(expected.Keys, Is.EquivalentTo(outputs.Keys), "each output has its line here");
        Assert.Multiple(() =>
        {
            foreach (var (name, constraint) in expected)
            {
                Assert.That(outputs[name], constraint, name);
            }
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

    [Test]
    public async Task Another_value_of_a_settled_setting_is_refused_before_anything_is_touched()
    {
        var others = new Dictionary<string, ((string Key, string Value)[] Settings, string Refusal)>
        {
            ["masters"] = ([("masters", "5")], "masters: 3 -> 5"),
            ["masterSize"] = ([("masterSize", "s-4vcpu-8gb")], "masterSize: s-2vcpu-4gb -> s-4vcpu-8gb"),
            ["addressing"] = ([("addressing", "public")], "addressing: private -> public"),
            ["uiCidrs"] = ([("uiCidrs", """["203.0.113.0/24"]""")], "uiCidrs: not shown outside the private network -> shown outside"),
            ["sshPublicKey"] = ([("sshPublicKey", TestKeys.Line("ed25519")), ("sshPrivateKey", TestKeys.Text("ed25519"))], "sshPublicKey: generated -> SHA256:"),
        };
        var settled = Settled(TestConfiguration.Settings());
        Assert.That(others.Keys, Is.EquivalentTo(settled.Keys.Except([SettledSettings.NameKey])), "each settled setting has its case here");
        foreach (var (settings, expected) in others.Values)
        {
            var cloud = new Cloud(isPreview: true) { Settled = settled };

            var refusal = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration(settings))));

            Assert.That(refusal!.ToString(), Does.Contain(expected));
            Assert.That(cloud.Inputs.Keys.Where(name => name.EndsWith("-droplet", StringComparison.Ordinal)), Is.Empty, expected);
        }
    }

    [Test]
    public async Task Two_masters_lost_at_once_are_refused()
    {
        var cloud = new Cloud(isPreview: true) { Settled = Settled(TestConfiguration.Settings()), Lost = ["master-1", "master-3"] };

        var refusal = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration())));

        Assert.That(refusal!.ToString(), Does.Contain("master-1 and master-3 would be replaced in one update"));
    }

    [TestCase(true, "off", "is off")]
    [TestCase(false, "off", "is off")]
    [TestCase(true, "archive", "is archived")]
    public async Task A_droplet_that_is_off_is_named_and_no_step_of_a_member_is_declared(bool isPreview, string status, string words)
    {
        var cloud = new Cloud(isPreview) { Settled = Settled(TestConfiguration.Settings()), Told = { ["master-2"] = ("status", status) } };

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(isPreview, cloud, Prefixed(TestConfiguration.Configuration())));

        Assert.Multiple(() =>
        {
            Assert.That(fault!.ToString(), Does.Contain($"the droplet mesos-3f9a2c-master-2 {words}").And.Contain("doctl compute droplet-action power-on mesos-master-2-droplet-id")
                .And.Contain("./mesos-stack lab power-on mesos-3f9a2c-master-2").And.Contain("up --refresh"));
            Assert.That(cloud.Inputs.Keys.Where(name => name.EndsWith("-configuration", StringComparison.Ordinal)), Is.Empty);
        });
    }

    [TestCase("master-1", "ipv4Address")]
    [TestCase("master-3", "ipv4AddressPrivate")]
    [TestCase("agent-2", "ipv4Address")]
    public async Task An_empty_address_is_named_and_never_an_output(string host, string address)
    {
        var cloud = new Cloud(isPreview: false) { Told = { [host] = (address, "") } };

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration())));

        Assert.That(fault!.ToString(), Does.Contain($"no address of the droplet mesos-3f9a2c-{host}").And.Contain("up --refresh"));
        Assert.That(cloud.Inputs.Where(resource => resource.Key.StartsWith($"mesos-{host}-", StringComparison.Ordinal)).Select(resource => resource.Key), Is.EqualTo(new[] { $"mesos-{host}-droplet" }));
    }

    [Test]
    public async Task Public_addressing_needs_no_private_address()
    {
        var cloud = new Cloud(isPreview: false) { Told = { ["agent-1"] = ("ipv4AddressPrivate", "") } };

        var graph = await Graph.DeclareRaw(false, cloud, Prefixed(TestConfiguration.Configuration(("addressing", "public"))));

        Assert.That(graph["mesos-agent-1-configuration"].Text("create"), Does.Contain(" agent-1=192.0.2.51 "));
    }

    [Test]
    public async Task A_droplet_that_is_being_made_is_no_fault()
    {
        var cloud = new Cloud(isPreview: true) { Settled = Settled(TestConfiguration.Settings()), Told = { ["agent-1"] = ("status", "new") } };

        Assert.That((await Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration())))["mesos-agent-1-scripts"].Inputs, Is.Not.Null);
    }

    [Test]
    public async Task One_master_lost_is_made_again()
    {
        var cloud = new Cloud(isPreview: true) { Settled = Settled(TestConfiguration.Settings()), Lost = ["master-2"] };

        var graph = await Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration()));

        Assert.That(graph["mesos-master-2-droplet"].Inputs, Is.Not.Null);
    }

    [Test]
    public async Task A_fault_in_the_settings_declares_nothing()
    {
        var cloud = new Cloud(isPreview: true);

        var fault = await Assert.CatchAsync(() => Graph.DeclareRaw(true, cloud, Prefixed(TestConfiguration.Configuration(("masters", "4"), ("mastres", "3")))));

        Assert.That(fault!.ToString(), Does.Contain("2 faults in the settings of stack 'test'; nothing was touched").And.Contain("did you mean masters?"));
        Assert.That(cloud.Inputs, Is.Empty);
    }

    // The commands that another value of a setting changes.
    private static async Task<IEnumerable<string>> ChangedBy(string setting, string value)
    {
        var before = await Graph.Declare(isPreview: false);
        var after = await Graph.Declare(isPreview: false, (setting, value));
        return before.All.Where(r => r.Type == Command && (r.Text("create"), r.Text("stdin")) != (after[r.Name].Text("create"), after[r.Name].Text("stdin"))).Select(r => r.Name);
    }

    private static ImmutableDictionary<string, object> Settled(ClusterSettings settings) =>
        SettledSettings.Of("mesos", settings).ToImmutableDictionary(pair => pair.Key, pair => (object)pair.Value);

    private static Dictionary<string, string> Prefixed(Dictionary<string, string> configuration) =>
        configuration.ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value);
}
