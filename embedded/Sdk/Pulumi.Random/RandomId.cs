using System.Collections.Immutable;

namespace Pulumi.Random;

/// <summary>A random identifier, kept in the state; not secret.</summary>
public class RandomId : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public RandomId(string name, RandomIdArgs args, CustomResourceOptions? options = null)
        : base("random:index/randomId:RandomId", name, args ?? new RandomIdArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>Values whose change makes a new one.</summary>
    [Output("keepers")]
    public Output<ImmutableDictionary<string, string>?> Keepers { get; private set; } = null!;

    /// <summary>How many random bytes.</summary>
    [Output("byteLength")]
    public Output<int> ByteLength { get; private set; } = null!;

    /// <summary>What stands in front of each form.</summary>
    [Output("prefix")]
    public Output<string?> Prefix { get; private set; } = null!;

    /// <summary>The prefix and the bytes in lower-case hexadecimal.</summary>
    [Output("hex")]
    public Output<string> Hex { get; private set; } = null!;
}
