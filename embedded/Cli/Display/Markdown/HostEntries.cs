using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>Hosts that come, go or are replaced, and what is copied to and installed on those that stay.</summary>
internal static class HostEntries
{
    private static readonly string[] Parts = ["droplet", "packages", "configuration"];

    /// <summary>What new hosts are made of, once for all that are made of the same.</summary>
    public static IReadOnlyList<string> Inputs(IEnumerable<(Member Member, ResourceChange Change)> changes)
    {
        var hosts = changes.GroupBy(c => c.Member.Host()).OrderBy(host => host.Key.Role).ThenBy(host => host.Key.Number);
        return MemberLines.Once([.. hosts.Select(host => (host.Key, (IReadOnlyList<string>)Card(host)))]);
    }

    /// <summary>Hosts that are replaced, those for the same reason together.</summary>
    public static IEnumerable<Entry> Replaced(IEnumerable<(Member Member, ResourceChange Change)> changes) =>
        MemberLines.Group(changes.GroupBy(c => c.Member.Host()).Select(host => (host.Key, (IReadOnlyList<string>)Reason(host))))
            .Select(group => new Entry($"replaces {MemberText.Ranges(group.Select(g => g.Member))}", MemberLines.Once(group)));

    public static IEnumerable<Entry> Copied(IEnumerable<(Member Member, ResourceChange Change)> changes) =>
        Together(changes, members => $"copies the scripts to {Hosts(members)} and runs nothing");

    public static IEnumerable<Entry> Installed(IEnumerable<(Member Member, ResourceChange Change)> changes) =>
        Together(changes, members => $"applies the changed list of packages on {Hosts(members)}");

    private static IEnumerable<Entry> Together(IEnumerable<(Member Member, ResourceChange Change)> changes, Func<IReadOnlyList<Member>, string> title) =>
        MemberLines.Group(changes.Select(c => (c.Member, MemberLines.Of(c.Change))))
            .Select(group => new Entry(title([.. group.Select(g => g.Member)]), MemberLines.Once(group)));

    private static string Hosts(IReadOnlyList<Member> members) =>
        members.Count == 1 ? members[0].Name : $"{MemberText.Number(members.Count, "host")} ({MemberText.Ranges(members)})";

    private static List<string> Card(IEnumerable<(Member Member, ResourceChange Change)> host)
    {
        var parts = host.ToLookup(h => h.Member.Part, h => h.Change, StringComparer.Ordinal);
        return [.. Parts.Where(part => parts[part].Any()).SelectMany(part => (IEnumerable<string>)[$"+ {part}", .. parts[part].SelectMany(MemberLines.Of).Select(line => $"+   {line[2..]}")])];
    }

    // What is done on the droplet is done again because that is a new one.
    private static List<string> Reason(IEnumerable<(Member Member, ResourceChange Change)> host)
    {
        var droplet = host.Where(h => h.Member.Part == "droplet").SelectMany(h => MemberLines.Of(h.Change)).ToList();
        return droplet.Count > 0 ? droplet : [.. host.Where(h => h.Change.Kind == StepKind.Replace).SelectMany(h => MemberLines.Of(h.Change)).Distinct(StringComparer.Ordinal)];
    }
}
