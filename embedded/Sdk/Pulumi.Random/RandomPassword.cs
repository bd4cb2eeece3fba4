using System.Collections.Immutable;

namespace Pulumi.Random;

/// <summary>A random password, kept in the state; secret.</summary>
[ResourceType("random:index/randomPassword:RandomPassword", Package.Version)]
public class RandomPassword : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public RandomPassword(string name, RandomPasswordArgs args, CustomResourceOptions? options = null)
        : base("random:index/randomPassword:RandomPassword", name, args ?? new RandomPasswordArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["bcryptHash", "result"]))
    {
    }

    /// <summary>Values whose change makes a new one.</summary>
    [Output("keepers")]
    public Output<ImmutableDictionary<string, string>?> Keepers { get; private set; } = null!;

    /// <summary>How many characters.</summary>
    [Output("length")]
    public Output<int> Length { get; private set; } = null!;

    /// <summary>Whether lower-case letters may occur.</summary>
    [Output("lower")]
    public Output<bool> Lower { get; private set; } = null!;

    /// <summary>Whether upper-case letters may occur.</summary>
    [Output("upper")]
    public Output<bool> Upper { get; private set; } = null!;

    /// <summary>Whether digits may occur.</summary>
    [Output("numeric")]
    public Output<bool> Numeric { get; private set; } = null!;

    /// <summary>Whether special characters may occur.</summary>
    [Output("special")]
    public Output<bool> Special { get; private set; } = null!;

    /// <summary>How many lower-case letters there are at least.</summary>
    [Output("minLower")]
    public Output<int> MinLower { get; private set; } = null!;

    /// <summary>How many upper-case letters there are at least.</summary>
    [Output("minUpper")]
    public Output<int> MinUpper { get; private set; } = null!;

    /// <summary>How many digits there are at least.</summary>
    [Output("minNumeric")]
    public Output<int> MinNumeric { get; private set; } = null!;

    /// <summary>How many special characters there are at least.</summary>
    [Output("minSpecial")]
    public Output<int> MinSpecial { get; private set; } = null!;

    /// <summary>The special characters to take from, instead of the usual ones.</summary>
    [Output("overrideSpecial")]
    public Output<string?> OverrideSpecial { get; private set; } = null!;

    /// <summary>The password; secret.</summary>
    [Output("result")]
    public Output<string> Result { get; private set; } = null!;
}
