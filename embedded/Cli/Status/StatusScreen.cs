using System.Globalization;

namespace MesosStack.Embedded.Cli.Status;

/// <summary>Writes the state of a cluster as one screen.</summary>
internal static class StatusScreen
{
    public static void Write(TextWriter output, ClusterStatus cluster)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cluster.Name}: {(cluster.Whole ? "whole" : cluster.Wrong.Count == 1 ? "1 thing is wrong" : $"{cluster.Wrong.Count} things are wrong")}"));
        Line("ZooKeeper", Each(cluster.ZooKeeper));
        Line("Mesos", Each(cluster.MesosMasters));
        Line("agents", Agents(cluster.Agents));
        Line("Marathon", $"{Marathon(cluster.Marathon)}; {(cluster.MarathonFramework is { } id ? $"framework {id}" : "registration not known")}");
        Line("apps", cluster.Apps.Count == 0 ? cluster.MarathonFramework is null ? "not known" : "none" : string.Join(", ", cluster.Apps.Select(app => string.Create(CultureInfo.InvariantCulture, $"{app.Id} {app.Running} of {app.Wanted}"))));
        foreach (var (role, hosts) in cluster.Hosts.GroupBy(host => string.Join(", ", host.Versions.Select(v => $"{v.Key} {v.Value}"))).Where(g => g.Key.Length > 0).Select(g => (g.Key, g.ToList())))
        {
            Line("versions", $"{role} on {string.Join(", ", hosts.Select(host => host.Name))}");
        }

        List("wrong", cluster.Wrong);
        List("not known", cluster.Unknown);

        void Line(string what, string text) => output.WriteLine($"  {what,-10} {text}");

        void List(string what, IReadOnlyList<string> sentences)
        {
            foreach (var sentence in sentences)
            {
                Line(what, sentence);
            }
        }
    }

    // Without a leading Mesos master nobody tells of agents.
    private static string Agents(IReadOnlyList<AgentStatus> agents)
    {
        var others = agents.Where(a => a.State != "active").Select(a => $"{a.Name} {a.State}").ToList();
        return agents.Count == 0 ? "not known" : string.Create(CultureInfo.InvariantCulture, $"{agents.Count - others.Count} of {agents.Count} active{(others.Count > 0 ? $"; {string.Join(", ", others)}" : "")}");
    }

    // In a whole cluster every Marathon names the same leader.
    private static string Marathon(IReadOnlyDictionary<string, string> leaders) => leaders.Values.Distinct().ToList() is [var leader] && leader != "silent" ? $"leader {leader}" : Each(leaders);

    private static string Each(IReadOnlyDictionary<string, string> states) => states.Count == 0 ? "not known" : string.Join(", ", states.Select(s => $"{s.Key} {s.Value}"));
}
