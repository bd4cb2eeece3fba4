using System.Globalization;
using System.Text;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>Texts of a person's file in messages: on one line, and not without end.</summary>
internal static class Shown
{
    private const int Most = 60;
    private const int MostOfMessage = 1_000;

    /// <summary>A key or a value.</summary>
    public static string Short(string text) => Cut(text, Most);

    /// <summary>A whole fault.</summary>
    public static string Message(string text) => Cut(text, MostOfMessage);

    private static string Cut(string text, int most)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            shown.Append(Rune.IsControl(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : rune.ToString());
            if (shown.Length > most)
            {
                return shown.Append(CultureInfo.InvariantCulture, $"... ({text.Length} characters)").ToString();
            }
        }

        return shown.ToString();
    }
}
