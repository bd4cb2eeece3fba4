using System.Text;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Wording;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>Text inside Markdown. What a value holds cannot end its surroundings, name a person or make a link.</summary>
internal static partial class MarkdownText
{
    private const int ShortestFence = 3;

    /// <summary>Text in a sentence, a heading or a table.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in DisplayText.Clean(text.ReplaceLineEndings(" ")))
        {
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '@' => result.Append("&#64;"),
                '#' => result.Append("&#35;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' => result.Append('\\').Append(c),
                _ => result.Append(c),
            };
        }

        // GitHub makes links of bare addresses.
        return result.ToString().Replace("://", "&#58;//", StringComparison.Ordinal).Replace("www.", "www&#46;", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A fence that no line in between can end.</summary>
    public static string Fence(IEnumerable<string> lines) =>
        new('`', Math.Max(ShortestFence, lines.SelectMany(line => Backticks().Matches(line)).Select(run => run.Length).DefaultIfEmpty().Max() + 1));

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
