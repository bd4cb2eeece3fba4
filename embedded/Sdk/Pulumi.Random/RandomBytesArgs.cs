namespace Pulumi.Random;

/// <summary>The inputs of <see cref="RandomBytes"/>; every change makes new bytes.</summary>
public sealed class RandomBytesArgs : ResourceArgs
{
    /// <summary>How many bytes, at least 1. Required.</summary>
    [Input("length", required: true)]
    public Input<int> Length { get; set; } = null!;
}
