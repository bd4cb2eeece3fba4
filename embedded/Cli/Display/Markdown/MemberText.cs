using System.Globalization;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>How members are named in sentences.</summary>
internal static class MemberText
{
    // Fewer in a row are named one by one.
    private const int Row = 3;

    /// <summary>Numbers as in <c>3 masters and 1 agent</c>.</summary>
    public static string Count(IReadOnlyCollection<Member> members)
    {
        var masters = members.Count(m => m.Role == MemberRole.Master);
        return And([.. CountOf(masters, "master"), .. CountOf(members.Count - masters, "agent")]);
    }

    /// <summary>All names, in the order given.</summary>
    public static string InOrder(IEnumerable<Member> members) => string.Join(", ", members.Select(m => m.Name));

    /// <summary>All names, numbers in a row as <c>agent-1 … agent-100</c>.</summary>
    public static string Ranges(IEnumerable<Member> members) =>
        string.Join(", ", members.GroupBy(m => m.Role).OrderBy(g => g.Key).SelectMany(role => Ranges(role.Key, role.Select(m => m.Number).Distinct().Order())));

    /// <summary>Words as in <c>a, b and c</c>.</summary>
    public static string And(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1];

    public static string Number(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string[] CountOf(int count, string what) => count == 0 ? [] : [Number(count, what)];

    // Numbers in a row lie equally far from their places in the list.
    private static IEnumerable<string> Ranges(MemberRole role, IEnumerable<int> numbers) =>
        numbers.Select((number, place) => (Name: Member.NameOf(role, number), Row: number - place)).GroupBy(n => n.Row, n => n.Name)
            .SelectMany(row => row.Count() >= Row ? [$"{row.First()} … {row.Last()}"] : row.AsEnumerable());
}
