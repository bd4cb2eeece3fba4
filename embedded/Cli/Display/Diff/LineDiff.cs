using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>Compares texts line by line.</summary>
internal static class LineDiff
{
    /// <summary>All lines of both texts: a changed one as what goes, and below it what comes.</summary>
    public static IEnumerable<(PieceKind Kind, string Line)> Compare(string before, string after)
    {
        var lines = InlineDiffBuilder.Diff(before.TrimEnd('\n'), after.TrimEnd('\n'), ignoreWhiteSpace: false).Lines;
        for (var at = 0; at < lines.Count;)
        {
            var changed = lines.Skip(at).TakeWhile(line => line.Type != ChangeType.Unchanged).ToLookup(line => line.Type, line => line.Text);
            foreach (var line in Pair([.. changed[ChangeType.Deleted]], [.. changed[ChangeType.Inserted]]))
            {
                at++;
                yield return line;
            }

            if (at < lines.Count)
            {
                yield return (PieceKind.Same, lines[at++].Text);
            }
        }
    }

    // The old and the new value of the same fact stand one below the other.
    private static IEnumerable<(PieceKind Kind, string Line)> Pair(List<string> removed, List<string> added)
    {
        var one = removed.Count == 1 && added.Count == 1;
        foreach (var line in removed)
        {
            var match = one ? 0 : added.FindIndex(l => Subject(l) == Subject(line));
            foreach (var between in added.Take(match))
            {
                yield return (PieceKind.Added, between);
            }

            yield return (PieceKind.Removed, line);
            if (match >= 0)
            {
                yield return (PieceKind.Added, added[match]);
                added.RemoveRange(0, match + 1);
            }
        }

        foreach (var line in added)
        {
            yield return (PieceKind.Added, line);
        }
    }

    // Kind and name of a fact; of a line such as KEY=VALUE its key.
    private static string Subject(string line)
    {
        var words = line.Split(' ', 3);
        return words.Length < 3 ? line.Split(' ', '=', ':')[0]
            : words[0] is "line" or "flag" or "needed-flag" ? $"{words[0]} {words[1]} {words[2].Split(' ', '=')[0]}"
            : $"{words[0]} {words[1]}";
    }
}
