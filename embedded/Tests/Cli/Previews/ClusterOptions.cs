namespace MesosStack.Embedded.Tests.Cli.Previews;

/// <summary>What the cluster of a preview is like.</summary>
internal sealed record ClusterOptions
{
    public int Masters { get; init; } = 3;

    public int Agents { get; init; } = 3;

    public string ClusterName { get; init; } = "orca";

    public string ZooKeeperSessionTimeout { get; init; } = "30secs";

    public int Revision { get; init; } = 1;

    public string ScriptsHash { get; init; } = "18950e6b8d2c7b2f0c1e6f7a5d4c3b2a19081716151413121110090807060504";

    public int HelloInstances { get; init; } = 1;

    /// <summary>The secret in the environment of the app; null for an app without one.</summary>
    public string? HelloSecret { get; init; }

    /// <summary>Another image by master, which replaces it.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>A member whose droplet somebody deleted, as a refresh found.</summary>
    public string Lost { get; init; } = "";

    public IEnumerable<string> MasterNames => Enumerable.Range(1, Masters).Select(n => $"master-{n}");

    public IEnumerable<string> AgentNames => Enumerable.Range(1, Agents).Select(n => $"agent-{n}");
}
