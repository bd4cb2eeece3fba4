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
    /// <summary>Runs <see cref="FailingStack"/>.</summary>
    public const string OfStackClass = "stack-class";

    public static IReadOnlyDictionary<string, Func<IDictionary<string, object?>>> All { get; } = new Dictionary<string, Func<IDictionary<string, object?>>>
    {
        ["config"] = () => Outputs(("v", new Config().Require("absent"))),
        ["required"] = () => Outputs(("v", new RandomId("rid", new RandomIdArgs()).Hex)),
        ["required-inside"] = () => Outputs(("v", new Command("cmd", new CommandArgs { Connection = new ConnectionArgs() }).Stdout)),
        ["task"] = () => Outputs(("v", Task.FromResult(1))),
        ["odd-argument"] = () =>
        {
            _ = new CustomResource("my:index:Any", "any", new OddArgs(), new CustomResourceOptions());
            return Outputs();
        },
        ["options"] = Options,
        ["aliases"] = Aliases,
        ["packages"] = Packages,
        ["late-child"] = LateChild,
        ["both-providers"] = () =>
        {
            var provider = new ProviderResource("random", "rp", ResourceArgs.Empty, new CustomResourceOptions());
            return Outputs(("v", new ComponentResource("my:index:Top", "top", new ComponentResourceOptions { Provider = provider, Providers = { provider } })));
        },
        ["blocked-log"] = () =>
        {
            Log.Info("creating", Blocked());
            throw new RunException("elsewhere");
        },
        ["blocked-fault"] = () => throw new ResourceException("of a blocked one", Blocked(), hideStack: true),
        ["fault"] = () => throw new ResourceException("with its stack", Made()),
        ["hidden-fault"] = () => throw new ResourceException("without its stack", Made(), hideStack: true),
        ["fault-of-none"] = () => throw new ResourceException("of none", null, hideStack: true),
        ["log-about"] = () =>
        {
            Log.Info("made", Made());
            return Outputs();
        },
        ["nested-run"] = () => Outputs(("v", Output.Create(Deployment.RunAsync(() => { })))),
    };

    private static RandomId Made() => new("rid", new RandomIdArgs { ByteLength = 1, Keepers = { { "k", "v" } } });

    // Is never registered, for an argument never comes.
    private static RandomId Blocked() => new("blocked", new RandomIdArgs { ByteLength = Output.Create(new TaskCompletionSource<int>().Task) });

    private static Dictionary<string, object?> Options()
    {
        var id = Made();
        _ = new Command(
            "cmd",
            new CommandArgs { Connection = new ConnectionArgs { Host = "h", Password = "p", User = "u" } },
            new CustomResourceOptions
            {
                AdditionalSecretOutputs = { "stdout" },
                ReplaceOnChanges = { "create" },
                DeletedWith = id,
                RetainOnDelete = true,
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
                new Alias { Urn = "urn:pulumi:dev::proj::a:b:C::old" },
                new Alias { NoParent = true, Type = "a:b:C" },
                new Alias { Parent = id, Stack = "s", Project = "p" },
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

/// <summary>A stack that finds a fault while it is made.</summary>
internal sealed class FailingStack : Stack
{
    public FailingStack() => throw new RunException("found in the constructor");
}

/// <summary>Arguments with a value that cannot travel.</summary>
internal sealed class OddArgs : ResourceArgs
{
    [Input("odd")]
    public object Odd { get; } = new Uri("http://h");
}
