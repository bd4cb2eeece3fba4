using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>Reads YAML files as nodes.</summary>
internal static class YamlFile
{
    // The library reads nested nodes by calling itself, and a stack ends.
    private const int DeepestOfFile = 500;

    /// <summary>The mapping that a text holds; empty for an empty text.</summary>
    /// <exception cref="ConfigurationException">It is not YAML, or no mapping.</exception>
    public static YamlMappingNode Parse(string name, string text)
    {
        var stream = new YamlStream();
        try
        {
            Check(name, text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw Fault(name, e.Start, $"not valid YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The library has no better word for some texts.
            throw new ConfigurationException($"{name}: not valid YAML", e);
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

    /// <summary>Whether a mapping is a sealed value, well-formed or not: its single key is <c>secure</c>.</summary>
    public static bool IsSealed(YamlNode node) => node is YamlMappingNode { Children: { Count: 1 } children } && children[0].Key is YamlScalarNode { Value: "secure" };

    /// <summary>The ciphertext of a mapping with the single key <c>secure</c>; null for any other node.</summary>
    public static string? Secure(YamlNode node) =>
        IsSealed(node) && ((YamlMappingNode)node).Children[0].Value is YamlScalarNode { Value: { Length: > 0 } ciphertext } ? ciphertext : null;

    /// <summary>Whether a sealed value is anywhere inside.</summary>
    /// <param name="node">A node that <see cref="YamlValues"/> could turn into JSON.</param>
    public static bool ContainsSecure(YamlNode node) => Secure(node) is not null || node switch
    {
        YamlMappingNode mapping => mapping.Children.Values.Any(ContainsSecure),
        YamlSequenceNode sequence => sequence.Children.Any(ContainsSecure),
        _ => false,
    };

    /// <summary>A key as text.</summary>
    public static string KeyOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? "";

    /// <summary>A key as text, which it must be.</summary>
    /// <exception cref="ConfigurationException">It is a list, a mapping, nothing, or YAML's merge key; the message names neither file nor setting.</exception>
    public static string RequireKey(YamlNode key) => key switch
    {
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "<<" } => throw new ConfigurationException("holds YAML's merge key <<, which is not known here; write the keys themselves"),
        YamlScalarNode scalar when IsNull(scalar) => throw new ConfigurationException("has a key without a name; put null or ~ in quotes where it is one"),
        YamlScalarNode scalar => scalar.Value ?? "",
        _ => throw new ConfigurationException("has a list or a mapping for a key; a key is a text"),
    };

    // What the library would go round in for ever, or too deep into.
    private static void Check(string name, string text)
    {
        var parser = new Parser(new StringReader(text));
        var open = new Stack<string?>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case AnchorAlias alias when open.Contains(alias.Value.Value):
                    throw Fault(name, alias.Start, $"the alias *{Shown.Short(alias.Value.Value)} stands inside of what it means");
                case MappingStart or SequenceStart:
                    var start = (NodeEvent)parser.Current;
                    open.Push(start.Anchor.IsEmpty ? null : start.Anchor.Value);
                    if (open.Count > DeepestOfFile)
                    {
                        throw Fault(name, start.Start, $"nested deeper than {DeepestOfFile} levels");
                    }

                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    break;
            }
        }
    }

    private static ConfigurationException Fault(string name, Mark mark, string what, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}, line {mark.Line}: {what}"), inner);
}
