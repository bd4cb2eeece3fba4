using Pulumi;

namespace MesosStack.Embedded.Tests.SdkProgram;

/// <summary>A component with a custom resource and a component below it.</summary>
internal sealed class Comp : ComponentResource
{
    public Comp(string name, Ident ident)
        : base("my:index:Comp", name)
    {
        Inner = new Pet("inner", new PetArgs { Prefix = ident.Hex }, new CustomResourceOptions { Parent = this });
        _ = new Nested("nested", this);
        Out = Inner.Id;
        Num = Output.Create(5);
        RegisterOutputs();
    }

    [Output("out")]
    public Output<string> Out { get; private set; }

    [Output]
    public Output<int> Num { get; private set; }

    public Pet Inner { get; }
}

/// <summary>A component below another.</summary>
internal sealed class Nested : ComponentResource
{
    public Nested(string name, Resource parent)
        : base("my:index:Comp2", name, new ComponentResourceOptions { Parent = parent })
    {
        _ = new Uuid("uu", new CustomResourceOptions { Parent = this });
        RegisterOutputs(new Dictionary<string, object?> { ["k"] = "v" });
    }
}

internal sealed class IdentArgs : ResourceArgs
{
    [Input("keepers")]
    private InputMap<string>? _keepers;

    [Input("byteLength", required: true)]
    public Input<int> ByteLength { get; set; } = null!;

    public InputMap<string> Keepers
    {
        get => _keepers ??= [];
        set => _keepers = value;
    }

    [Input("anything")]
    public object? Anything { get; set; }
}

internal sealed class Ident : CustomResource
{
    public Ident(string name, IdentArgs args)
        : base("random:index/randomId:RandomId", name, args, new CustomResourceOptions { Version = "4.18.0" })
    {
    }

    [Output("hex")]
    public Output<string> Hex { get; private set; } = null!;
}

internal sealed class PetArgs : ResourceArgs
{
    [Input("prefix")]
    public Input<string>? Prefix { get; set; }

    [Input("length")]
    public Input<int>? Length { get; set; }
}

internal sealed class Pet(string name, PetArgs args, CustomResourceOptions options)
    : CustomResource("random:index/randomPet:RandomPet", name, args, options);

internal sealed class Uuid(string name, CustomResourceOptions options)
    : CustomResource("random:index/randomUuid:RandomUuid", name, null, options);

[EnumType]
internal readonly struct Logging : IEquatable<Logging>
{
    private readonly string _value;

    private Logging(string value) => _value = value;

    public static Logging Stderr { get; } = new("stderr");

    public static explicit operator string(Logging value) => value._value;

    public bool Equals(Logging other) => _value == other._value;

    public override bool Equals(object? obj) => obj is Logging other && Equals(other);

    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);
}

internal sealed class ConnectionArgs : ResourceArgs
{
    [Input("privateKey")]
    private Input<string>? _privateKey;

    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    [Input("port")]
    public Input<double>? Port { get; set; } = 22;

    // As generated resource classes mark a secret.
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = Output.Tuple<Input<string>?, int>(value, Output.CreateSecret(0)).Apply(t => t.Item1);
    }
}

internal sealed class CommandArgs : ResourceArgs
{
    [Input("connection", required: true)]
    private Input<ConnectionArgs>? _connection;

    [Input("environment")]
    private InputMap<string>? _environment;

    [Input("triggers")]
    private InputList<object>? _triggers;

    public Input<ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = Output.Tuple<Input<ConnectionArgs>?, int>(value, Output.CreateSecret(0)).Apply(t => t.Item1);
    }

    [Input("create")]
    public Input<string>? Create { get; set; }

    public InputMap<string> Environment
    {
        get => _environment ??= [];
        set => _environment = value;
    }

    [Input("logging")]
    public Input<Logging>? Logging { get; set; }

    public InputList<object> Triggers
    {
        get => _triggers ??= [];
        set => _triggers = value;
    }
}

internal sealed class Command(string name, CommandArgs args, CustomResourceOptions options)
    : CustomResource("command:remote:Command", name, args, options);
