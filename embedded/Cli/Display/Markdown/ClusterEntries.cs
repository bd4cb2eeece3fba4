using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>What happens to one cluster, in order.</summary>
internal sealed partial class ClusterEntries
{
    private readonly string _name;
    private readonly List<ResourceChange> _changes;
    private readonly List<(Member Member, ResourceChange Change)> _hosts;
    private readonly ILookup<StepKind, (Member Member, ResourceChange Change)> _components;

    /// <summary>The entries for a cluster.</summary>
    /// <param name="name">The cluster's name.</param>
    /// <param name="changes">All changes of the preview.</param>
    public ClusterEntries(string name, IEnumerable<ResourceChange> changes)
    {
        _name = name;
        _changes = [.. changes.Where(c => Belongs(name, c))];

        // Masters stay in the order in which they change. Of the rest Pulumi's order says nothing.
        _hosts = [.. _changes.Select(c => (Member: Member.Of(c)!, Change: c)).Where(h => h.Member is not null && h.Member.Cluster == name)
            .OrderBy(h => h.Member.Role).ThenBy(h => h.Member.Role == MemberRole.Agent ? h.Member.Number : 0)];
        _components = _hosts.Where(h => h.Member.Part.Length == 0).ToLookup(h => h.Change.Kind);
    }

    /// <summary>The name of the cluster that a resource is or belongs to, as far as its own name tells; null where it does not. Not every preview names the cluster itself.</summary>
    public static string? NameIn(ResourceChange change) =>
        change.Type == ResourceTypes.Cluster ? change.Name
        : Member.Of(change) is { } member ? member.Cluster
        : change.Urn.Contains($"{ResourceTypes.Cluster}${ResourceTypes.Command}", StringComparison.Ordinal) && Step().Match(change.Name) is { Success: true } step ? step.Groups[1].Value
        : null;

    /// <summary>Whether a resource is a cluster's or a part of it.</summary>
    public static bool Belongs(string cluster, ResourceChange change) =>
        (change.Name == cluster && change.Type == ResourceTypes.Cluster) || change.Name.StartsWith(cluster + "-", StringComparison.Ordinal);

    /// <summary>The entries, in the order in which they happen.</summary>
    public IEnumerable<Entry> All() => _changes.FirstOrDefault(c => c.Type == ResourceTypes.Cluster)?.Kind switch
    {
        StepKind.Create => [Created()],
        StepKind.Delete => [Destroyed()],
        _ => Living(),
    };

    private Entry Created()
    {
        var hosts = Members(StepKind.Create);
        var apps = Apps().ToList();
        return new Entry(
            $"creates a cluster of {MemberText.Count(hosts)}{(apps.Count > 0 ? $" with {Named(apps)}" : "")}",
            [.. HostEntries.Inputs(_hosts.Where(h => h.Change.Kind == StepKind.Create)), .. apps.SelectMany(app => (IEnumerable<string>)[$"+ app {AppEntries.Id(app, AppName(app))}", .. MemberLines.Of(app).Select(line => $"+   {line[2..]}")])]);
    }

    private Entry Destroyed()
    {
        var hosts = Members(StepKind.Delete);
        var apps = Apps().ToList();
        return new Entry(
            $"destroys the cluster of {MemberText.Count(hosts)}{(apps.Count > 0 ? $" with {Named(apps)}" : "")}",
            [.. hosts.GroupBy(h => h.Role).OrderBy(g => g.Key).Select(role => $"- {MemberText.Ranges(role)}"), .. apps.Select(app => $"- app {AppEntries.Id(app, AppName(app))}")]);
    }

