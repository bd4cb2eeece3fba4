using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>
/// Turns the nodes of one YAML file into JSON by the rules of YAML 1.2's core schema, with each mapping <c>{secure: …}</c> opened. What YAML can say and a setting
/// cannot is refused by its name.
/// </summary>
/// <param name="open">Opens a sealed text.</param>
internal sealed partial class YamlValues(Func<string, string> open)
{
    /// <summary>How deep lists and mappings may lie in each other.</summary>
    public const int Deepest = 64;

    private const string TextTag = "tag:yaml.org,2002:str";

    // Aliases can make a few lines as large as one likes, so what comes of them is counted, over all settings of the file.
    private int _left = StackConfiguration.MostBytes;

    /// <summary>The value of a node.</summary>
    /// <exception cref="ConfigurationException">It is none; the message says why, without the file and the key.</exception>
    public JsonNode? ToJson(YamlNode node) => ToJson(node, 0);

    private JsonNode? ToJson(YamlNode node, int depth)
    {
        Count(1);
        if (node is not YamlScalarNode && depth == Deepest)
        {
            throw new ConfigurationException($"is nested deeper than {Deepest} levels");
        }

        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(child => ToJson(child, depth + 1))]),
            YamlMappingNode mapping when YamlFile.IsSealed(mapping) => Open(mapping),
            YamlMappingNode mapping => Object(mapping, depth),
            _ => throw new ConfigurationException($"holds a node of YAML's type {node.NodeType}, which no setting can be"),
        };
    }

    private JsonObject Object(YamlMappingNode mapping, int depth)
    {
        var members = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            var name = YamlFile.RequireKey(key);
            Count(name.Length);
            if (!members.TryAdd(name, ToJson(value, depth + 1)))
            {
                throw new ConfigurationException($"has the key {Shown.Short(name)} twice");
            }
        }

        return members;
    }

    private JsonValue Open(YamlMappingNode mapping)
    {
        if (YamlFile.Secure(mapping) is not { } ciphertext)
        {
            throw new ConfigurationException("holds 'secure' without a sealed text");
        }

        var text = open(ciphertext);
        Count(text.Length);
        return JsonValue.Create(text)!;
    }

    private JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        Count(text.Length);
        if (!scalar.Tag.IsEmpty && scalar.Tag != "!" && scalar.Tag != TextTag)
        {
            throw new ConfigurationException($"has the tag {Shown.Short(scalar.Tag.Value)}, which is not known here; write the value without it");
        }

        if (scalar.Style != ScalarStyle.Plain || !scalar.Tag.IsEmpty)
        {
            return JsonValue.Create(text);
        }

        if (YamlFile.IsNull(scalar))
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

    private void Count(int characters)
    {
        _left -= characters;
        if (_left < 0)
        {
            throw new ConfigurationException(StackConfiguration.TooLarge);
        }
    }

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Integers();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Numbers();
}
