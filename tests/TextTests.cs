using System.Security.Cryptography;
using System.Text;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

public sealed class TextTests
{
    private const string Packages = "packages";
    private const string Members = "members";
    private const string Agents = "agents";

    private static readonly Ensemble Three = new(["192.0.2.1", "192.0.2.2", "192.0.2.3"]);

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(5, 3)]
    [TestCase(7, 4)]
    public void The_quorum_is_more_than_half(int masters, int quorum) =>
        Assert.That(new Ensemble([.. Enumerable.Range(1, masters).Select(n => $"192.0.2.{n}")]).Quorum, Is.EqualTo(quorum));

    [Test]
    public void The_urls_name_every_master()
    {
        Assert.That(Three.MesosUrl, Is.EqualTo("zk://192.0.2.1:2181,192.0.2.2:2181,192.0.2.3:2181/mesos"));
        Assert.That(Three.MarathonUrl, Is.EqualTo("zk://192.0.2.1:2181,192.0.2.2:2181,192.0.2.3:2181/marathon"));
    }

    [TestCaseSource(nameof(Described))]
    public void A_master_is_described_as_the_table_wants(string golden, ClusterSettings settings) =>
        Golden.Check(Golden.Master(golden), HostDescription.Master(settings, "lab", Math.Min(2, settings.Masters)));

    [TestCaseSource(nameof(Described))]
    public void An_agent_is_described_as_the_table_wants(string golden, ClusterSettings settings) =>
        Golden.Check(Golden.Agent(golden), HostDescription.Agent(settings, 1));

    [Test]
    public void Every_golden_file_has_its_test()
    {
        var described = Described().Select(test => (string)test.Arguments[0]!).Distinct().ToList();

        Assert.That(Golden.Names(), Is.EquivalentTo(described.Select(Golden.Master).Concat(described.Select(Golden.Agent)).Concat([Packages, Members, Agents])));
    }

    [Test]
    public void Packages_and_their_repository_are_described()
    {
        var settings = TestConfiguration.Settings(
            ("repositorySuite", "bookworm"), ("signingKeyUrl", ""), ("signingKey", "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nmQIN\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n"), ("masterPackages", """["mesos=1.4.1", "zookeeper"]"""));

        Golden.Check(Packages, PackageDescription.For(settings.Packages, settings.Packages.Master, HostRole.Master));
    }

    [Test]
    public void The_members_are_listed()
    {
        Golden.Check(Members, MemberList.Whole(["master-1", "master-2", "master-3"], ["agent-1"], ["host master-1\n", "host agent-1\n"]));
        Golden.Check(Agents, MemberList.Agents(["agent-1", "agent-2"]));
    }

    [TestCase("public", "[]", "agent-1=192.0.2.51")]
    [TestCase("private", "[]", "agent-1=10.0.0.51")]
    [TestCase("private", """["203.0.113.0/24"]""", "agent-1=10.0.0.51 agent-1.public=192.0.2.51")]
    public void Addresses_travel_as_arguments(string addressing, string uiCidrs, string arguments) =>
        Assert.That(HostAddresses.For(TestConfiguration.Settings(("addressing", addressing), ("uiCidrs", uiCidrs)), "192.0.2.51", "10.0.0.51").Arguments("agent-1"), Is.EqualTo(arguments));

    [Test]
    public void A_changed_quorum_is_the_only_thing_that_tells_five_masters_from_three_but_for_their_addresses()
    {
        string Text(string masters) => HostDescription.Master(TestConfiguration.Settings(("masters", masters)), "lab", 1);

        var only = Text("5").Split('\n').Except(Text("3").Split('\n')).Where(line => !line.Contains("server.", StringComparison.Ordinal) && !line.Contains("zk://", StringComparison.Ordinal));

        Assert.That(only, Is.EqualTo(new[] { "file /etc/mesos-master/quorum 3" }));
    }

    [Test]
    public void A_description_names_no_address_and_daemons_for_every_file()
    {
        foreach (var text in new[] { HostDescription.Master(TestConfiguration.Settings(), "lab", 1), HostDescription.Agent(TestConfiguration.Settings(), 1) })
        {
            var lines = text.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')).ToList();
            var reads = lines.Where(words => words[0] == "daemon").SelectMany(words => words.Skip(3)).ToList();
            var daemons = lines.Where(words => words[0] == "daemon").Select(words => words[1]).ToList();
            foreach (var words in lines.Where(words => (words[0] is "file" or "line" or "no-other") && !words[1].StartsWith("/etc/needrestart/", StringComparison.Ordinal)))
            {
                Assert.That(reads.Any(path => words[1].StartsWith(path, StringComparison.Ordinal)), $"no daemon reads {words[1]}");
            }

            Assert.That(lines.Where(words => words[0] is "flag" or "needed-flag").Select(words => words[1]).Distinct(), Is.SubsetOf(daemons));
            Assert.That(text, Does.Not.Match("[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(?<!0[.]0[.]0[.]0)"));
        }
    }

    [Test]
    public void The_tutorials_app_is_the_json_of_the_tutorial()
    {
        var app = TestConfiguration.Settings(("apps", TestConfiguration.TutorialApps)).Apps[1];

        Assert.That(MarathonJson.For(app), Is.EqualTo(
            """{"id":"/hello2","cmd":"echo hello; sleep 10","cpus":0.1,"mem":16,"disk":0,"instances":1,"ports":[0]}"""));
    }

    [Test]
    public void The_least_app_gets_what_marathons_web_form_fills_in()
    {
        var app = TestConfiguration.Settings(("apps", """[{"id": "/hello2", "cmd": "echo hello; sleep 10"}]""")).Apps.Single();

        Assert.That(MarathonJson.For(app), Is.EqualTo(
            """{"id":"/hello2","cmd":"echo hello; sleep 10","cpus":0.1,"mem":16,"disk":0,"instances":1,"ports":[0]}"""));
    }

    [Test]
    public void Further_fields_of_an_app_are_handed_through()
    {
        var app = TestConfiguration.Settings(("apps", """[{"id": "a", "cmd": "x", "env": {"B": "2"}, "constraints": [["hostname", "UNIQUE"]]}]""")).Apps.Single();

        Assert.That(MarathonJson.For(app), Does.EndWith(""","constraints":[["hostname", "UNIQUE"]],"env":{"B": "2"}}""").Or.EndWith(""","constraints":[["hostname","UNIQUE"]],"env":{"B":"2"}}"""));
    }

    [Test]
    public void Remarks_of_a_large_app_leave_out_what_would_make_the_command_too_long()
    {
        var app = TestConfiguration.Settings(("apps", $$"""[{"id": "a", "args": [{{string.Join(",", Enumerable.Repeat("\"x\"", 20_000))}}]}]""")).Apps.Single();

        var remarks = MarathonJson.Remarks(MarathonJson.Shown(app));

        Assert.That(remarks, Has.Length.LessThan(33_000));
        Assert.That(remarks, Does.StartWith("# {\n#   \"id\": \"/a\",\n").And.EndWith(" more lines are left out here"));
        Assert.That(remarks.Split('\n'), Has.All.StartsWith("# "));
    }

    [Test]
    public void A_made_key_pair_is_a_pair()
    {
        var pair = SshKeyPair.FromRandom(new string('7', 64));
        using var key = ECDsa.Create();
        key.ImportFromPem(pair.PrivatePem);
        var point = key.ExportParameters(false).Q;

        var fields = pair.PublicLine.Split(' ');
        Assert.That(fields, Has.Length.EqualTo(2));
        var blob = Convert.FromBase64String(fields[1]);
        Assert.Multiple(() =>
        {
            Assert.That(pair.PrivatePem, Does.StartWith("-----BEGIN EC PRIVATE KEY-----\n"));
            Assert.That(fields[0], Is.EqualTo("ecdsa-sha2-nistp256"));
            Assert.That(Encoding.ASCII.GetString(blob, 4, 19), Is.EqualTo("ecdsa-sha2-nistp256"));
            Assert.That(blob[^64..], Is.EqualTo((byte[])[.. point.X!, .. point.Y!]));
            Assert.That(SshKeyPair.FromRandom(new string('7', 64)), Is.EqualTo(pair), "the same randomness makes the same key");
        });
    }

    [TestCase("0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Every_32_bytes_make_a_key(string hex) =>
        Assert.That(SshKeyPair.FromRandom(hex).PublicLine, Does.StartWith("ecdsa-sha2-nistp256 AAAA"));

    [Test]
    public void A_living_cluster_refuses_what_cannot_be_changed_safely()
    {
        var kept = SettledSettings.Of("mesos", TestConfiguration.Settings());

        Assert.Multiple(() =>
        {
            Assert.That(SettledSettings.Refusals(kept, TestConfiguration.Settings(("agents", "9"), ("sshCidrs", """["10.0.0.0/8"]"""))), Is.Empty);
            Assert.That(SettledSettings.Refusals(kept, TestConfiguration.Settings(("masters", "5"))).Single(), Does.StartWith("masters: 3 -> 5: more masters than twice the quorum"));
            Assert.That(SettledSettings.Refusals(kept, TestConfiguration.Settings(("masters", "1"))).Single(), Does.StartWith("masters: 3 -> 1"));
            Assert.That(SettledSettings.Refusals(kept, TestConfiguration.Settings(("addressing", "public"))).Single(), Does.StartWith("addressing: private -> public"));
            Assert.That(SettledSettings.Refusals(kept, TestConfiguration.Settings(("uiCidrs", """["203.0.113.0/24"]"""))).Single(), Does.StartWith("uiCidrs"));
        });
    }

    // Every way in which a cluster may show its hosts, and other numbers of masters with the default one: what they change has nothing to do with addresses.
    private static IEnumerable<TestCaseData> Described()
    {
        foreach (var addressing in Enum.GetValues<Addressing>())
        {
            foreach (var uiCidrs in new[] { "[]", """["203.0.113.0/24"]""" })
            {
                var settings = TestConfiguration.Settings(("addressing", $"{addressing}".ToLowerInvariant()), ("uiCidrs", uiCidrs));
                yield return Case(settings.ShowsInterfacesOutside ? "outside" : $"{addressing}".ToLowerInvariant(), settings);
            }
        }

        foreach (var masters in new[] { 1, 5 })
        {
            yield return Case($"private-of-{masters}", TestConfiguration.Settings(("masters", $"{masters}")));
        }

        static TestCaseData Case(string golden, ClusterSettings settings) => new TestCaseData(golden, settings).SetArgDisplayNames(golden, settings.UiCidrs.IsEmpty ? "closed" : "open");
    }
}
