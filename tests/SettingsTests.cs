using MesosStack.Components.Settings;

namespace MesosStack.Tests;

public sealed class SettingsTests
{
    [Test]
    public void Defaults_fill_what_is_not_configured()
    {
        var settings = TestConfiguration.Settings();

        Assert.Multiple(() =>
        {
            Assert.That(settings.Masters, Is.EqualTo(3));
            Assert.That(settings.Agents, Is.EqualTo(3));
            Assert.That(settings.Addressing, Is.EqualTo(Addressing.Private));
            Assert.That(settings.UiCidrs, Is.Empty);
            Assert.That(settings.Packages.Master, Is.EqualTo(new[] { "mesosphere", "zookeeper", "zookeeperd" }));
            Assert.That(settings.Ssh.IsGenerated, Is.True);
            Assert.That(settings.Apps, Is.Empty);
        });
    }

    [TestCase("masters", "4", "must be 1, 3, 5 or 7")]
    [TestCase("masters", "0", "must be 1, 3, 5 or 7")]
    [TestCase("masters", "257", "must be 1, 3, 5 or 7")]
    [TestCase("masters", "three", "must be a whole number")]
    [TestCase("agents", "-1", "must be 0 to 1000")]
    [TestCase("agents", "2.5", "must be a whole number")]
    [TestCase("image", "", "there is no default")]
    [TestCase("region", "NYC 3", "must be a region")]
    [TestCase("addressing", "both", "must be private")]
    [TestCase("vpcCidr", "10.0.0.0", "if 10.0.0.0/32 is meant, write it so")]
    [TestCase("vpcCidr", "10.0.0.0/8", "/16 to /28")]
    [TestCase("sshCidrs", """["10.0.0.1/8"]""", "CIDR notation")]
    [TestCase("sshCidrs", """["300.0.0.0/8"]""", "CIDR notation")]
    [TestCase("sshCidrs", "[]", "must name at least one network")]
    [TestCase("sshCidrs", "10.0.0.0/8", "must be a list")]
    [TestCase("agents", "1001", "must be 0 to 1000")]
    [TestCase("agents", "99999999999", "must be 0 to 1000")]
    [TestCase("agents", "-99999999999", "must be 0 to 1000")]
    [TestCase("agents", "3\0", "must be a whole number")]
    [TestCase("agents", "3\n", "must be a whole number")]
    [TestCase("agents", "", "must be a whole number")]
    [TestCase("agents", "[3]", "must be a whole number")]
    [TestCase("region", "nyc3\n", "character 5 is a line end")]
    [TestCase("clusterName", "mesos\n", "character 6 is a line end")]
    [TestCase("zkSessionTimeout", "30secs\n", "character 7 is a line end")]
    [TestCase("repositorySuite", "bookworm\n", "character 9 is a line end")]
    [TestCase("repositoryComponent", "main\n", "character 5 is a line end")]
    [TestCase("masterPackages", """["mesos\n"]""", "character 6 is a line end")]
    [TestCase("keyServer", "keys.example.org\0", "character 17 is U+0000")]
    [TestCase("signingKeyId", "E56151BF\n", "character 9 is a line end")]
    [TestCase("repositoryUrl", "http://example.org/\u2028", "character 20 is U+2028")]
    [TestCase("uiCidrs", """["0.0.0.0/0"]""", "must not be the whole internet")]
    [TestCase("uiCidrs", "[7]", "must be a list of texts")]
    [TestCase("zkSessionTimeout", "5secs", "10secs to 40secs")]
    [TestCase("zkSessionTimeout", "half a minute", "10secs to 40secs")]
    [TestCase("repositoryUrl", "ftp://example.org", "http(s) address")]
    [TestCase("repositoryUrl", "http://example.org/ evil", "http(s) address")]
    [TestCase("signingKeyFingerprint", "E56151BF", "40 hexadecimal digits")]
    [TestCase("signingKey", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "exactly one of")]
    [TestCase("masterPackages", """["mesos; rm -rf /"]""", "name or name=version")]
    [TestCase("agentPackages", "[]", "at least one package")]
    [TestCase("sshPrivateKeyPath", "/keys/id", "must be set along with")]
    [TestCase("sshPublicKey", "ssh-rsa", "one line of OpenSSH")]
    [TestCase("sshPublicKey", "ssh-rsa AAAAB", "one line of OpenSSH")]
    public void A_fault_names_the_key_and_what_is_allowed(string key, string value, string allowed)
    {
        var (settings, faults) = TestConfiguration.Read(TestConfiguration.Configuration((key, value)));

        Assert.That(settings, Is.Null);
        Assert.That(faults.Where(fault => fault.Key == key || fault.Key == $"{key}[0]" || fault.Key == "sshPublicKey").Select(fault => fault.Allowed), Has.Some.Contains(allowed));
    }

