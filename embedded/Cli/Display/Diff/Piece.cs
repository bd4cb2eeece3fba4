using MesosStack.Embedded.Cli.Display.Wording;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>What a line of a difference is.</summary>
internal enum PieceKind
{
    /// <summary>The beginning of something that has lines of its own.</summary>
    Open,

    Close,
    /// <summary>A line that did not change.</summary>
    Same,

    /// <summary>Unchanged lines that are left out.</summary>
    Fold,

    Added,
    Removed,
    Changed,
}

/// <summary>One line of a difference.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Depth">How deep it lies, from 0.</param>
/// <param name="Key">The key in its surroundings; "" for a line of a text.</param>
/// <param name="Path">The keys from the property, or from the top of a text of JSON, down to this one; "" for a line of a text.</param>
/// <param name="Before">The value before, or the whole line.</param>
/// <param name="After">The value after, or the whole line.</param>
/// <param name="Replaces">Whether this causes the replacement.</param>
/// <param name="Short">Both values in one text, where there is a shorter one than the two beside each other.</param>
internal sealed record Piece(PieceKind Kind, int Depth, string Key = "", string Path = "", string Before = "", string After = "", bool Replaces = false, string Short = "")
{
    private const string Cause = " (replaces)";

    /// <summary>Whether something changes here.</summary>
    public bool IsChange => Kind is PieceKind.Added or PieceKind.Removed or PieceKind.Changed;

    /// <summary>The line for a terminal, in the official CLI's style.</summary>
    public string ToLine()
    {
        var (sign, text) = Kind switch
        {
            PieceKind.Open => (Before, Label(Key) + After),
            PieceKind.Close => (" ", After),
            PieceKind.Fold => (" ", "..."),
            PieceKind.Added => ("+", Label(Key) + After),
            PieceKind.Removed => ("-", Label(Key) + Before),
            PieceKind.Changed => ("~", Label(Key) + (Short.Length > 0 ? Short : $"{Before} => {After}")),
            _ => (" ", Label(Key) + After),
        };
        return DisplayText.Clean($"{new string(' ', 4 * Depth)}  {sign} {text}{(Replaces && IsChange ? Cause : "")}".TrimEnd());
    }

    /// <summary>The change as lines that begin with <c>-</c> or <c>+</c>.</summary>
    public IEnumerable<string> ToChangedLines()
    {
        if (Kind is PieceKind.Removed or PieceKind.Changed)
        {
            yield return DisplayText.Clean($"- {Label(Path)}{Before}");
        }

        if (Kind is PieceKind.Added or PieceKind.Changed)
        {
            yield return DisplayText.Clean($"+ {Label(Path)}{After}{(Replaces ? Cause : "")}");
        }
    }

    /// <summary>What is shown of a new resource, as a line that begins with <c>+</c>.</summary>
    public string ToAddedLine() => DisplayText.Clean($"+ {Label(Key)}{After}");

    private static string Label(string key) => key.Length == 0 ? "" : key + ": ";
}
