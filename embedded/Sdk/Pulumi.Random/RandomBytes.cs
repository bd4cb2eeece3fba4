namespace Pulumi.Random;

/// <summary>Random bytes for keys, kept in the state; secret.</summary>
public class RandomBytes(string name, RandomBytesArgs args, CustomResourceOptions? options = null)
    : CustomResource("random:index/randomBytes:RandomBytes", name, args ?? new RandomBytesArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["base64", "hex"]))
{
    /// <summary>The bytes in lower-case hexadecimal; secret.</summary>
    [Output("hex")]
    public Output<string> Hex { get; private set; } = null!;
}
