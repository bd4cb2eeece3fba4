using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>Reads YAML files as nodes, and nodes as JSON by the rules of YAML 1.2's core schema.</summary>
internal static partial class YamlFile
{
    /// <summary>The mapping that a text holds; empty for an empty text.</summary>
    /// <exception cref="ConfigurationException">It is not YAML, or no mapping.</exception>
    public static YamlMappingNode Parse(string name, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{name}, line {e.Start.Line}: not valid YAML: {e.Message}"), e);
        }

        return stream.Documents switch
        {
            [] => [],
            [{ RootNode: YamlMappingNode mapping }] => mapping,
            [{ RootNode: YamlScalarNode { Value: null or "" } }] => [],
            [_] => throw new ConfigurationException($"{name}: expected keys and values"),
            _ => throw new ConfigurationException($"{name}: expected one document"),
        };
    }

    /// <summary>A member of a mapping; null where it is absent.</summary>
    public static YamlNode? Get(this YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) && !IsNull(node) ? node : null;

    /// <summary>Whether a node is YAML's null.</summary>
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>The value of a node, with each mapping <c>{secure: …}</c> opened.</summary>
    /// <param name="node">The node.</param>
    /// <param name="open">Opens a sealed text.</param>
    public static JsonNode? ToJson(YamlNode node, Func<string, string> open) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(c => ToJson(c, open))]),
        YamlMappingNode mapping when Secure(mapping) is { } ciphertext => JsonValue.Create(open(ciphertext)),
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(KeyOf(c.Key), ToJson(c.Value, open)))),
        _ => throw new NotSupportedException($"a YAML node of type {node.NodeType}"),
    };

    /// <summary>The ciphertext of a mapping with the single key <c>secure</c>; null for any other node.</summary>
    public static string? Secure(YamlNode node) =>
        node is YamlMappingNode { Children: { Count: 1 } children } && children[0] is { Key: YamlScalarNode { Value: "secure" }, Value: YamlScalarNode { Value: { } ciphertext } } ? ciphertext : null;

    /// <summary>Whether a sealed value is anywhere inside.</summary>
    public static bool ContainsSecure(YamlNode node) => Secure(node) is not null || node switch
    {
        YamlMappingNode mapping => mapping.Children.Values.Any(ContainsSecure),
        YamlSequenceNode sequence => sequence.Children.Any(ContainsSecure),
        _ => false,
    };

    /// <summary>A key as text.</summary>
    public static string KeyOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? "";

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        if (IsNull(scalar))
        {
            return null;
        }

        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            return JsonValue.Create(text[0] is 't' or 'T');
        }

        if (Integers().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        return Numbers().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$")]
    private static partial Regex Integers();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Numbers();
}