    private IEnumerable<Entry> Living()
    {
        var (added, removed) = (Members(StepKind.Create), Members(StepKind.Delete));
        var replaced = _hosts.Where(h => h.Member.Part == "droplet" && h.Change.Kind is StepKind.Replace).Select(h => h.Member.Host()).ToHashSet();
        var staying = _hosts.Where(h => h.Member.Part.Length > 0 && !added.Contains(h.Member.Host()) && !removed.Contains(h.Member.Host())).ToList();

        // A droplet that somebody else deleted is created again, though the host itself was there before.
        var lost = _hosts.Where(h => h.Member.Part == "droplet" && h.Change.Kind is StepKind.Create && !added.Contains(h.Member.Host())).Select(h => h.Member.Host()).ToHashSet();
        var moving = added.Concat(replaced).Concat(lost).Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var drain = _changes.Where(c => c.Name == $"{_name}-drain" && c.Type == ResourceTypes.Command).ToList();
        var named = new HashSet<ResourceChange>(drain, ReferenceEqualityComparer.Instance);
        named.UnionWith(_hosts.Select(h => h.Change));
        named.UnionWith(Apps());
        named.UnionWith(Readiness());

        var rest = _changes.Where(c => !named.Contains(c)).ToList();
        bool IsNew((Member Member, ResourceChange Change) host) =>
            host.Change.Kind switch
            {
                StepKind.Replace => replaced.Contains(host.Member.Host()),
                StepKind.Create => lost.Contains(host.Member.Host()),
                _ => false,
            };
        IReadOnlyList<(Member, ResourceChange)> Changed(string part) =>
            [.. staying.Where(h => h.Member.Part == part && !h.Change.Kind.Deletes() && !IsNew(h))];
        IEnumerable<Entry> Removals() => removed.Count == 0 ? [] : [Removal(removed, drain)];

        return
        [
            .. OtherEntries.Of(rest.Where(c => !c.Kind.Deletes())),
            .. added.Count == 0 ? [] : new[] { new Entry($"adds {MemberText.Ranges(added)}", HostEntries.Inputs(_hosts.Where(h => added.Contains(h.Member.Host())))) },
            .. lost.Count == 0 ? [] : new[] { new Entry($"creates {MemberText.Ranges(lost)} again, because the droplet is gone", HostEntries.Inputs(staying.Where(h => lost.Contains(h.Member.Host()) && IsNew(h)))) },
            .. HostEntries.Replaced(staying.Where(h => h.Change.Kind == StepKind.Replace && replaced.Contains(h.Member.Host()))),
            .. OtherEntries.Of(Changed("droplet").Select(h => h.Item2)),
            .. HostEntries.Copied(Changed("scripts")),
            .. HostEntries.Installed(Changed("packages")),
            .. ConfigurationEntries.Of(Changed("configuration"), moving),
            .. Readiness().Select(c => new Entry("checks that the cluster is whole", MemberLines.Of(c))),
            .. removed.Any(m => m.Role == MemberRole.Agent) ? [] : drain.Select(c => new Entry("runs the drain step, which drains no agent", MemberLines.Of(c))),
            .. Apps().Where(c => c.Kind is not StepKind.Delete).Select(c => AppEntries.Of(c, AppName(c))),
            .. Apps().Where(c => c.Kind is StepKind.Delete).Select(c => AppEntries.Of(c, AppName(c))),
            .. Removals(),
            .. OtherEntries.Of(rest.Where(c => c.Kind.Deletes()).Concat(staying.Where(h => h.Change.Kind.Deletes()).Select(h => h.Change))),
        ];
    }

    private Entry Removal(IReadOnlyList<Member> removed, IEnumerable<ResourceChange> drain)
    {
        var droplets = _hosts.Where(h => h.Member.Part == "droplet" && removed.Contains(h.Member.Host())).Select(h => $"- droplet {h.Member.Name}");
        return removed.Any(m => m.Role == MemberRole.Agent)
            ? new Entry($"drains and removes {MemberText.Ranges(removed)}", [.. drain.SelectMany(MemberLines.Of), .. droplets])
            : new Entry($"removes {MemberText.Ranges(removed)}", [.. droplets]);
    }

    private List<Member> Members(StepKind kind) => [.. _components[kind].Select(h => h.Member)];

    private IEnumerable<ResourceChange> Apps() => _changes.Where(c => c.Type == ResourceTypes.Command && c.Name.StartsWith($"{_name}-app-", StringComparison.Ordinal)).OrderBy(c => c.Name, StringComparer.Ordinal);

    private IEnumerable<ResourceChange> Readiness() => _changes.Where(c => c.Type == ResourceTypes.Command && c.Name == $"{_name}-readiness");

    private string AppName(ResourceChange change) => change.Name[$"{_name}-app-".Length..];

    [GeneratedRegex(@"\A(?<cluster>.+?)-(?:readiness|drain|app-.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Step();

    private string Named(List<ResourceChange> apps) => $"app{(apps.Count == 1 ? "" : "s")} {MemberText.And([.. apps.Select(app => AppEntries.Id(app, AppName(app)))])}";
}
