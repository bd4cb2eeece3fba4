using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>The rules of one direction of a firewall.</summary>
/// <param name="Input">Their name in Pulumi.</param>
/// <param name="Field">Their name in the API.</param>
/// <param name="Prefix">What begins the names of the other ends in Pulumi: <c>source</c> in <c>sourceTags</c>.</param>
/// <param name="Side">The object that holds the other ends in the API.</param>
internal sealed record FirewallRules(string Input, string Field, string Prefix, string Side)
{
    private static readonly ImmutableArray<string> Ends = ["Addresses", "Tags"];

    /// <summary>The rules as a property of the firewall.</summary>
    public ApiProperty Property => new(Input, Spec, Field, firewall => firewall.List(Field, FromJson)) { Sent = rules => JsonConversion.ToJson(rules, ToJson) };

    private InputSpec Spec => new(InputKind.Set, Items: new(InputKind.Object, Fields: InputSpec.Of(
    [
        ("protocol", new InputSpec(InputKind.Text, Required: true)),
        ("portRange", new InputSpec(InputKind.Text)),
        .. Ends.Select(end => (Prefix + end, new InputSpec(InputKind.Set, Items: new(InputKind.Text)))),
    ])));

    /// <summary>Rules that lack their ports.</summary>
    public IEnumerable<CheckFault> Faults(PropertyMap inputs) => inputs.Items(Input)
        .Select((rule, i) => (rule, i))
        .Where(r => r.rule is PropertyValue.Object { Properties: var fields } && fields.Text("protocol") is "tcp" or "udp" && fields.Value("portRange") is null)
        .Select(r => new CheckFault($"{Input}[{r.i}].portRange", "is required for tcp and udp"));

    /// <summary>The program's rules where the live ones say the same: a rule may be written in more than one way.</summary>
    public PropertyMap AsGiven(PropertyMap outputs, PropertyMap inputs)
    {
        var given = inputs.Items(Input);
        return InputDiff.SameItems(new([.. given.Select(Normal)]), new([.. outputs.Items(Input).Select(Normal)]))
            ? outputs.With(Input, new PropertyValue.Array(given))
            : outputs;
    }

    private JsonNode ToJson(PropertyValue value)
    {
        var rule = ((PropertyValue.Object)value).Properties;
        var ends = Ends.Where(end => rule.Items(Prefix + end).Length > 0);
        var json = new JsonObject
        {
            ["protocol"] = rule.RequiredText("protocol"),
            [Side] = new JsonObject(ends.Select(end => KeyValuePair.Create(end.ToLowerInvariant(), (JsonNode?)JsonConversion.ToJson(rule.Value(Prefix + end)!)))),
        };
        if (rule.Text("portRange") is { } ports && rule.Text("protocol") != "icmp")
        {
            json["ports"] = ports;
        }

        return json;
    }

    // Every kind of end is read, also one that is no input: somebody may have added it at DigitalOcean.
    private PropertyValue FromJson(JsonNode json)
    {
        var rule = PropertyMap.Empty.With("protocol", json.Text("protocol"));
        if (json.Text("ports") is { Length: > 0 } ports && json.Text("protocol") != "icmp")
        {
            // The API says 0 where every port is meant.
            rule = rule.With("portRange", ports == "0" ? "all" : ports);
        }

        var ends = json.Within(Side);
        return new PropertyValue.Object(ends.AsObject()
            .Where(end => end.Value is JsonArray { Count: > 0 })
            .Aggregate(rule, (r, end) => r.With(Prefix + PascalCase(end.Key), ends.List(end.Key))));
    }

    private static string PascalCase(string field) => string.Concat(field.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static PropertyValue Normal(PropertyValue rule)
    {
        if (rule.Unwrapped() is not PropertyValue.Object { Properties: var fields })
        {
            return rule;
        }

        var isIcmp = fields.Text("protocol") == "icmp";
        return new PropertyValue.Object(PropertyMap.From(fields
            .Where(field => field.Value is not PropertyValue.Null and not PropertyValue.Array { Items.Length: 0 } && !(isIcmp && field.Key == "portRange"))
            .Select(field => KeyValuePair.Create(field.Key, Normal(field.Key, field.Value)))));
    }

    private static PropertyValue Normal(string name, PropertyValue value) => value switch
    {
        PropertyValue.Text { Value: "0" or "1-65535" } when name == "portRange" => "all",
        PropertyValue.Array ends => new PropertyValue.Array([.. ends.Items.OrderBy(end => end.ToString(), StringComparer.Ordinal)]),
        _ => value,
    };
}
