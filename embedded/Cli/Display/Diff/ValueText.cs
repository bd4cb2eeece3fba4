using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>Values as a difference shows them.</summary>
internal static class ValueText
{
    private const string Unknown = "[unknown]";

    // Of a longer text that stands in one line only the beginning is shown.
    private const int Longest = 60;

    private const int FirstLines = 3;

    private const string Cut = "...";

    /// <summary>A value in one line.</summary>
    public static string Show(PropertyValue value) => value switch
    {
        PropertyValue.Secret => DisplayText.Secret,
        PropertyValue.Unknown => Unknown,
        PropertyValue.Array a => "[" + string.Join(", ", a.Items.Select(Show)) + "]",
        PropertyValue.Object o => "{" + string.Join(", ", o.Properties.Select(p => $"{p.Key}: {Show(p.Value)}")) + "}",
        PropertyValue.Reference r => r.Urn,
        PropertyValue.Archive a => PropertyText.Archive(a),
        _ => DeploymentWriter.ToJson(value, SecretsForm.Hidden),
    };

    /// <summary>The same, of a long text the beginning only.</summary>
    public static string Begin(PropertyValue value) => value is PropertyValue.Text { Value.Length: > Longest } text
        ? Show(new PropertyValue.Text(text.Value[..WholeCharacters(text.Value)] + Cut))
        : Show(value);

    /// <summary>Two texts of one line, of long ones the words that differ and one on either side.</summary>
    public static (string Before, string After) Different(string before, string after)
    {
        if (before.Length + after.Length <= 2 * Longest)
        {
            return (Show(before), Show(after));
        }

        var (old, now) = (before.Split(' '), after.Split(' '));
        var most = Math.Min(old.Length, now.Length);
        var start = old.Zip(now).TakeWhile(words => words.First == words.Second).Count();
        var end = old.Reverse().Zip(now.Reverse()).Take(most - start).TakeWhile(words => words.First == words.Second).Count();
        return (Part(old, start, end), Part(now, start, end));

        static string Part(string[] words, int start, int end)
        {
            var (first, last) = (Math.Max(0, start - 1), Math.Min(words.Length, words.Length - end + 1));
            return Show($"{(first > 0 ? Cut + " " : "")}{string.Join(' ', words[first..last])}{(last < words.Length ? " " + Cut : "")}");
        }
    }

    /// <summary>Whether a text has lines of its own.</summary>
    public static bool HasLines(string text) => text.AsSpan().TrimEnd('\n').Contains('\n');

    /// <summary>The first lines of a text, and how many more there are.</summary>
    public static IEnumerable<string> Beginning(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');

        // A line that says that one more follows would be no shorter than that one.
        var shown = lines.Length == FirstLines + 1 ? lines.Length : Math.Min(lines.Length, FirstLines);
        foreach (var line in lines.Take(shown))
        {
            yield return DisplayText.Clean(line);
        }

        if (lines.Length > shown)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Cut} ({lines.Length - shown} more lines)");
        }
    }

    /// <summary>The value that a text of JSON holds; null where it holds no object and no array.</summary>
    public static PropertyValue? Json(string text)
    {
        if (text.AsSpan().TrimStart() is not (['{', ..] or ['[', ..]))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return ShownJson.Value(document.RootElement);
        }
        catch (JsonException)
        {
            // Not JSON after all: it is shown line by line.
            return null;
        }
    }

    private static int WholeCharacters(string text) => char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
}
