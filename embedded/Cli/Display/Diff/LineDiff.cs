using DiffPlex;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>Compares texts line by line.</summary>
internal static class LineDiff
{
    /// <summary>All lines of both texts: a changed one as what goes, and below it what comes.</summary>
    public static IEnumerable<(PieceKind Kind, string Line)> Compare(string before, string after)
    {
        var result = Differ.Instance.CreateLineDiffs(before.TrimEnd('\n'), after.TrimEnd('\n'), ignoreWhitespace: false, ignoreCase: false);
        var (old, now) = (result.PiecesOld, result.PiecesNew);
        var at = 0;
        foreach (var block in result.DiffBlocks)
        {
            for (; at < block.DeleteStartA; at++)
            {
                yield return (PieceKind.Same, old[at]);
            }

            foreach (var line in Pair(old.Skip(block.DeleteStartA).Take(block.DeleteCountA).ToList(), now.Skip(block.InsertStartB).Take(block.InsertCountB).ToList()))
            {
                yield return line;
            }

            at += block.DeleteCountA;
        }

        for (; at < old.Count; at++)
        {
            yield return (PieceKind.Same, old[at]);
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
