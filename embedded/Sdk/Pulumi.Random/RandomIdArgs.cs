namespace Pulumi.Random;

/// <summary>The inputs of <see cref="RandomId"/>; every change makes a new one.</summary>
public sealed class RandomIdArgs : ResourceArgs
{
    /// <summary>How many random bytes, at least 1. Required.</summary>
    [Input("byteLength", required: true)]
    public Input<int> ByteLength { get; set; } = null!;

    /// <summary>Values whose change makes a new one.</summary>
    [field: Input("keepers")]
    public InputMap<string> Keepers { get => field ??= new(); set; }
}
