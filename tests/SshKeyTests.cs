using MesosStack.Components.Settings;

namespace MesosStack.Tests;

public sealed class SshKeyTests
{
    private const string Inline = "sshPrivateKey";
    private const string AsFile = "sshPrivateKeyPath";

    [Test]
    public void Both_halves_of_a_pair_are_taken_in_every_form(
        [Values("ed25519 ed25519", "rsa rsa", "rsa.pem rsa", "rsa-pkcs8.pem rsa", "ecdsa256 ecdsa256", "ecdsa256.pem ecdsa256", "ecdsa256-pkcs8.pem ecdsa256",
            "ecdsa384 ecdsa384", "ecdsa384.pem ecdsa384", "ecdsa521 ecdsa521", "ecdsa521.pem ecdsa521")] string pair,
        [Values(Inline, AsFile)] string source)
    {
        var (privateKey, publicKey) = (pair.Split(' ')[0], pair.Split(' ')[1]);

        Assert.That(Faults(source, TestKeys.Text(privateKey), ("sshPublicKey", TestKeys.Line(publicKey))), Is.Empty);
        Assert.That(Faults(source, TestKeys.Text(privateKey).ReplaceLineEndings("\r\n"), ("sshPublicKey", TestKeys.Line(publicKey) + "\n")), Is.Empty);
    }

    [Test]
    public void Halves_of_two_pairs_are_refused(
        [Values("ed25519 other", "rsa ed25519", "ecdsa256 ecdsa384", "ecdsa521.pem ecdsa256", "rsa-pkcs8.pem other")] string pair,
        [Values(Inline, AsFile)] string source)
    {
        var fault = Faults(source, TestKeys.Text(pair.Split(' ')[0]), ("sshPublicKey", TestKeys.Line(pair.Split(' ')[1]))).Single();

        Assert.That(fault.Key, Is.EqualTo(source));
        Assert.That(fault.Allowed, Does.StartWith("does not belong to sshPublicKey: its public half is ").And.Contain("SHA256:").And.Contain("ssh-keygen -y"));
    }

    [TestCase("encrypted-openssh", "is encrypted; decrypt a copy of it with 'ssh-keygen -p -N \"\" -f COPY'")]
    [TestCase("encrypted-pem", "is encrypted; decrypt a copy")]
    [TestCase("encrypted-pkcs8", "is encrypted; decrypt a copy")]
    [TestCase("ed25519.pub", "is a public key; give the private one")]
    [TestCase("rsa.pub", "is a public key; give the private one")]
    [TestCase("ecdsa256.pub", "is a public key; give the private one")]
    [TestCase("ed25519-pkcs8.pem", "is an Ed25519 key of OpenSSL's form (PKCS#8)")]
    [TestCase("dsa.pem", "is a DSA key")]
    [TestCase("dsa-pkcs8.pem", "is a DSA key")]
    [TestCase("putty.ppk", "puttygen KEY -O private-openssh")]
    [TestCase("secp256k1.pem", "lies on a curve that SSH does not have")]
    public void A_key_that_no_host_can_be_reached_with_is_refused(string name, string reason)
    {
        foreach (var source in new[] { Inline, AsFile })
        {
            var faults = Faults(source, TestKeys.Text(name), ("sshPublicKey", TestKeys.Line("ed25519")), ("masters", "2"));

            Assert.That(faults.Select(fault => fault.Key), Is.EquivalentTo(new[] { source, "masters" }), "in the message of all faults");
            Assert.That(faults.Single(fault => fault.Key == source).Allowed, Does.Contain(reason));
        }
    }

