using System.Collections.Immutable;

namespace Pulumi.Random;

/// <summary>Random bytes for keys, kept in the state; secret.</summary>
public class RandomBytes : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public RandomBytes(string name, RandomBytesArgs args, CustomResourceOptions? options = null)
        : base("random:index/randomBytes:RandomBytes", name, args ?? new RandomBytesArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["base64", "hex"]))
    {
    }

    /// <summary>Values whose change makes a new one.</summary>
    [Output("keepers")]
    public Output<ImmutableDictionary<string, string>?> Keepers { get; private set; } = null!;

    /// <summary>How many bytes.</summary>
    [Output("length")]
    public Output<int> Length { get; private set; } = null!;

    /// <summary>The bytes in base64; secret.</summary>
    [Output("base64")]
    public Output<string> Base64 { get; private set; } = null!;

    /// <summary>The bytes in lower-case hexadecimal; secret.</summary>
    [Output("hex")]
    public Output<string> Hex { get; private set; } = null!;
}
