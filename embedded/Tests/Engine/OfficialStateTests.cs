using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using MesosStack.Embedded.Providers.DigitalOcean;
using MesosStack.Embedded.Providers.Random;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>
/// A stack that the official engine made with the official providers, continued with the embedded engine and its built-in providers:
/// the program that made it changes nothing. The state is in <c>OfficialState.json</c>.
/// </summary>
[TestFixture]
internal sealed class OfficialStateTests
{
    private const string Connection =
        """{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":{"dialErrorLimit":-1,"host":"198.51.100.40","perDialTimeout":15,"port":22,"privateKey":"no-key-at-all","user":"root"}}""";

    private const string Source = """{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","path":"./scripts/"}""";

    private static readonly Lazy<Snapshot> Official = new(ReadState);

    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("mesos-stack-official-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "scripts"));
        File.WriteAllText(Path.Combine(_folder, "scripts", "a.sh"), "one\n");
        File.WriteAllText(Path.Combine(_folder, "scripts", "b"), "two\n");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(OperationMode.Preview)]
    [TestCase(OperationMode.Update)]
    public async Task The_program_that_made_it_changes_nothing(OperationMode mode)
    {
        var stage = NewStage();

        AssertNothingChanges(stage, await stage.RunAsync(mode, new FakeProgram(p => DeclareAsync(p))));

        Assert.That(stage.State.Resources.Where(r => r.Custom).Select(r => r.Id), Is.EquivalentTo(Official.Value.Resources.Where(r => r.Custom).Select(r => r.Id)));
    }

    [Test]
    public async Task The_state_that_is_left_changes_nothing_either()
    {
        var stage = NewStage();
        await stage.UpAsync(p => DeclareAsync(p));

        AssertNothingChanges(stage, await stage.PreviewAsync(p => DeclareAsync(p)));
    }

    // What may be ignored is only what the provider filled in: each of these is a change of one property of one resource.
    [TestCase("mesos-master-1-droplet", "resizeDisk", "false", "Update")]
    [TestCase("mesos-master-1-droplet", "monitoring", null, "Replace")]
    [TestCase("mesos-key", "name", "\"other\"", "Update")]
    [TestCase("mesos-firewall", "outboundRules", """[{"protocol":"icmp","destinationAddresses":["0.0.0.0/0"]}]""", "Update")]
    [TestCase("mesos-vpc", "description", null, "Update")]
    [TestCase("mesos-suffix", "keepers", """{"region":"ams3"}""", "Replace")]
    public async Task What_the_program_changes_is_a_change(string resource, string property, string? json, string kind)
    {
        var stage = NewStage();

        await stage.PreviewAsync(p => DeclareAsync(p, resource, inputs =>
        {
            inputs.Fields.Remove(property);
            if (json is not null)
            {
                inputs.Fields[property] = Value.Parser.ParseJson(json);
            }
        }));

        Assert.That(stage.Errors, Is.Empty);
        Assert.That(stage.Changes, Does.Contain($"{kind} {resource}"));
        Assert.That(stage.Events.OfType<EngineEvent.StepDone>().Single(d => $"{d.Step.Kind} {Stage.Name(d.Step.Urn)}" == $"{kind} {resource}").Step.Details.Keys, Has.All.StartsWith(property));
    }

    [Test]
    public async Task A_value_that_was_filled_in_and_is_given_now_is_no_change()
    {
        var stage = NewStage();

        AssertNothingChanges(stage, await stage.PreviewAsync(p => DeclareAsync(p, "mesos-master-1-droplet", inputs => inputs.Fields["resizeDisk"] = Value.ForBool(true))));
    }

    // The three providers are not registered by the program.
    private static void AssertNothingChanges(Stage stage, OperationResult result)
    {
        Assert.That(stage.Errors, Is.Empty);
        Assert.That(stage.Changes, Is.Empty);
        Assert.That((result.Succeeded, result.Counts[StepKind.Same]), Is.EqualTo((true, Official.Value.Resources.Length - 3)));
    }

    private static Snapshot ReadState()
    {
        using var resource = typeof(OfficialStateTests).Assembly.GetManifestResourceStream("OfficialState.json")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        var vault = new PassphraseVault(new Passphrase());
        return DeploymentReader.Read(bytes.ToArray(), salt => new SealedValues(() => vault.Open(salt!))).Deployment.Snapshot;
    }

    private Stage NewStage() => new()
    {
        Folder = _folder,
        State = Official.Value,
        Providers = new IProvider[] { new CommandProvider(), new DigitalOceanProvider(), new RandomProvider() }.ToDictionary(p => p.Package, StringComparer.Ordinal),
        Configuration = new Dictionary<string, string> { ["digitalocean:token"] = "dop_v1_none", ["digitalocean:apiEndpoint"] = "http://127.0.0.1:9" },
        SecretKeys = new HashSet<string> { "digitalocean:token" },
    };

