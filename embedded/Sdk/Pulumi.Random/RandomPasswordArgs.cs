namespace Pulumi.Random;

/// <summary>The inputs of <see cref="RandomPassword"/>; every change makes a new one.</summary>
public sealed class RandomPasswordArgs : ResourceArgs
{
    /// <summary>How many characters. Required.</summary>
    [Input("length", required: true)]
    public Input<int> Length { get; set; } = null!;

    /// <summary>Whether lower-case letters may occur; true by default.</summary>
    [Input("lower")]
    public Input<bool>? Lower { get; set; }

    /// <summary>Whether upper-case letters may occur; true by default.</summary>
    [Input("upper")]
    public Input<bool>? Upper { get; set; }

    /// <summary>Whether digits may occur; true by default.</summary>
    [Input("numeric")]
    public Input<bool>? Numeric { get; set; }

    /// <summary>Whether special characters may occur; true by default.</summary>
    [Input("special")]
    public Input<bool>? Special { get; set; }

    /// <summary>How many lower-case letters there are at least; 0 by default.</summary>
    [Input("minLower")]
    public Input<int>? MinLower { get; set; }

    /// <summary>How many upper-case letters there are at least; 0 by default.</summary>
    [Input("minUpper")]
    public Input<int>? MinUpper { get; set; }

    /// <summary>How many digits there are at least; 0 by default.</summary>
    [Input("minNumeric")]
    public Input<int>? MinNumeric { get; set; }

    /// <summary>How many special characters there are at least; 0 by default.</summary>
    [Input("minSpecial")]
    public Input<int>? MinSpecial { get; set; }

    /// <summary>The special characters to take from, instead of the usual ones.</summary>
    [Input("overrideSpecial")]
    public Input<string>? OverrideSpecial { get; set; }

    [Input("keepers")]
    private InputMap<string>? _keepers;

    /// <summary>Values whose change makes a new one.</summary>
    public InputMap<string> Keepers
    {
        get => _keepers ??= new();
        set => _keepers = value;
    }
}
