using System.Collections.Immutable;

namespace Pulumi.Random;

/// <summary>A random identifier, kept in the state; not secret.</summary>
public class RandomId(string name, RandomIdArgs args, CustomResourceOptions? options = null)
    : CustomResource("random:index/randomId:RandomId", name, args ?? new RandomIdArgs(), ResourceDefaults.Merge(options, Package.Version))
{
    /// <summary>Values whose change makes a new one.</summary>
    [Output("keepers")]
    public Output<ImmutableDictionary<string, string>?> Keepers { get; private set; } = null!;

    /// <summary>The bytes in lower-case hexadecimal.</summary>
    [Output("hex")]
    public Output<string> Hex { get; private set; } = null!;
}