    // The registrations of the program as its SDK sends them.
    private static async Task DeclareAsync(FakeProgram.Session program, string changed = "", Action<Struct>? change = null)
    {
        var cluster = await program.RegisterAsync(new RegisterResourceRequest { Type = "mesos-stack:index:MesosCluster", Name = "mesos", Parent = program.Stack.Urn });
        await RegisterAsync("random:index/randomId:RandomId", "suffix", """{"byteLength":3,"keepers":{"region":"nyc3"}}""");
        await RegisterAsync("random:index/randomBytes:RandomBytes", "scalar", """{"length":32}""", r => r.AdditionalSecretOutputs.Add(["base64", "hex"]));
        var vpc = await RegisterAsync(
            "digitalocean:index/vpc:Vpc",
            "vpc",
            """{"description":"Mesos cluster","ipRange":"10.10.0.0/24","name":"orca-dead01","region":"nyc3"}""",
            r => r.CustomTimeouts = new RegisterResourceRequest.Types.CustomTimeouts { Delete = "600000000000ns" });
        var tag = await RegisterAsync("digitalocean:index/tag:Tag", "tag", """{"name":"orca-dead01"}""");
        await RegisterAsync(
            "digitalocean:index/firewall:Firewall",
            "firewall",
            """
            {"name":"orca-dead01","tags":["orca-dead01"],
             "inboundRules":[{"portRange":"1-65535","protocol":"tcp","sourceTags":["orca-dead01"]},{"protocol":"icmp","sourceTags":["orca-dead01"]},
                             {"portRange":"22","protocol":"tcp","sourceAddresses":["192.0.2.0/24","2001:db8::/32"]}],
             "outboundRules":[{"destinationAddresses":["0.0.0.0/0","::/0"],"portRange":"1-65535","protocol":"tcp"},{"destinationAddresses":["0.0.0.0/0","::/0"],"protocol":"icmp"}]}
            """,
            r => DependOn(r, tag, "inboundRules", "tags"));
        var key = await RegisterAsync("digitalocean:index/sshKey:SshKey", "key", """{"publicKey":"ecdsa-sha2-nistp256 AAAA"}""");
        var droplet = await RegisterAsync(
            "digitalocean:index/droplet:Droplet",
            "master-1-droplet",
            """
            {"image":"debian-12-x64","monitoring":true,"name":"orca-master-1","region":"nyc3","size":"s-1vcpu-2gb","sshKeys":["101"],"tags":["orca-dead01"],
             "userData":"#cloud-config\n","vpcUuid":"8a1f"}
            """,
            r =>
            {
                DependOn(r, key, "sshKeys");
                DependOn(r, tag, "tags");
                DependOn(r, vpc, "vpcUuid");
            });
        var copy = await RegisterAsync(
            "command:remote:CopyToRemote",
            "master-1-scripts",
            $$"""{"connection":{{Connection}},"remotePath":"/usr/local/lib/mesos-stack","source":{{Source}},"triggers":["128617324"]}""",
            r => Remote(r, droplet, "connection"));
        await RegisterAsync(
            "command:remote:Command",
            "master-1-configuration",
            $$"""
            {"addPreviousOutputInEnv":false,"connection":{{Connection}},"create":"cd /usr/local/lib/mesos-stack && bash configuration.sh master-1=198.51.100.40",
             "logging":"stdoutAndStderr","stdin":"host master-1\nrevision 1\n","triggers":["128617324"]}
            """,
            r =>
            {
                Remote(r, droplet, "stdout", "stderr", "connection");
                r.Dependencies.Add(copy);
            });

        async Task<string> RegisterAsync(string type, string name, string json, Action<RegisterResourceRequest>? options = null)
        {
            var request = new RegisterResourceRequest
            {
                Type = type,
                Name = $"mesos-{name}",
                Custom = true,
                Parent = cluster.Urn,
                Version = type.Split(':')[0] switch { "random" => "4.21.1", "command" => "1.2.1", _ => "4.76.0" },
                Object = Struct.Parser.ParseJson(json),
            };
            options?.Invoke(request);
            if (request.Name == changed)
            {
                change!(request.Object);
            }

            return (await program.RegisterAsync(request)).Urn;
        }

        static void Remote(RegisterResourceRequest request, string droplet, params string[] secrets)
        {
            DependOn(request, droplet, "connection", "triggers");
            request.DeletedWith = droplet;
            request.AdditionalSecretOutputs.Add(secrets);
            request.ReplaceOnChanges.Add("triggers[*]");
        }

        static void DependOn(RegisterResourceRequest request, string urn, params string[] properties)
        {
            request.Dependencies.Add(urn);
            foreach (var property in properties)
            {
                var dependencies = new RegisterResourceRequest.Types.PropertyDependencies();
                dependencies.Urns.Add(urn);
                request.PropertyDependencies[property] = dependencies;
            }
        }
    }

    private sealed class Passphrase : IPassphraseSource
    {
        public KnownPassphrase Existing() => new("correct horse", "the test");

        public KnownPassphrase New() => throw new SecretsException("the state is there already");
    }
}