    [Test]
    public void All_faults_come_in_one_message()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("masters", "2"), ("agents", "x"), ("sshCidrs", """["1.2.3.4"]"""), ("mastres", "3")));

        var message = SettingsFault.Describe(faults, "mesos-stack", "dev");

        Assert.That(message, Is.EqualTo(
            """
            4 faults in the settings of stack 'dev'; nothing was touched. Correct Pulumi.dev.yaml:
              mesos-stack:mastres: is not a setting; did you mean masters?
              mesos-stack:agents = 'x': must be a whole number
              mesos-stack:masters = '2': must be 1, 3, 5 or 7: an even number outlives no more failures than one less, zero is no cluster, and ZooKeeper's ids end at 255
              mesos-stack:sshCidrs[0] = '1.2.3.4': must be networks in CIDR notation such as 203.0.113.0/24 or 2001:db8::/32, with no bits set beyond the prefix; if 1.2.3.4/32 is meant, write it so
            """));
    }

    [Test]
    public void An_unknown_key_shows_no_value_because_it_may_be_a_misspelt_secret()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("sshPrivteKey", "top secret")));

        Assert.That(faults.Single(), Is.EqualTo(new SettingsFault("sshPrivteKey", null, "is not a setting; did you mean sshPrivateKey?")));
    }

    [Test]
    public void A_key_server_needs_the_full_fingerprint_of_that_very_key()
    {
        var configuration = TestConfiguration.Configuration(("signingKeyUrl", ""), ("signingKeyId", "E56151BF"));
        Assert.That(TestConfiguration.Read(configuration).Faults.Single().Key, Is.EqualTo("signingKeyFingerprint"));

        configuration["signingKeyFingerprint"] = "BA227EBC312D2E43498A533963F8CEE149ACA59E";
        Assert.That(TestConfiguration.Read(configuration).Faults.Single().Allowed, Does.Contain("must be set with signingKeyId and end in it"));

        configuration["signingKeyFingerprint"] = "8102 6D00 04C4 4CF7 EF55  ADF8 DF7D 54CB E561 51BF";
        Assert.That(TestConfiguration.Read(configuration).Settings!.Packages.Key.Fingerprint, Is.EqualTo("81026D0004C44CF7EF55ADF8DF7D54CBE56151BF"));
    }

    [TestCase("""[{"id": "hello"}]""", "apps[0].cmd", "must be the command")]
    [TestCase("""[{"cmd": "true"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "Hello", "cmd": "true"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "a", "cmd": "true", "cpus": "1"}]""", "apps[0].cpus", "without quotes")]
    [TestCase("""[{"id": "a", "cmd": "true", "cpus": 1001}]""", "apps[0].cpus", "at most 1000")]
    [TestCase("""[{"id": "a", "cmd": "true", "cpus": 0}]""", "apps[0].cpus", "more than 0")]
    [TestCase("""[{"id": "a", "cmd": "true", "instances": -1}]""", "apps[0].instances", "0 or more")]
    [TestCase("""[{"id": "a", "cmd": "true", "instances": 1.5}]""", "apps[0].instances", "whole number")]
    [TestCase("""[{"id": "a", "cmd": "true", "mem": 1}]""", "apps[0].mem", "at least 4")]
    [TestCase("""[{"id": "a", "cmd": "true", "ports": [70000]}]""", "apps[0].ports", "65535")]
    [TestCase("""[{"id": "a", "cmd": "true", "ports": "80"}]""", "apps[0].ports", "list of port numbers")]
    [TestCase("""[{"id": "a", "cmd": "true", "instnces": 2}]""", "apps[0].instnces", "did you mean instances?")]
    [TestCase("""[{"id": "a", "cmd": 5}]""", "apps[0].cmd", "must be a text")]
    [TestCase("""[{"id": "a", "cmd": "x"}, {"id": "a", "cmd": "y"}]""", "apps[1].id", "is there twice")]
    [TestCase("""[{"id": "a", "cmd": "x", "args": ["y"]}]""", "apps[0].args", "must not be set along with cmd")]
    [TestCase("""[{"id": "a", "cmd": "x", "ports": [80, 80]}]""", "apps[0].ports", "must not name a port twice")]
    [TestCase("""[{"id": "a", "cmd": "x", "ports": [80], "portDefinitions": [{"port": 81}]}]""", "apps[0].ports", "must not be set along with portDefinitions")]
    [TestCase("""[{"id": "a..b", "cmd": "x"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "a.-b", "cmd": "x"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "shop/tasks", "cmd": "x"}]""", "apps[0].id", "must not end in tasks")]
    [TestCase("""[{"id": "shop/web", "cmd": "x"}, {"id": "shop", "cmd": "y"}]""", "apps[0].id", "lies below the app shop")]
    [TestCase("""[{"id": "a", "cmd": "x", "env": {"PORT": 80}}]""", "apps[0].env", "put each value in quotes")]
    [TestCase("""[{"id": "a", "cmd": "x", "labels": ["b"]}]""", "apps[0].labels", "must be names with texts")]
    [TestCase("""[{"id": "a", "cmd": "x", "constraints": ["hostname", "UNIQUE"]}]""", "apps[0].constraints", "list of lists")]
    [TestCase("""[{"id": "a", "cmd": "x", "healthChecks": {"path": "/"}}]""", "apps[0].healthChecks", "list of objects")]
    [TestCase("""[{"id": "a", "cmd": "x", "uris": "http://b"}]""", "apps[0].uris", "list of texts")]
    [TestCase("""[{"id": "a", "cmd": "x", "requirePorts": "yes"}]""", "apps[0].requirePorts", "true or false")]
    [TestCase("""[{"id": "a", "cmd": "x", "cpus": 1001}]""", "apps[0].cpus", "at most 1000")]
    [TestCase("""[{"id": "a", "cmd": "x", "cpus": 1e999}]""", "apps[0].cpus", "at most 1000")]
    [TestCase("""[{"id": "a", "cmd": "x", "mem": 1e999}]""", "apps[0].mem", "at least 4")]
    [TestCase("""[{"id": "a", "cmd": "x", "disk": 1e10}]""", "apps[0].disk", "0 or more")]
    [TestCase("""[{"id": "a", "cmd": "x", "instances": 1000000}]""", "apps[0].instances", "at most 100000")]
    [TestCase("""[{"id": "a", "cmd": "x", "gpus": 1}]""", "apps[0].gpus", "offer no GPU")]
    [TestCase("""[{"id": "a\n", "cmd": "x"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "a\u0000", "cmd": "x"}]""", "apps[0].id", "lower-case")]
    [TestCase("""[{"id": "a", "cmd": "x\u0000y"}]""", "apps[0].cmd", "control character")]
    [TestCase("""[{"id": "a", "cmd": "x", "env": {"A": "\u0000"}}]""", "apps[0].env", "control character")]
    [TestCase("""[{"id": "a", "cmd": "x", "env": {"A\u0000": "1"}}]""", "apps[0].env", "control character")]
    [TestCase("""[{"id": "a", "cmd": "x", "uris": ["http://b/\u0007"]}]""", "apps[0].uris", "control character")]
    [TestCase("""[{"id": "a", "cmd": "x\ud800"}]""", "apps[0]", "half a character")]
    [TestCase("""[{"id": "a", "cmd": "x", "env": {"\ud800": "1"}}]""", "apps[0]", "half a character")]
    [TestCase("""[{"id": "shop/web", "cmd": "x"}, {"id": "shop-web", "cmd": "y"}]""", "apps[1].id", "too like shop/web")]
    [TestCase("""[{"id": "a", "cmd": "x", "ports": [9090]}, {"id": "b", "cmd": "y", "ports": [0, 9090]}]""", "apps[1].ports", "is a service port of the app a too")]
    [TestCase("""[{"id": "a", "cmd": "x", "ports": [9090]}, {"id": "b", "cmd": "y", "portDefinitions": [{"port": 9090}]}]""", "apps[1].ports", "is a service port of the app a too")]
    [TestCase("""[{"id": "a", "cmd": "x", "portDefinitions": [{"port": 9090}, {"port": 9090}]}]""", "apps[0].ports", "must not name a port twice")]
    [TestCase("""[{"id": "a", "cmd": "x", "ports": [9090]}, {"id": "b", "cmd": "y", "container": {"type": "MESOS", "portMappings": [{"servicePort": 9090}]}}]""", "apps[1].ports", "is a service port of the app a too")]
    [TestCase("""[{"id": "a", "container": {"type": "DOCKER", "docker": {"image": "b"}}}]""", "apps[0].container.type", "must be MESOS")]
    [TestCase("""[{"id": "a", "container": {"type": "MESOS", "docker": {"image": "b"}}}]""", "apps[0].container.docker", "no agent of this cluster can run a Docker image")]
    [TestCase("""[{"id": "a", "cmd": "x", "container": {"volumes": []}}]""", "apps[0].container.type", "must be MESOS")]
    [TestCase("""[{"id": "a", "cmd": "x", "container": {"type": "docker"}}]""", "apps[0].container.type", "must be MESOS")]
    [TestCase("""[{"id": "a", "cmd": "x", "dependencies": ["/b"]}, {"id": "c", "cmd": "x"}]""", "apps[0].dependencies", "is no app of these settings; there are /a, /c")]
    [TestCase("""[{"id": "a", "cmd": "x", "dependencies": ["b"]}, {"id": "b", "cmd": "x"}]""", "apps[0].dependencies", "is no app of these settings")]
    [TestCase("""[{"id": "a", "cmd": "x", "dependencies": ["/a"]}]""", "apps[0].dependencies", "is the app itself")]
    [TestCase("""[{"id": "shop/a", "cmd": "x", "dependencies": ["../b"]}, {"id": "shop/b", "cmd": "x", "dependencies": ["/c"]}, {"id": "c", "cmd": "x", "dependencies": ["/shop/a"]}]""", "apps[0].dependencies", "go in a circle: /shop/a needs /shop/b needs /c needs /shop/a")]
    [TestCase("""[{"id": "d", "cmd": "x", "dependencies": ["/shop"]}, {"id": "shop/b", "cmd": "x", "dependencies": ["/c"]}, {"id": "c", "cmd": "x", "dependencies": ["/shop"]}]""", "apps[1].dependencies", "go in a circle: /shop/b needs /c needs /shop/b")]
    [TestCase("""["hello"]""", "apps[0]", "at least id and cmd")]
    [TestCase("hello", "apps", "must be a list")]
    public void A_malformed_app_is_a_fault(string apps, string key, string allowed)
    {
        var (settings, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("apps", apps)));

        Assert.That(settings, Is.Null);
        Assert.That(faults.Single(fault => fault.Key == key).Allowed, Does.Contain(allowed));
    }

    [Test]
    public void A_text_of_an_app_that_no_host_takes_is_a_fault_that_does_not_show_it()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("apps", TestConfiguration.Json(new { id = "a", cmd = "true", env = new { A = new string('x', 100_001) } }))));

        Assert.That(faults.Single(), Is.EqualTo(new SettingsFault("apps[0].env", null, "must be at most 100000 characters, none of them a control character but tabs and line ends; it has 100001")));
    }

    [Test]
    public void Apps_may_need_apps_and_groups_and_have_ports_of_their_own()
    {
        var apps = TestConfiguration.Settings(("apps", """
            [{"id": "shop/web", "cmd": "x", "dependencies": ["../db", "/cache", "/log"], "ports": [9090, 0, 0]}, {"id": "shop/db", "cmd": "x", "dependencies": ["/log/in"], "ports": [9091, 0]},
             {"id": "cache", "cmd": "x", "container": {"type": "MESOS", "volumes": []}}, {"id": "log/in", "cmd": "a\n\tb"}, {"id": "log/out", "cmd": "x"}]
            """)).Apps;

        Assert.That(apps, Has.Length.EqualTo(5));
    }

    [Test]
    public void Thousands_of_bad_apps_are_judged_at_once_and_each_once()
    {
        var apps = $"[{string.Join(",", Enumerable.Repeat("""{"id":"a","dependencies":["/a/b"]}""", 3000))}]";

        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("apps", apps)));

        Assert.That(faults.Count(fault => fault.Allowed.StartsWith("is there twice", StringComparison.Ordinal)), Is.EqualTo(2999));
        Assert.That(faults, Has.Count.LessThan(10_000));
    }

    [Test]
    public void Apps_need_agents()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(("apps", TestConfiguration.TutorialApps), ("agents", "0")));

        Assert.That(faults.Single(), Is.EqualTo(new SettingsFault("apps", null, "needs agents to run on; set agents to 1 or more, or leave the apps out")));
    }

    [TestCase("""{"portDefinitions": [{"port": 0}]}""")]
    [TestCase("""{"networks": [{"mode": "container"}]}""")]
    public void An_app_with_ports_of_its_own_kind_gets_no_others(string more)
    {
        var app = TestConfiguration.Json(System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, object>>(more)!.Concat(new Dictionary<string, object> { ["id"] = "a", ["cmd"] = "x" }).ToDictionary());

        Assert.That(TestConfiguration.Settings(("apps", app)).Apps.Single().Ports, Is.Empty);
    }

    [Test]
    public void An_ssh_key_pair_takes_one_source_of_its_private_half()
    {
        var line = TestKeys.Line("ed25519");

        Assert.Multiple(() =>
        {
            Assert.That(Read(("sshPublicKey", line), ("sshPrivateKeyPath", "/keys/id")).Settings!.Ssh.IsGenerated, Is.False);
            Assert.That(Read(("sshPublicKey", line)).Faults.Single().Allowed, Does.StartWith("exactly one of"));
            Assert.That(Read(("sshPublicKey", line), ("sshPrivateKeyPath", "/no")).Faults.Single().Allowed, Does.StartWith("no such file"));
            Assert.That(Read(("sshPublicKey", line), ("sshPrivateKeyPath", "/keys/id"), ("sshPrivateKey", TestKeys.Text("ed25519"))).Faults.Single().Allowed, Does.StartWith("exactly one of"));
        });

        static (ClusterSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(params (string Key, string Value)[] more) =>
            TestConfiguration.Read(TestConfiguration.Configuration(more), path => path == "/keys/id" ? TestKeys.Text("ed25519") : null);
    }

    [Test]
    public void Faults_of_type_and_of_meaning_come_in_one_round()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(
            ("masters", "three"), ("agents", "2000"), ("sshCidrs", """[7, "300.0.0.0/8", "10.0.0.0/8"]"""), ("uiCidrs", """[{"a": 1}, "0.0.0.0/0"]"""), ("vpcCidr", "8.8.0.0/16"),
            ("apps", """["hello", {"id": "A", "cmd": "x", "cpus": "1", "mem": 1}, {"id": "b", "cmd": "y", "instances": -1}]""")));

        Assert.That(faults.Select(fault => fault.Key), Is.EquivalentTo(new[]
        {
            "masters", "agents", "sshCidrs[0]", "sshCidrs[1]", "uiCidrs", "uiCidrs[0]", "vpcCidr", "apps[0]", "apps[1].id", "apps[1].cpus", "apps[1].mem", "apps[2].instances",
        }));
    }

    [TestCase("apps", """{"env": {"PASSWORD": "hunter2"}}""")]
    [TestCase("apps", """["hunter2"]""")]
    [TestCase("apps", "hunter2")]
    [TestCase("apps", """[{"id": "a", "cmd": ["hunter2"]}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "cpus": {"a": "hunter2"}}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "mem": "hunter2"}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "ports": "hunter2"}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "env": "hunter2"}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "env": {"PASSWORD": ["hunter2"]}}]""")]
    [TestCase("apps", """[{"id": "a", "cmd": "x", "container": "hunter2"}]""")]
    [TestCase("sshPrivateKey", """["hunter2"]""")]
    [TestCase("sshPrivateKey", "hunter2")]
    [TestCase("sshPrivteKey", "hunter2")]
    [TestCase("sshPrivateKeyPath", "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2")]
    [TestCase("sshPublicKey", "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2")]
    public void A_wrong_value_is_not_shown_where_it_may_be_a_secret(string key, string value)
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration((key, value)));

        Assert.That(faults, Is.Not.Empty);
        Assert.That(SettingsFault.Describe(faults, "mesos-stack", "dev"), Does.Not.Contain("hunter2"));
    }

    [Test]
    public void A_message_is_cut_and_says_how_much_was_left_out()
    {
        var (_, faults) = TestConfiguration.Read(TestConfiguration.Configuration(
            ("region", new string('é', 100_000)), ("image", new string('\n', 100_000)), (new string('k', 100_000), "x"), ("sshCidrs", TestConfiguration.Json([.. Enumerable.Range(0, 10_000).Select(n => $"{n}")]))));

        var message = SettingsFault.Describe(faults, "mesos-stack", "dev");

        Assert.Multiple(() =>
        {
            Assert.That(System.Text.Encoding.UTF8.GetByteCount(message), Is.LessThan(64_000));
            Assert.That(message, Does.StartWith($"{faults.Count} faults in the settings"));
            Assert.That(message, Does.Contain("ééé...' (100000 characters): must be at most 63 characters on one line"));
            Assert.That(message.Split('\n'), Has.Length.EqualTo(SettingsFault.MostFaults + 2));
            Assert.That(message, Does.EndWith($"and {faults.Count - SettingsFault.MostFaults} more, which are left out here; they are told once these are corrected"));
        });
    }

    [Test]
    public void What_cannot_be_seen_is_written_as_an_escape() =>
        Assert.That(
            SettingsFault.Describe([new SettingsFault("region", "n\n\0\u202e\ud83d", "must be a region")], "mesos-stack", "dev"),
            Does.Contain(@"mesos-stack:region = 'n\n\u0000\u202e\ud83d': must be a region"));

    [Test]
    public void A_list_is_nested_64_levels_at_most()
    {
        string Nested(int levels) => $"""[{"{"}"id": "a", "cmd": "x", "upgradeStrategy": {string.Concat(Enumerable.Repeat("""{"a":""", levels - 2))}1{new string('}', levels - 2)}{"}"}]""";

        Assert.That(TestConfiguration.Read(TestConfiguration.Configuration(("apps", Nested(64)))).Faults, Is.Empty);
        foreach (var levels in new[] { 65, 1000, 20_000 })
        {
            Assert.That(TestConfiguration.Read(TestConfiguration.Configuration(("apps", Nested(levels)))).Faults.Single(), Is.EqualTo(new SettingsFault("apps", null, "is nested deeper than 64 levels")));
            Assert.That(TestConfiguration.Read(TestConfiguration.Configuration(("uiCidrs", new string('[', levels) + new string(']', levels)))).Faults.Single().Allowed, Is.EqualTo("is nested deeper than 64 levels"));
        }
    }

    [Test]
    public void Half_of_a_surrogate_pair_is_no_text() =>
        Assert.That(
            TestConfiguration.Read(TestConfiguration.Configuration(("masterPackages", """["mesos\ud83d"]"""))).Faults.Single().Allowed,
            Does.StartWith("must be a list of texts"));

    [Test]
    public void What_is_gone_today_is_named_with_the_lines_to_change()
    {
        var settings = TestConfiguration.Settings(
            ("image", "ubuntu-14-04-x64"), ("repositoryUrl", "http://repos.mesosphere.io/{distro}"), ("signingKeyUrl", "http://keys.example.org/key.asc"));

        var advice = SettingsAdvice.For(settings, "mesos-stack", "dev").ToList();

        Assert.That(advice, Has.Count.EqualTo(3));
        Assert.Multiple(() =>
        {
            Assert.That(advice[0], Does.Contain("'ubuntu-14-04-x64' is gone").And.Contain("'mesos-stack:image'").And.Contain("Pulumi.dev.yaml"));
            Assert.That(advice[1], Does.Contain("must be taken as gone").And.Contain("'mesos-stack:repositoryUrl'"));
            Assert.That(advice[2], Does.Contain("plain http").And.Contain("'mesos-stack:signingKeyFingerprint'"));
        });
    }

    [Test]
    public void Nothing_is_advised_for_a_key_on_an_address_that_nobody_on_the_internet_has() =>
        Assert.That(SettingsAdvice.For(TestConfiguration.Settings(), "mesos-stack", "lab"), Is.Empty);
}
