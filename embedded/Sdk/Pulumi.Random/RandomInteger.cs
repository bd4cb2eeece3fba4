using System.Collections.Immutable;

namespace Pulumi.Random;

/// <summary>A random whole number, kept in the state.</summary>
[ResourceType("random:index/randomInteger:RandomInteger", Package.Version)]
public class RandomInteger : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public RandomInteger(string name, RandomIntegerArgs args, CustomResourceOptions? options = null)
        : base("random:index/randomInteger:RandomInteger", name, args ?? new RandomIntegerArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>Values whose change makes a new one.</summary>
    [Output("keepers")]
    public Output<ImmutableDictionary<string, string>?> Keepers { get; private set; } = null!;

    /// <summary>The smallest number possible.</summary>
    [Output("min")]
    public Output<int> Min { get; private set; } = null!;

    /// <summary>The greatest number possible.</summary>
    [Output("max")]
    public Output<int> Max { get; private set; } = null!;

    /// <summary>The number.</summary>
    [Output("result")]
    public Output<int> Result { get; private set; } = null!;

    /// <summary>What the number is derived from, where given.</summary>
    [Output("seed")]
    public Output<string?> Seed { get; private set; } = null!;
}
