using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.DigitalOcean;
using Pulumi.DigitalOcean.Inputs;
using Pulumi.Random;

namespace MesosStack.Embedded.Tests.SdkProgram;

/// <summary>Programs of a few lines, each for one question of the tests.</summary>
internal static class Scenarios
{
    public static IReadOnlyDictionary<string, Func<IDictionary<string, object?>>> All { get; } = new Dictionary<string, Func<IDictionary<string, object?>>>
    {
        ["config"] = () => Outputs(("v", new Config().RequireSecret("absent"))),
        ["required"] = () => Outputs(("v", new RandomId("rid", new RandomIdArgs()).Hex)),
        ["required-inside"] = () => Outputs(("v", new Command("cmd", new CommandArgs { Connection = new ConnectionArgs() }).Id)),
        ["task"] = () => Outputs(("v", Task.FromResult(1))),
        ["odd-argument"] = () =>
        {
            _ = new CustomResource("my:index:Any", "any", new OddArgs(), new CustomResourceOptions());
            return Outputs();
        },
        ["several"] = () =>
        {
            var first = new RandomId("first", new RandomIdArgs());
            _ = new CustomResource("my:index:Any", "any", new OddArgs(), new CustomResourceOptions());
            _ = new CustomResource("my:index:Any", "other", new OddArgs(), new CustomResourceOptions());
            _ = new RandomId("dependent", new RandomIdArgs { ByteLength = 1, Keepers = { { "k", first.Hex } } });
            throw new RunException("and the program itself");
        },
        ["given-up"] = () => throw new InvalidOperationException("the answer was given up", new TaskCanceledException()),
        ["options"] = Options,
        ["aliases"] = Aliases,
        ["packages"] = Packages,
        ["late-child"] = LateChild,
        ["any-outputs"] = () => Outputs(("v", new Named("n"))),
        ["blocked-log"] = () =>
        {
            Log.Warn("creating", Blocked());
            throw new RunException("elsewhere");
        },
        ["log-about"] = () =>
        {
            Log.Warn("made", Made());
            return Outputs();
        },
        ["nested-run"] = () => Outputs(("v", Output.Create(Deployment.RunAsync(() => Outputs())))),
    };

    private static RandomId Made() => new("rid", new RandomIdArgs { ByteLength = 1, Keepers = { { "k", "v" } } });

    // Is never registered, for an argument never comes.
    private static RandomId Blocked() => new("blocked", new RandomIdArgs { ByteLength = Output.Create(new TaskCompletionSource<int>().Task) });

    private static Dictionary<string, object?> Options()
    {
        var id = Made();
        _ = new Command(
            "cmd",
            new CommandArgs { Connection = new ConnectionArgs { Host = "h", PrivateKey = "k", User = "u" } },
            new CustomResourceOptions
            {
                AdditionalSecretOutputs = { "stdout" },
                ReplaceOnChanges = { "create" },
                DeletedWith = id,
                Protect = false,
                Version = "9.9.9",
            });
        return Outputs();
    }

    private static Dictionary<string, object?> Aliases()
    {
        var id = Made();
        _ = new RandomPet("pet", new RandomPetArgs(), new CustomResourceOptions
        {
            Aliases =
            {
                new Alias { Name = "older" },
                id.Hex.Apply(h => new Alias { Name = h }),
            },
        });
        return Outputs();
    }

    private static Dictionary<string, object?> Packages()
    {
        _ = new RandomBytes("bytes", new RandomBytesArgs { Length = 32 });
        _ = new SshKey("key", new SshKeyArgs { PublicKey = "ssh-ed25519 A" });
        _ = new Vpc("vpc", new VpcArgs { Region = "fra1" });
        _ = new Tag("tag");
        _ = new Firewall("firewall", new FirewallArgs
        {
            InboundRules = { new FirewallInboundRuleArgs { Protocol = "tcp", PortRange = "22", SourceAddresses = { "::/0" }, SourceTags = { "t" } } },
            OutboundRules = { new FirewallOutboundRuleArgs { Protocol = "icmp", DestinationAddresses = { "::/0" } } },
        });
        _ = new Droplet("droplet", new DropletArgs { Image = "debian", Size = "small", Region = "fra1", SshKeys = { "1" }, Monitoring = false });
        return Outputs();
    }

    // "after" waits for an argument, and meanwhile the component that it depends on gets a child.
    private static Dictionary<string, object?> LateChild()
    {
        var group = new ComponentResource("my:index:Top", "top");
        var prefix = Made().Hex.Apply(hex =>
        {
            _ = new RandomPet("late", new RandomPetArgs(), new CustomResourceOptions { Parent = group });
            return hex;
        });
        _ = new RandomPet("after", new RandomPetArgs { Prefix = prefix }, new CustomResourceOptions { DependsOn = { group } });
        return Outputs();
    }

    private static Dictionary<string, object?> Outputs(params (string Name, object? Value)[] outputs) => outputs.ToDictionary(o => o.Name, o => o.Value);
}

/// <summary>A component with an output that is a plain text.</summary>
internal sealed class Named : ComponentResource
{
    public Named(string name)
        : base("my:index:Named", name)
    {
        Name = name;
        RegisterOutputs();
    }

    [Output("name")]
    public string Name { get; }
}

/// <summary>Arguments with a value that cannot travel.</summary>
internal sealed class OddArgs : ResourceArgs
{
    [Input("odd")]
    public object Odd { get; } = new Uri("http://h");
}
