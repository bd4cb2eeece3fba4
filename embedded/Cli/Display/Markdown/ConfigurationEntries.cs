using MesosStack.Embedded.Cli.Display.Changes;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>What changed descriptions do to living hosts.</summary>
internal static class ConfigurationEntries
{
    /// <summary>One entry for each set of hosts with the same change: masters first, as they change first.</summary>
    /// <param name="changes">The changes of the hosts' configuration: masters in the order in which they change, then agents.</param>
    /// <param name="moving">The members whose address may become another one.</param>
    public static IEnumerable<Entry> Of(IReadOnlyList<(Member Member, ResourceChange Change)> changes, IReadOnlySet<string> moving)
    {
        var byMember = changes.ToDictionary(c => c.Member, c => c.Change);
        return MemberLines.Group(changes.Select(c => (c.Member, MemberLines.Of(c.Change))), Alike).Select(group =>
        {
            var descriptions = group.ToDictionary(g => g.Member, g => new HostDescription(byMember[g.Member], moving));
            var phrases = group.Select(g => g.Member).GroupBy(m => m.Role).OrderBy(g => g.Key).Select(role => Phrase(role.Key, [.. role], descriptions)).ToList();
            var beginning = phrases.Count > 1 ? $"changes {MemberText.Count(descriptions.Keys)}: " : "";
            return new Entry(beginning + string.Join("; then ", phrases) + End(descriptions.Values, moving), MemberLines.Once(group));
        });
    }

    private static string End(IReadOnlyCollection<HostDescription> descriptions, IReadOnlySet<string> moving) =>
        descriptions.Any(d => d.IsMoved) && moving.Count > 0 ? $"; the address of {MemberText.And([.. moving.Order(StringComparer.Ordinal)])} may change"
        : descriptions.Any(d => d.IsRevised) && descriptions.All(d => d.Restarts().Count == 0) ? "; a daemon restarts where one of its files changes"
        : "";

    // One setting stands in the flags and folders of either daemon.
    private static string Alike(string line) => line.Replace("mesos-slave", "mesos-master", StringComparison.Ordinal);

    private static string Phrase(MemberRole role, IReadOnlyList<Member> members, Dictionary<Member, HostDescription> descriptions)
    {
        var restarts = members.SelectMany(m => descriptions[m].Restarts()).Distinct(StringComparer.Ordinal).ToList();
        var where = Where(role, members, restarts.Count == 1 && restarts[0] is "mesos-master");
        return restarts.Count > 0
            ? $"restarts {MemberText.And([.. restarts.Select(daemon => Daemon(daemon, members.Count))])}{where}"
            : members.Any(m => descriptions[m].IsRevised)
                ? $"applies the configuration again{where}"
                : $"changes the configuration{where} and restarts nothing";
    }

    private static string Where(MemberRole role, IReadOnlyList<Member> members, bool namesMasters) => (role, members.Count) switch
    {
        (_, 1) => $" on {members[0].Name}",
        (MemberRole.Master, _) => $"{(namesMasters ? "" : " on the masters")} one after another: {MemberText.InOrder(members)}",
        _ => $" on {MemberText.Number(members.Count, "agent")} ({MemberText.Ranges(members)})",
    };

    private static string Daemon(string name, int hosts) => name switch
    {
        "mesos-master" => hosts == 1 ? "the Mesos master" : "the Mesos masters",
        "mesos-slave" => hosts == 1 ? "the Mesos agent" : "the Mesos agents",
        "zookeeper" => "ZooKeeper",
        "marathon" => "Marathon",
        "chronos" => "Chronos",
        _ => name,
    };
}
