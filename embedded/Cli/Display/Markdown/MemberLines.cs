using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>Changes of hosts, those that are the same but for the host's own name taken together.</summary>
internal static partial class MemberLines
{
    private const string Own = "this-host";

    /// <summary>The changed lines of a resource; of a new one its main inputs.</summary>
    public static IReadOnlyList<string> Of(ResourceChange change) =>
        [.. DiffText.Pieces(change).SelectMany(piece => piece.IsChange ? piece.ToChangedLines() : piece.Kind == PieceKind.Same && change.Old.Count == 0 ? [piece.ToAddedLine()] : [])];

    /// <summary>Members with the same lines, in the order of the first of them.</summary>
    /// <param name="members">The members, each with its lines.</param>
    /// <param name="alike">What makes two lines the same besides; null for nothing.</param>
    public static IEnumerable<IReadOnlyList<(Member Member, IReadOnlyList<string> Lines)>> Group(
        IEnumerable<(Member Member, IReadOnlyList<string> Lines)> members, Func<string, string>? alike = null) =>
        members.GroupBy(m => string.Join('\n', m.Lines.Select(line => Anonymous(m.Member, line)).Select(alike ?? (line => line))), StringComparer.Ordinal)
            .Select(group => group.ToList());

    /// <summary>The lines of members that have the same, once for all that have exactly these, under their names where there are others.</summary>
    public static IReadOnlyList<string> Once(IReadOnlyList<(Member Member, IReadOnlyList<string> Lines)> members)
    {
        if (members.Count == 1)
        {
            return members[0].Lines;
        }

        var groups = Group(members).ToList();
        return [.. groups.SelectMany(group => (IEnumerable<string>)
        [
            .. groups.Count > 1 ? [$"@@ {MemberText.Ranges(group.Select(m => m.Member))} @@"] : Array.Empty<string>(),
            .. group[0].Lines.Select(line => group.Count > 1 ? Anonymous(group[0].Member, line) : line),
        ])];
    }

    // The name is left where the line names other members too: such a line is the same on all.
    private static string Anonymous(Member member, string line) =>
        Names().Matches(line) is { Count: > 0 } names && names.All(name => name.Value == member.Name) ? Names().Replace(line, Own) : line;

    [GeneratedRegex("(?<![A-Za-z0-9_])(?:master|agent)-[0-9]+(?![A-Za-z0-9_])", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
