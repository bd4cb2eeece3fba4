using System.Globalization;
using System.Text;

namespace MesosStack.Components.Settings;

/// <summary>What any text of the settings must be, whatever it means: not too long, and made of characters that a host, a shell and an API take.</summary>
public static class TextRule
{
    /// <summary>What is wrong with a text; null where nothing is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters it may have.</param>
    /// <param name="lines">Whether it may have several lines, and tabs.</param>
    public static string? Fault(string text, int most, bool lines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > most)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Allowed(most, lines)}; it has {text.Length}");
        }

        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsAllowed(rune, lines) || (rune == Rune.ReplacementChar && text[at] != '\uFFFD'))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Allowed(most, lines)}; character {at + 1} is {Name(text[at])}");
            }

            at += rune.Utf16SequenceLength;
        }

        return null;
    }

    /// <summary>What is allowed, in words.</summary>
    /// <param name="most">How many characters it may have.</param>
    /// <param name="lines">Whether it may have several lines, and tabs.</param>
    public static string Allowed(int most, bool lines = false) =>
        string.Create(CultureInfo.InvariantCulture, $"must be at most {most} characters{(lines ? "" : " on one line")}, none of them a control character{(lines ? " but tabs and line ends" : "")}");

    /// <summary>A text for a message: what cannot be seen is written as an escape.</summary>
    /// <param name="text">The text.</param>
    internal static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => visible.Append("\\n"),
                '\r' => visible.Append("\\r"),
                '\t' => visible.Append("\\t"),
                _ when IsSeen(c) => visible.Append(c),
                _ => visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        return visible.ToString();
    }

    private static bool IsAllowed(Rune rune, bool lines) =>
        (lines && rune.Value is '\n' or '\r' or '\t')
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsSeen(char c) => char.GetUnicodeCategory(c) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static string Name(char c) => c switch
    {
        '\n' => "a line end",
        '\r' => "a carriage return",
        '\t' => "a tab",
        _ when char.IsSurrogate(c) => "half of a surrogate pair",
        _ => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}"),
    };
}
