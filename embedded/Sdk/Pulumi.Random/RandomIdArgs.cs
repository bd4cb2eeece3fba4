namespace Pulumi.Random;

/// <summary>The inputs of <see cref="RandomId"/>; every change makes a new one.</summary>
public sealed class RandomIdArgs : ResourceArgs
{
    /// <summary>How many random bytes, at least 1. Required.</summary>
    [Input("byteLength", required: true)]
    public Input<int> ByteLength { get; set; } = null!;

    /// <summary>What stands in front of each form.</summary>
    [Input("prefix")]
    public Input<string>? Prefix { get; set; }

    [Input("keepers")]
    private InputMap<string>? _keepers;

    /// <summary>Values whose change makes a new one.</summary>
    public InputMap<string> Keepers
    {
        get => _keepers ??= new();
        set => _keepers = value;
    }
}
