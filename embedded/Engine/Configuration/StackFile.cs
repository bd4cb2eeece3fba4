using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>A stack's file, <c>Pulumi.&lt;stack&gt;.yaml</c>: its settings and the salt of its secrets. Edits keep comments, order and everything else as it is.</summary>
public sealed partial class StackFile
{
    private readonly string _text;

    private StackFile(string name, string text, bool exists)
    {
        (Name, _text, Exists) = (name, text, exists);
        Root = YamlFile.Parse(name, text);
        if (Root.Get("secretsprovider") is YamlScalarNode { Value: { Length: > 0 } provider } && provider != "passphrase")
        {
            throw new ConfigurationException($"{name}: secretsprovider is '{provider}'; this engine knows 'passphrase'");
        }

        if (Root.Get("environment") is not null)
        {
            throw new ConfigurationException($"{name}: environment is a feature of Pulumi Cloud that this engine does not have");
        }

        Salt = Root.Get("encryptionsalt") switch
        {
            null => null,
            YamlScalarNode { Value: { Length: > 0 } salt } => salt,
            _ => throw new ConfigurationException($"{name}: encryptionsalt must be a text"),
        };
        Settings = Root.Get("config") switch
        {
            null => [],
            YamlMappingNode map => [.. map.Children.Select(c => KeyValuePair.Create(KeyOf(name, c.Key), c.Value))],
            _ => throw new ConfigurationException($"{name}: config must hold keys and values"),
        };
        Duplicates();
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether the file is there.</summary>
    public bool Exists { get; }

    /// <summary>The salt of its secrets; null where it has none.</summary>
    public string? Salt { get; }

    /// <summary>The text.</summary>
    public string Text => _text;

    internal ImmutableArray<KeyValuePair<string, YamlNode>> Settings { get; }

    private YamlMappingNode Root { get; }

    /// <summary>Reads a stack's file; one that is not there is empty.</summary>
    /// <exception cref="ConfigurationException">It has faults.</exception>
    public static StackFile Read(string path) =>
        File.Exists(path) ? new StackFile(Path.GetFileName(path), File.ReadAllText(path), true) : new StackFile(Path.GetFileName(path), "", false);

    /// <summary>Reads the text of a stack's file.</summary>
    /// <exception cref="ConfigurationException">It has faults.</exception>
    public static StackFile Parse(string name, string text) => new(name, text, true);

    /// <summary>The key as it stands in this file: one of the project's may do without its namespace.</summary>
    /// <param name="project">The project.</param>
    /// <param name="key">The full key.</param>
    public string KeyOf(Project project, string key) =>
        Settings.Select(s => s.Key).FirstOrDefault(k => project.FullKey(k) == key) ?? key;

    /// <summary>The file with a setting set to a text.</summary>
    /// <param name="key">The key as it stands in the file.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ConfigurationException">It stands there in a way that cannot be edited.</exception>
    public StackFile With(string key, string value) =>
        Edited(key, _ => " " + Scalar(value), node => node is YamlScalarNode scalar && scalar.Value == value);

    /// <summary>The file with a setting set to a sealed text.</summary>
    /// <param name="key">The key as it stands in the file.</param>
    /// <param name="ciphertext">The sealed text.</param>
    /// <exception cref="ConfigurationException">It stands there in a way that cannot be edited.</exception>
    public StackFile WithSecret(string key, string ciphertext) => Edited(
        key,
        indent => InBraces ? $" {{secure: {ciphertext}}}" : $"\n{new string(' ', indent + 2)}secure: {ciphertext}",
        node => YamlFile.Secure(node) == ciphertext);

    /// <summary>The file with a salt for its secrets.</summary>
    public StackFile WithSalt(string salt) =>
        Root.Get("encryptionsalt") is YamlScalarNode old
            ? Parse(Name, Replace(old, _ => " " + salt))
            : Parse(Name, $"encryptionsalt: {salt}\n{_text}");

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public async Task SaveAsync(string path, CancellationToken cancellation)
    {
        var aside = path + ".new";
        await File.WriteAllTextAsync(aside, _text, cancellation).ConfigureAwait(false);
        File.Move(aside, path, overwrite: true);
    }

    private bool InBraces => Root.Get("config") is YamlMappingNode { Style: YamlDotNet.Core.Events.MappingStyle.Flow, Children.Count: > 0 };

    // Looks at what came of the edit: a file can be written in more ways than are known here.
    private StackFile Edited(string key, Func<int, string> value, Func<YamlNode, bool> holds)
    {
        var count = Settings.Length + (Settings.Any(s => s.Key == key) ? 0 : 1);
        try
        {
            var edited = Rewritten(key, value);
            if (edited.Settings.Length == count && edited.Settings.FirstOrDefault(s => s.Key == key).Value is { } node && holds(node))
            {
                return edited;
            }
        }
        catch (ConfigurationException e) when (e.InnerException is YamlException)
        {
            // The file itself could be read. The fault is reported below.
        }

        throw new ConfigurationException($"{Name}: {key} stands there in a way that cannot be edited; write it as `key: value` on lines of its own");
    }

    private StackFile Rewritten(string key, Func<int, string> value)
    {
        if (Settings.FirstOrDefault(s => s.Key == key).Value is { } node)
        {
            return Parse(Name, Replace(node, value));
        }

        var line = (int indent) => $"{new string(' ', indent)}{Scalar(key)}:{value(indent)}\n";
        if (Root.Children.Keys.FirstOrDefault(k => YamlFile.KeyOf(k) == "config") is not { } configKey)
        {
            return Parse(Name, $"{EndLine(_text)}config:\n{line(2)}");
        }

        if (InBraces)
        {
            throw new ConfigurationException($"{Name}: config is written in one line with braces; write it as a block to have it edited");
        }

        if (Root.Get("config") is not YamlMappingNode map)
        {
            return Insert(EndOfLine((int)configKey.End.Index), 2);
        }

        return Settings is [.., var last]
            ? Insert(EndOfLine(EndOf(last.Value)), (int)map.Children.Keys.First().Start.Column - 1)

            // config: {}
            : Parse(Name, $"{_text[..(int)configKey.End.Index]}:\n{line(2)}{_text[EndOfLine((int)map.End.Index)..]}");

        StackFile Insert(int at, int indent) => Parse(Name, EndLine(_text[..at]) + line(indent) + _text[at..]);
    }

    // The place of a value reaches from behind its key's colon to the end of its last scalar, so that comments after it stay.
    private string Replace(YamlNode node, Func<int, string> value)
    {
        var key = Root.Children.Concat(Root.Get("config") is YamlMappingNode map ? map.Children : []).First(c => ReferenceEquals(c.Value, node)).Key;
        var colon = _text.IndexOf(':', (int)key.End.Index);
        return _text[..(colon + 1)] + value((int)key.Start.Column - 1) + _text[EndOf(node)..];
    }

    private int EndOf(YamlNode node)
    {
        var end = node switch
        {
            YamlMappingNode { Style: YamlDotNet.Core.Events.MappingStyle.Flow, Children: var children } => Closing('}', children.Count > 0 ? children[^1].Value : null),
            YamlSequenceNode { Style: YamlDotNet.Core.Events.SequenceStyle.Flow, Children: var items } => Closing(']', items.Count > 0 ? items[^1] : null),
            YamlMappingNode { Children: { Count: > 0 } children } => EndOf(children[^1].Value),
            YamlSequenceNode { Children: [.., var last] } => EndOf(last),
            _ => (int)node.End.Index,
        };

        // The end of a block scalar is the start of what follows it.
        while (node is YamlScalarNode { Style: ScalarStyle.Literal or ScalarStyle.Folded } && end > 0 && _text[end - 1] is '\n' or ' ')
        {
            end--;
        }

        return end;

        // What the library calls the end of a list in brackets is that of its opening bracket.
        int Closing(char bracket, YamlNode? last) => _text.IndexOf(bracket, last is null ? (int)node.Start.Index : EndOf(last)) + 1;
    }

    private int EndOfLine(int index)
    {
        var end = _text.IndexOf('\n', Math.Min(index, _text.Length));
        return end < 0 ? _text.Length : end + 1;
    }

    private static string EndLine(string text) => text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";

    private static string KeyOf(string file, YamlNode key)
    {
        try
        {
            return YamlFile.RequireKey(key);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException($"{file}: config {e.Message}", e);
        }
    }

    private void Duplicates()
    {
        var twice = Settings.GroupBy(s => s.Key, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (twice.Count > 0)
        {
            throw new ConfigurationException([.. twice.Select(k => $"{Name}: {Shown.Short(k)} stands there twice")]);
        }
    }

    private static string Scalar(string value)
    {
        if (PlainKinds().IsMatch(value) || value is "true" or "false")
        {
            return value;
        }

        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        escaped = Controls().Replace(escaped, m => m.Value switch
        {
            "\n" => "\\n",
            "\t" => "\\t",
            "\r" => "\\r",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)m.Value[0]:x4}"),
        });
        return $"\"{escaped}\"";
    }

    // YAML reads these texts as they are without quotes: words, integers, addresses, names with a colon inside.
    [GeneratedRegex(@"\A(?!(?:true|false|yes|no|on|off|null|y|n)\z)(?:[A-Za-z/][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*|-?(?:0|[1-9][0-9]{0,14})|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex PlainKinds();

    [GeneratedRegex(@"\p{Cc}")]
    private static partial Regex Controls();
}
