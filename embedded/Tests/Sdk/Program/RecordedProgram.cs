using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.Random;

namespace MesosStack.Embedded.Tests.SdkProgram;

/// <summary>
/// Declares what the program declared whose conversations with an engine were recorded on the official SDK, but for what
/// the slice leaves out: <c>RandomPet.Get</c>, <c>Local.Run.Invoke</c> with the output <c>run</c>, an <c>ImportId</c>, and an explicit provider.
/// </summary>
internal static class RecordedProgram
{
    public static IDictionary<string, object?> Declare(string mode)
    {
        switch (mode)
        {
            case "throw":
                throw Plain("boom");
            case "run":
                throw new RunException("nice message");
            case "log":
                Log.Error("logged only");
                break;
        }

        var password = new Config().RequireSecret("pw");
        var id = new RandomId("rid", new RandomIdArgs { ByteLength = 4, Keepers = { { "k", password }, { "plain", "v" } } });
        var group = new Group("comp", id);
        var command = new Command("cmd", Arguments(id, group, password), new CustomResourceOptions
        {
            DependsOn = { group },
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromSeconds(120) },
            Protect = true,
            IgnoreChanges = { "create" },
            Aliases = { new Alias { Name = "old" } },
        });
        _ = new RandomPet("pet", new RandomPetArgs { Length = 2 }, new CustomResourceOptions { Parent = command, DeleteBeforeReplace = true });
        if (mode == "apply")
        {
            id.Hex.Apply(string (_) => throw Plain("in apply"));
        }

        return new Dictionary<string, object?>
        {
            ["hex"] = id.Hex,
            ["secret"] = password,
            ["null"] = null,
            ["res"] = command,
            ["comp"] = group,
            ["n"] = 3,
        };
    }

    private static CommandArgs Arguments(RandomId id, Group group, Output<string> password) => new()
    {
        Connection = new ConnectionArgs { Host = "h", PrivateKey = "key" },
        Create = Output.Format($"echo {id.Hex}"),
        Environment = { { "A", group.Out } },
        Triggers = new object[] { id.Hex, "fixed", password },
        Logging = Logging.Stderr,
    };

#pragma warning disable CA2201 // The recorded program threw this type, and the report names it.
    private static Exception Plain(string message) => new(message);
#pragma warning restore CA2201
}

/// <summary>A component with a resource and a component below it.</summary>
internal sealed class Group : ComponentResource
{
    public Group(string name, RandomId id)
        : base("my:index:Comp", name)
    {
        var inner = new RandomPet("inner", new RandomPetArgs { Prefix = id.Hex }, new CustomResourceOptions { Parent = this });
        _ = new Nested("nested", this);
        Out = inner.Id;
        Num = Output.Create(5);
        RegisterOutputs();
    }

    [Output("out")]
    public Output<string> Out { get; private set; }

    [Output]
    public Output<int> Num { get; private set; }
}

/// <summary>A component below another.</summary>
internal sealed class Nested : ComponentResource
{
    public Nested(string name, Resource parent)
        : base("my:index:Comp2", name, new ComponentResourceOptions { Parent = parent })
    {
        _ = new RandomUuid("uu", new CustomResourceOptions { Parent = this });
        RegisterOutputs(new Dictionary<string, object?> { ["k"] = "v" });
    }
}
