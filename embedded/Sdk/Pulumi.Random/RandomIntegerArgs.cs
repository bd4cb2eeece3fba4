namespace Pulumi.Random;

/// <summary>The inputs of <see cref="RandomInteger"/>; every change makes a new number.</summary>
public sealed class RandomIntegerArgs : ResourceArgs
{
    /// <summary>The smallest number possible. Required.</summary>
    [Input("min", required: true)]
    public Input<int> Min { get; set; } = null!;

    /// <summary>The greatest number possible. Required.</summary>
    [Input("max", required: true)]
    public Input<int> Max { get; set; } = null!;

    [Input("keepers")]
    private InputMap<string>? _keepers;

    /// <summary>Values whose change makes a new one.</summary>
    public InputMap<string> Keepers
    {
        get => _keepers ??= new();
        set => _keepers = value;
    }
}
