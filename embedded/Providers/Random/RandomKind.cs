using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Random;

/// <summary>One kind of random value.</summary>
/// <param name="Type">Its type token.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Count">The input that says how many bytes.</param>
/// <param name="Made">The outputs that are made, not given.</param>
/// <param name="Create">Makes one from checked inputs.</param>
internal sealed record RandomKind(
    string Type,
    ImmutableSortedDictionary<string, InputSpec> Inputs,
    string Count,
    ImmutableArray<string> Made,
    Func<PropertyMap, CreateResult> Create)
{
    private static readonly InputSpec Keepers = new(InputKind.Map, Replaces: true);
    private static readonly InputSpec Whole = new(InputKind.Whole, Required: true, Replaces: true);

    /// <summary>All kinds.</summary>
    public static ImmutableArray<RandomKind> All { get; } =
    [
        new("random:index/randomBytes:RandomBytes", InputSpec.Of(("length", Whole), ("keepers", Keepers)), "length", ["base64", "hex"], CreateBytes),
        new("random:index/randomId:RandomId", InputSpec.Of(("byteLength", Whole), ("prefix", new(InputKind.Text, Replaces: true)), ("keepers", Keepers)), "byteLength", ["b64Std", "b64Url", "dec", "hex"], CreateId),
    ];

    /// <summary>Faults that kinds of values do not show; for known inputs only.</summary>
    public IEnumerable<CheckFault> Faults(PropertyMap inputs) =>
        inputs.Number(Count) is >= 1 and <= int.MaxValue ? [] : [new CheckFault(Count, "has to be at least 1")];

    /// <summary>Inputs without those that are null.</summary>
    public PropertyMap Given(PropertyMap inputs) =>
        Inputs.Keys.Where(name => inputs.Value(name) is null).Aggregate(inputs, (given, name) => given.Without(name));

    private static CreateResult CreateBytes(PropertyMap inputs)
    {
        var bytes = RandomNumberGenerator.GetBytes(inputs.Whole("length")!.Value);

        // The id is never sealed, so it says nothing of the bytes.
        return new CreateResult("none", inputs
            .With("base64", new PropertyValue.Secret(Convert.ToBase64String(bytes)))
            .With("hex", new PropertyValue.Secret(Convert.ToHexStringLower(bytes))));
    }

    private static CreateResult CreateId(PropertyMap inputs)
    {
        var bytes = RandomNumberGenerator.GetBytes(inputs.Whole("byteLength")!.Value);
        var prefix = inputs.Text("prefix") ?? "";
        var standard = Convert.ToBase64String(bytes);
        var url = standard.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return new CreateResult(url, inputs
            .With("b64Std", prefix + standard)
            .With("b64Url", prefix + url)
            .With("dec", prefix + new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture))
            .With("hex", prefix + Convert.ToHexStringLower(bytes)));
    }
}