    [TestCase("")]
    [TestCase("hunter2 hunter2")]
    [TestCase("""["-----BEGIN RSA PRIVATE KEY-----"]""")]
    [TestCase("""{"key": "hunter2"}""")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\n\n-----END OPENSSH PRIVATE KEY-----")]
    [TestCase("hunter2\0")]
    public void What_is_no_key_is_refused_and_not_shown(string text)
    {
        var fault = Faults(AsFile, text, ("sshPublicKey", TestKeys.Line("ed25519"))).Single();

        Assert.That(fault.Allowed, Does.StartWith("is "));
        Assert.That(fault.ToString(), Does.Not.Contain("hunter2"));
        if (text.Length > 0)
        {
            Assert.That(Faults(Inline, text, ("sshPublicKey", TestKeys.Line("ed25519"))).Single(), Is.EqualTo(fault with { Key = Inline, Value = null }));
        }
    }

    [Test]
    public void A_file_that_is_cut_off_or_damaged_is_refused(
        [Values("ed25519", "rsa", "ecdsa256", "rsa.pem", "rsa-pkcs8.pem", "ecdsa256.pem", "ecdsa256-pkcs8.pem")] string name)
    {
        var text = TestKeys.Text(name);
        var publicKey = TestKeys.Line(name.Split('.', '-')[0]);
        var body = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        var end = text.IndexOf("-----END", StringComparison.Ordinal);
        for (var length = 1; length < text.Length - 2; length += 7)
        {
            Assert.That(Faults(AsFile, text[..length], ("sshPublicKey", publicKey)), Has.Count.EqualTo(1), $"{length} of {text.Length}");
        }

        // Whole lines are missing, at the end and at the beginning.
        var lines = text.TrimEnd('\n').Split('\n');
        foreach (var less in Enumerable.Range(1, lines.Length - 2).SelectMany(n => new[] { lines[..^(n + 1)].Append(lines[^1]), lines[..1].Concat(lines[(n + 1)..]) }))
        {
            Assert.That(Faults(AsFile, string.Join('\n', less), ("sshPublicKey", publicKey)), Has.Count.EqualTo(1));
        }

        // Another letter at any place: refused, or, where nothing checks it, the same key still.
        for (var at = body; at < end; at += 5)
        {
            var changed = text[at] == 'A' ? 'B' : 'A';
            Assert.That(() => Faults(AsFile, $"{text[..at]}{changed}{text[(at + 1)..]}", ("sshPublicKey", publicKey)), Throws.Nothing);
        }

        Assert.That(Faults(AsFile, text + text, ("sshPublicKey", publicKey)).Single().Allowed, Does.Contain("one key alone"));
    }

    [TestCase("ssh-dss AAAAB3NzaC1kc3MAAAAA", "DSA")]
    [TestCase("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHI9pZHNIIjo2mhtM4DHj1RKE+Tu1f5f7N1/6n54", "cut off")]
    [TestCase("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIHI9pZHNIIjo2mhtM4DHj1RKE+Tu1f5f7N1/6n54CF+y", "the type ssh-ed25519")]
    [TestCase("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAABAAAAAE=", "1024 to 16384 bits")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----", "this is a private key")]
    public void A_public_line_must_hold_a_key(string line, string reason)
    {
        var fault = Faults(AsFile, TestKeys.Text("ed25519"), ("sshPublicKey", line)).Single();

        Assert.That(fault.Key, Is.EqualTo("sshPublicKey"));
        Assert.That(fault.Allowed, Does.StartWith("must be one line of OpenSSH").And.Contain(reason));
    }

    [TestCase(Inline)]
    [TestCase(AsFile)]
    public void A_key_that_the_account_has_is_named_by_its_fingerprint(string source)
    {
        var settings = Read(source, TestKeys.Text("ed25519"), ("sshKeyFingerprint", Fingerprint("ed25519"))).Settings!;

        Assert.Multiple(() =>
        {
            Assert.That(settings.Ssh.IsGenerated, Is.False);
            Assert.That(settings.Ssh.AcceptedKey, Is.EqualTo(Read(source, TestKeys.Text("ed25519"), ("sshPublicKey", TestKeys.Line("ed25519"))).Settings!.Ssh.AcceptedKey), "the same key");
            Assert.That(Faults(source, TestKeys.Text("ed25519"), ("sshKeyFingerprint", "MD5:" + Fingerprint("ed25519").ToUpperInvariant())), Is.Empty);
            Assert.That(Faults(source, TestKeys.Text("ed25519"), ("sshKeyFingerprint", Fingerprint("ed25519")), ("sshPublicKey", TestKeys.Line("ed25519"))), Is.Empty);
            Assert.That(
                Faults(source, TestKeys.Text("ed25519"), ("sshKeyFingerprint", Fingerprint("other"))).Single().Allowed,
                Does.StartWith("does not belong to sshKeyFingerprint").And.Contain(Fingerprint("ed25519")));
            Assert.That(Faults(source, TestKeys.Text("ed25519"), ("sshKeyFingerprint", "aa:bb")).Select(fault => fault.Key), Does.Contain("sshKeyFingerprint"));
        });
    }

    [Test]
    public void A_fingerprint_needs_the_private_half() =>
        Assert.That(
            TestConfiguration.Read(TestConfiguration.Configuration(("sshKeyFingerprint", Fingerprint("ed25519")))).Faults.Single().Allowed,
            Is.EqualTo("exactly one of sshPrivateKeyPath and sshPrivateKey must be set along with sshKeyFingerprint"));

    [Test]
    public async Task An_accounts_key_is_used_and_none_is_registered()
    {
        var graph = await Graph.Declare(isPreview: true, ("sshKeyFingerprint", Fingerprint("ed25519")), (AsFile, TestKeys.Path("ed25519")));

        Assert.That(graph.All.Select(resource => resource.Type), Has.None.EqualTo("digitalocean:index/sshKey:SshKey"));
        Assert.That(graph["mesos-master-1-droplet"].Inputs!["sshKeys"], Is.EqualTo(new[] { Fingerprint("ed25519") }));
    }

    [Test]
    public void A_file_is_read_where_it_is_and_no_further()
    {
        Assert.That(PrivateKeyFile.Read(TestKeys.Path("ed25519")), Is.EqualTo(TestKeys.Text("ed25519")));
        Assert.That(PrivateKeyFile.Read(TestKeys.Path("nothing")), Is.Null);
        Assert.That(PrivateKeyFile.Read(Path.GetTempPath()), Is.Null, "a folder");
        Assert.That(PrivateKeyFile.Read("/dev/zero"), Has.Length.LessThan(100_000), "no end");
    }

    // What ssh-keygen -l -E md5 prints.
    private static string Fingerprint(string name) => name == "ed25519" ? "c3:e9:58:69:d9:60:c0:4a:68:67:3e:12:2d:53:88:f9" : "a5:4f:b8:25:50:58:f3:f2:9c:35:b6:e5:2e:39:83:8b";

    private static IReadOnlyList<SettingsFault> Faults(string source, string text, params (string Key, string Value)[] more) => Read(source, text, more).Faults;

    private static (ClusterSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(string source, string text, params (string Key, string Value)[] more) =>
        TestConfiguration.Read(TestConfiguration.Configuration([.. more, (source, source == Inline ? text : "/keys/id")]), path => path == "/keys/id" ? text : null);
}
