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
/// <param name="Made">The outputs that are made, not given.</param>
/// <param name="Create">Makes one from checked inputs with defaults.</param>
/// <param name="Faults">Faults that kinds of values do not show; called for known inputs only.</param>
internal sealed record RandomKind(
    string Type,
    ImmutableSortedDictionary<string, InputSpec> Inputs,
    ImmutableArray<string> Made,
    Func<PropertyMap, CreateResult> Create,
    Func<PropertyMap, IEnumerable<CheckFault>> Faults)
{
    // The official provider's set.
    private const string UsualSpecials = "!@#$%&*()-_=+[]{}<>:?";

    private static readonly InputSpec Keepers = new(InputKind.Map, Replaces: true);
    private static readonly InputSpec Count = new(InputKind.Whole, Required: true, Replaces: true);

    // Switch, minimum and characters of each class of a password.
    private static readonly ImmutableArray<(string Switch, string Minimum, string Characters)> Classes =
    [
        ("lower", "minLower", "abcdefghijklmnopqrstuvwxyz"),
        ("upper", "minUpper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("numeric", "minNumeric", "0123456789"),
        ("special", "minSpecial", UsualSpecials),
    ];

    /// <summary>All kinds.</summary>
    public static ImmutableArray<RandomKind> All { get; } =
    [
        new("random:index/randomBytes:RandomBytes", InputSpec.Of(("length", Count), ("keepers", Keepers)), ["base64", "hex"], CreateBytes, i => AtLeastOne(i, "length")),
        new("random:index/randomId:RandomId", InputSpec.Of(("byteLength", Count), ("prefix", new(InputKind.Text, Replaces: true)), ("keepers", Keepers)), ["b64Std", "b64Url", "dec", "hex"], CreateId, i => AtLeastOne(i, "byteLength")),
        new("random:index/randomInteger:RandomInteger", InputSpec.Of(("min", Count), ("max", Count), ("keepers", Keepers)), ["result"], CreateInteger, IntegerFaults),
        new("random:index/randomPassword:RandomPassword", PasswordInputs(), ["result"], CreatePassword, PasswordFaults),
    ];

    /// <summary>Inputs with what is not given filled in.</summary>
    public PropertyMap WithDefaults(PropertyMap inputs)
    {
        foreach (var (name, spec) in Inputs.Where(i => inputs.Value(i.Key) is null))
        {
            inputs = spec.Kind switch
            {
                InputKind.Bool => inputs.With(name, true),
                InputKind.Whole => inputs.With(name, 0),
                _ => inputs.Without(name),
            };
        }

        return inputs;
    }

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

    private static CreateResult CreateInteger(PropertyMap inputs)
    {
        var min = inputs.Whole("min")!.Value;
        var max = inputs.Whole("max")!.Value;
        var result = (max, min) switch
        {
            (< int.MaxValue, _) => RandomNumberGenerator.GetInt32(min, max + 1),
            (_, > int.MinValue) => RandomNumberGenerator.GetInt32(min - 1, max) + 1,
            _ => BitConverter.ToInt32(RandomNumberGenerator.GetBytes(sizeof(int))),
        };
        return new CreateResult(result.ToString(CultureInfo.InvariantCulture), inputs.With("result", result));
    }

    private static CreateResult CreatePassword(PropertyMap inputs)
    {
        var characters = new List<char>();
        var all = "";
        foreach (var (name, minimum, usual) in Classes.Where(c => inputs.Bool(c.Switch)!.Value))
        {
            var set = name == "special" ? inputs.Text("overrideSpecial") ?? usual : usual;
            all += set;
            characters.AddRange(RandomNumberGenerator.GetItems<char>(set, inputs.Whole(minimum)!.Value));
        }

        characters.AddRange(RandomNumberGenerator.GetItems<char>(all, inputs.Whole("length")!.Value - characters.Count));
        var password = characters.ToArray();
        RandomNumberGenerator.Shuffle(password.AsSpan());
        return new CreateResult("none", inputs.With("result", new PropertyValue.Secret(new string(password))));
    }

    private static IEnumerable<CheckFault> AtLeastOne(PropertyMap inputs, string name) =>
        inputs.Number(name) is >= 1 and <= int.MaxValue ? [] : [new CheckFault(name, "has to be at least 1")];

    private static IEnumerable<CheckFault> IntegerFaults(PropertyMap inputs)
    {
        foreach (var name in new[] { "min", "max" })
        {
            if (inputs.Number(name) is < int.MinValue or > int.MaxValue)
            {
                yield return new CheckFault(name, "has to fit in 32 bits");
            }
        }

        if (inputs.Number("min") > inputs.Number("max"))
        {
            yield return new CheckFault("min", "is greater than max");
        }
    }

    private static ImmutableSortedDictionary<string, InputSpec> PasswordInputs() => InputSpec.Of(
    [
        ("length", Count),
        ("keepers", Keepers),
        ("overrideSpecial", new InputSpec(InputKind.Text, Replaces: true)),
        .. Classes.Select(c => (c.Switch, new InputSpec(InputKind.Bool, Replaces: true))),
        .. Classes.Select(c => (c.Minimum, new InputSpec(InputKind.Whole, Replaces: true))),
    ]);

    private static IEnumerable<CheckFault> PasswordFaults(PropertyMap inputs)
    {
        foreach (var fault in AtLeastOne(inputs, "length"))
        {
            yield return fault;
        }

        var on = Classes.Where(c => inputs.Bool(c.Switch) ?? true).ToList();
        if (on.Count == 0 || (on is [("special", _, _)] && inputs.Text("overrideSpecial") == ""))
        {
            yield return new CheckFault("length", "leaves nothing to choose from: every class of characters is off");
        }

        foreach (var (name, minimum, _) in Classes.Except(on).Where(c => inputs.Number(c.Minimum) > 0))
        {
            yield return new CheckFault(minimum, $"asks for characters that {name} turns off");
        }

        foreach (var (_, minimum, _) in Classes.Where(c => inputs.Number(c.Minimum) < 0))
        {
            yield return new CheckFault(minimum, "cannot be negative");
        }

        if (Classes.Sum(c => inputs.Number(c.Minimum) ?? 0) > inputs.Number("length"))
        {
            yield return new CheckFault("length", "is less than the minimums together");
        }
    }
}
