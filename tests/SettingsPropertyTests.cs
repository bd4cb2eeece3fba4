using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MesosStack.Components.Settings;
using Pulumi;

namespace MesosStack.Tests;

/// <summary>
/// Random settings (valid, nearly valid, hostile), each with a secret planted where people put secrets, through the program's preview: it ends well or with a list of
/// faults; never with an exception, never with a message that nobody can read, never with the secret in it.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "The documents are to be the same in each run.")]
public sealed class SettingsPropertyTests
{
    private const string Planted = "hunter2-is-planted";
    private const int MostBytes = 64_000;

    private static readonly string[] Hostile =
    [
        "", " ", "\n", "nyc3\n", "x\0", "\u202egnp", "\u0085", "é", "\U0001F600", "null", "true", "~", "-1", "0", "007", "1e999", "99999999999999999999", "3.0", "0x10", "NaN", "[]", "{}", "[[]]", "[null]",
        "[1]", "[true]", "[{}]", "[\"\"]", "[\"\\ud800\"]", "{\"a\":1}", "[", "{", "\"", "$(reboot)", "'; reboot; '", "`reboot`", "../../etc/passwd", "/dev/zero", "/dev/null", "/", "~/", "~", "%s%n", "{distro}",
        "http://", "http://[::1", "http://user:pass@example.org/", "ftp://example.org", "https://example.org/\n", "0.0.0.0/0", "10.0.0.0/8", "::/0", "010.0.0.0/8", "fe80::%1/64",
        "[\"0.0.0.0/0\"]", "[\"::/00\"]", "[\"0.0.0.0/1\",\"128.0.0.0/1\"]", "[\"::ffff:0.0.0.0/96\"]", "[\"10.0.0.0/8\",7]", "[\"mesos; reboot\"]", "[\"a=\"]",
        "ssh-rsa AAAA", "ssh-ed25519 !!!", "ssh-dss AAAAB3NzaC1kc3M=", "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----", new string('9', 5_000), new string('a', 50_000), new string('\n', 5_000), new string('[', 70) + new string(']', 70), new string('[', 50_000),
        "[" + string.Join(',', Enumerable.Repeat("\"x\"", 5_000)) + "]", "[" + string.Join(',', Enumerable.Repeat("{\"id\":\"A\"}", 1_000)) + "]",
    ];

    // Of each setting what is valid, so that most documents are judged by the rules that look at several settings.
    private static readonly Dictionary<string, string[]> Valid = new(StringComparer.Ordinal)
    {
        ["region"] = ["nyc3", "nyc1", "fra1"],
        ["image"] = ["debian-12-x64", "ubuntu-14-04-x64", "12345"],
        ["masters"] = ["1", "3", "5"],
        ["agents"] = ["0", "1", "3"],
        ["clusterName"] = ["", "mesos", "My cluster"],
        ["addressing"] = ["private", "public"],
        ["vpcCidr"] = ["", "10.42.0.0/24", "192.168.1.0/28", "172.16.0.0/16"],
        ["sshCidrs"] = ["[\"0.0.0.0/0\",\"::/0\"]", "[\"203.0.113.0/24\"]"],
        ["uiCidrs"] = ["[]", "[\"203.0.113.0/24\"]", "[\"2001:DB8::/32\",\"10.0.0.0/8\"]"],
        ["zkSessionTimeout"] = ["10secs", "30secs"],
        ["repositoryUrl"] = ["http://198.51.100.1:17980/mesosphere", "https://repo.example.org/{distro}"],
        ["repositorySuite"] = ["", "bookworm"],
        ["masterPackages"] = ["[\"mesosphere\",\"zookeeper=3.8.0-1\"]"],
        ["signingKeyFingerprint"] = ["", "81026D0004C44CF7EF55ADF8DF7D54CBE56151BF"],
        ["apps"] = ["[]", "[{\"id\":\"hello\",\"cmd\":\"sleep 10\"}]"],
    };

    private static readonly string[] Keys =
        ["ed25519", "rsa", "ecdsa256", "rsa.pem", "encrypted-openssh", "encrypted-pem", "encrypted-pkcs8", "ed25519-pkcs8.pem", "ed25519.pub", "dsa.pem", "putty.ppk", "secp256k1.pem", "other"];

    private static readonly string[] Pairs = ["ed25519", "rsa", "ecdsa256", "other"];

    private static readonly string[] Fields =
    [
        "cpus", "mem", "disk", "instances", "ports", "args", "constraints", "container", "dependencies", "env", "fetch", "gpus", "healthChecks", "labels", "networks", "portDefinitions", "requirePorts", "uris",
        "user", "upgradeStrategy", "unreachableStrategy", "secrets", "evn", "cmd",
    ];

