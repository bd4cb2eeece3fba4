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
        string.Join(", ", members.GroupBy(m => m.Role).OrderBy(g => g.Key).SelectMany(role => Ranges(role.Key, [.. role.Select(m => m.Number).Distinct().Order()])));

    /// <summary>DisplayText as in <c>a, b and c</c>.</summary>
    public static string And(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1];

    /// <summary>A number of things.</summary>
    public static string Number(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string[] CountOf(int count, string what) => count == 0 ? [] : [Number(count, what)];

    private static IEnumerable<string> Ranges(MemberRole role, List<int> numbers)
    {
        for (var i = 0; i < numbers.Count;)
        {
            var end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            if (end - i + 1 >= Row)
            {
                yield return $"{Member.NameOf(role, numbers[i])} … {Member.NameOf(role, numbers[end])}";
            }
            else
            {
                for (var each = i; each <= end; each++)
                {
                    yield return Member.NameOf(role, numbers[each]);
                }
            }

            i = end + 1;
        }
    }
}
