using System.Globalization;
using Pulumi;

// A small program for the engine to run: a component with two things, the second made from the first.
return await Deployment.RunAsync(() =>
{
    var config = new Config();
    Console.WriteLine($"preview: {Deployment.Instance.IsDryRun}");
    if (config.Get("mode") == "throw")
    {
        throw new InvalidOperationException("boom");
    }

    var pair = new Pair("pair", double.Parse(config.Get("size")!, CultureInfo.InvariantCulture), config.RequireSecret("password"));
    return new Dictionary<string, object?> { ["serial"] = pair.Serial, ["password"] = config.RequireSecret("password") };
});

internal sealed class Pair : ComponentResource
{
    public Pair(string name, double size, Output<string> password)
        : base("my:index:Pair", name)
    {
        var first = new Thing($"{name}-first", new ThingArgs { Size = size, Secret = password }, new CustomResourceOptions { Parent = this });
        var second = new Thing(
            $"{name}-second",
            new ThingArgs { Size = first.Serial, Triggers = new object[] { first.Id } },
            new CustomResourceOptions { Parent = this, DeletedWith = first, ReplaceOnChanges = { "triggers[*]" } });
        Serial = second.Serial;
        RegisterOutputs();
    }

    [Output("serial")]
    public Output<double> Serial { get; private set; }
}

internal sealed class Thing(string name, ThingArgs args, CustomResourceOptions options) : CustomResource("test:index:Thing", name, args, options)
{
    [Output("serial")]
    public Output<double> Serial { get; private set; } = null!;
}

internal sealed class ThingArgs : ResourceArgs
{
    [Input("triggers")]
    private InputList<object>? _triggers;

    [Input("size")]
    public Input<double> Size { get; set; } = null!;

    [Input("secret")]
    public Input<string>? Secret { get; set; }

    public InputList<object> Triggers
    {
        get => _triggers ??= [];
        set => _triggers = value;
    }
}