    [TestCase(1, 1_000)]
    [TestCase(2, 20_000, Category = "Slow")]
    public async Task A_preview_ends_well_or_with_a_list_of_faults(int seed, int documents)
    {
        var random = new Random(seed);
        var (previews, lists) = (0, 0);
        for (var n = 0; n < documents; n++)
        {
            var (configuration, secrets) = Document(random);
            try
            {
                await Graph.DeclareRaw(isPreview: true, new Cloud(isPreview: true), configuration, secrets: secrets);
                previews++;
            }
            catch (RunException e) when (e.Message.Contains("in the settings of stack 'test'; nothing was touched.", StringComparison.Ordinal))
            {
                lists++;
                Assert.That(e.Message, Does.Not.Contain(Planted), Shown(n, configuration));
                Assert.That(e.ToString(), Does.Not.Contain(Planted), Shown(n, configuration));
                Assert.That(Encoding.UTF8.GetByteCount(e.Message), Is.LessThan(MostBytes), Shown(n, configuration));
                Assert.That(e.Message.Where(c => char.IsControl(c) && c != '\n'), Is.Empty, Shown(n, configuration));
            }
            catch (Exception e)
            {
                throw new AssertionException($"{Shown(n, configuration)}\n{e}", e);
            }
        }

        TestContext.Out.WriteLine($"{previews} previews, {lists} lists of faults");
        Assert.That(previews, Is.GreaterThan(documents / 10));
        Assert.That(lists, Is.GreaterThan(documents / 10));
    }

    private static string Shown(int number, Dictionary<string, string> configuration)
    {
        var text = JsonSerializer.Serialize(configuration);
        return string.Create(CultureInfo.InvariantCulture, $"document {number}: {(text.Length < 5_000 ? text : text[..5_000])}");
    }

    private static (Dictionary<string, string> Configuration, string[] Secrets) Document(Random random)
    {
        var all = TestConfiguration.Configuration().ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, values) in Valid.Where(_ => random.Next(4) == 0))
        {
            all[$"mesos-stack:{key}"] = Any(random, values);
        }

        if (random.Next(4) == 0)
        {
            var pair = Any(random, Pairs);
            all["mesos-stack:sshPublicKey"] = TestKeys.Line(pair);
            Place(random, all, random.Next(3) == 0 ? Any(random, Keys) : pair);
        }

        // A third is valid, a third has a fault or two, a third is hostile.
        var faults = random.Next(3) switch { 0 => 0, 1 => random.Next(1, 3), _ => random.Next(3, 12) };
        if (random.Next(2) == 0)
        {
            all["mesos-stack:apps"] = Apps(random, faults > 0);
            secrets.Add("mesos-stack:apps");
        }

        for (; faults > 0; faults--)
        {
            Spoil(random, all, secrets);
        }

        return (all, [.. secrets]);
    }

    private static void Spoil(Random random, Dictionary<string, string> all, HashSet<string> secrets)
    {
        var key = $"mesos-stack:{Any(random, SettingTable.Keys)}";
        switch (random.Next(8))
        {
            case 0:
                all[Any(random, ["mesos-stack:sshPrivteKey", "mesos-stck:agents", "digitalocean:tokn", "aws:secret", ":", "x", "mesos-stack:", $"mesos-stack:{new string('k', 70_000)}", "mesos-stack:a\nb"])] = Planted;
                break;
            case 1:
                all[key] = Any(random, [Planted, $"[\"{Planted}\"]", $"{{\"a\":\"{Planted}\"}}", $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Planted}"]);
                secrets.Add(key);
                break;
            case 2:
                all["mesos-stack:sshPrivateKey"] = Any(random, [Planted, $"[\"{Planted}\"]", $"-----BEGIN PRIVATE KEY-----\n{Planted}\n-----END PRIVATE KEY-----"]);
                break;
            case 3:
                all[Any(random, ["mesos-stack:sshPublicKey", "mesos-stack:sshPrivateKeyPath", "mesos-stack:sshKeyFingerprint"])] = $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Planted}\n-----END OPENSSH PRIVATE KEY-----";
                break;
            case 4:
                Place(random, all, Any(random, Keys));
                break;
            default:
                all[key] = Any(random, Hostile);
                break;
        }
    }

    private static void Place(Random random, Dictionary<string, string> all, string name)
    {
        var asFile = random.Next(2) == 0;
        all[asFile ? "mesos-stack:sshPrivateKeyPath" : "mesos-stack:sshPrivateKey"] = asFile ? TestKeys.Path(name) : TestKeys.Text(name);
    }

    private static string Apps(Random random, bool spoilt)
    {
        var apps = new List<object?>();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var app = new Dictionary<string, object?> { ["id"] = $"app{n}", ["cmd"] = "sleep 10", ["env"] = new Dictionary<string, object?> { ["PASSWORD"] = Planted } };
            for (var faults = spoilt ? random.Next(4) : 0; faults > 0; faults--)
            {
                app[Any(random, Fields)] = Value(random, 0);
            }

            apps.Add(spoilt && random.Next(10) == 0 ? Value(random, 0) : app);
        }

        return JsonSerializer.Serialize(apps);
    }

    // The names that an app gives to others are told where they are wrong, so nothing is planted among those.
    private static object? Value(Random random, int depth) => random.Next(depth > 3 ? 7 : 9) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-5, 100_000),
        3 => random.NextDouble() * 1e12,
        4 => new Dictionary<string, object?> { [Any(random, ["a", "docker", "port"])] = Planted },
        5 => "a text\0",
        6 => new List<object?> { new Dictionary<string, object?> { ["a"] = Planted } },
        7 => new List<object?> { Value(random, depth + 1), Value(random, depth + 1) },
        _ => new Dictionary<string, object?> { [Any(random, ["type", "path", "value", "secure"])] = Value(random, depth + 1) },
    };

    private static T Any<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
