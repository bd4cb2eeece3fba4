using System.Security.Cryptography;
using System.Text;
using MesosStack.Components;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

public sealed class TextTests
{
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

    [TestCase("public", "[]", "public-master")]
    [TestCase("private", "[]", "private-master")]
    [TestCase("private", """["203.0.113.0/24"]""", "outside-master")]
    public void A_master_is_what_the_table_wants(string addressing, string uiCidrs, string golden)
    {
        var settings = Some.Settings(("addressing", addressing), ("uiCidrs", uiCidrs));
        var host = HostAddresses.For(settings, "192.0.2.2", "10.0.0.2");
        var ensemble = addressing == "public" ? Three : new Ensemble(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);

        Golden.Check(golden, Wanted.Master(settings, "lab", ensemble, 2, host));
    }

    [TestCase("public", "[]", "public-agent")]
    [TestCase("private", """["203.0.113.0/24"]""", "outside-agent")]
    public void An_agent_is_what_the_table_wants(string addressing, string uiCidrs, string golden)
    {
        var settings = Some.Settings(("addressing", addressing), ("uiCidrs", uiCidrs));

        Golden.Check(golden, Wanted.Agent(settings, Three, HostAddresses.For(settings, "192.0.2.51", "10.0.0.51")));
    }

    [Test]
    public void A_changed_quorum_is_the_only_thing_that_tells_five_masters_from_three_but_for_their_addresses()
    {
        var settings = Some.Settings();
        var host = HostAddresses.For(settings, "192.0.2.1", "10.0.0.1");
        string Text(int masters) => Wanted.Master(settings, "lab", new Ensemble([.. Enumerable.Repeat("x", masters)]), 1, host);

        var only = Text(5).Split('\n').Except(Text(3).Split('\n')).Where(line => !line.Contains("server.", StringComparison.Ordinal) && !line.Contains("zk://", StringComparison.Ordinal));

        Assert.That(only, Is.EqualTo(new[] { "file /etc/mesos-master/quorum 3" }));
    }

    [TestCase("plain", "'plain'")]
    [TestCase("it's", "'it'\\''s'")]
    [TestCase("$(rm -rf /) `x` \"y\" \\ \n", "'$(rm -rf /) `x` \"y\" \\ \n'")]
    public void A_shell_word_is_quoted_whatever_is_in_it(string value, string quoted) =>
        Assert.That(Shell.Quote(value), Is.EqualTo(quoted));

    [Test]
    public void A_shell_word_cannot_hold_a_nul() =>
        Assert.That(() => Shell.Quote("a\0b"), Throws.ArgumentException);

    [Test]
    public void Values_stand_in_front_of_the_script()
    {
        var script = RemoteScript.Stage("file /etc/mesos/zk it's\n");

        Assert.That(script, Does.StartWith("WANTED='file /etc/mesos/zk it'\\''s\n'\n[ -n \"${BASH_VERSION:-}\" ]"));
        Assert.That(script, Does.Not.Contain("\n#"));
    }

    [Test]
    public void The_tutorials_app_is_the_json_of_the_tutorial()
    {
        var app = Some.Settings(("apps", Some.TutorialApps)).Apps[1];

        Assert.That(MarathonJson.For(app), Is.EqualTo(
            """{"id":"/hello2","cmd":"echo hello; sleep 10","cpus":0.1,"mem":16,"disk":0,"instances":1,"ports":[0]}"""));
    }

    [Test]
    public void The_least_app_gets_what_marathons_web_form_fills_in()
    {
        var app = Some.Settings(("apps", """[{"id": "/hello2", "cmd": "echo hello; sleep 10"}]""")).Apps.Single();

        Assert.That(MarathonJson.For(app), Is.EqualTo(
            """{"id":"/hello2","cmd":"echo hello; sleep 10","cpus":0.1,"mem":16,"disk":0,"instances":1,"ports":[0]}"""));
    }

    [Test]
    public void Further_fields_of_an_app_are_handed_through()
    {
        var app = Some.Settings(("apps", """[{"id": "a", "cmd": "x", "env": {"B": "2"}, "constraints": [["hostname", "UNIQUE"]]}]""")).Apps.Single();

        Assert.That(MarathonJson.For(app), Does.EndWith(""","constraints":[["hostname", "UNIQUE"]],"env":{"B": "2"}}""").Or.EndWith(""","constraints":[["hostname","UNIQUE"]],"env":{"B":"2"}}"""));
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
        var born = BirthCertificate.Of(Some.Settings());

        Assert.Multiple(() =>
        {
            Assert.That(BirthCertificate.Refusals(born, Some.Settings(("agents", "9"), ("sshCidrs", """["10.0.0.0/8"]"""))), Is.Empty);
            Assert.That(BirthCertificate.Refusals(born, Some.Settings(("masters", "5"))).Single(), Does.StartWith("masters: 3 -> 5: more masters than twice the quorum"));
            Assert.That(BirthCertificate.Refusals(born, Some.Settings(("masters", "1"))).Single(), Does.StartWith("masters: 3 -> 1"));
            Assert.That(BirthCertificate.Refusals(born, Some.Settings(("addressing", "public"))).Single(), Does.StartWith("addressing: private -> public"));
            Assert.That(BirthCertificate.Refusals(born, Some.Settings(("uiCidrs", """["203.0.113.0/24"]"""))).Single(), Does.StartWith("uiCidrs"));
        });
    }
}
