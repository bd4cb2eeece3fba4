namespace MesosStack.Embedded.Cli.Status;

/// <summary>What <c>status --json</c> prints. <c>docs/status.schema.json</c> describes it.</summary>
/// <param name="Stack">The stack; null for a state that was handed in.</param>
/// <param name="Clusters">Its clusters.</param>
internal sealed record StatusReport(string? Stack, IReadOnlyList<ClusterStatus> Clusters);

/// <summary>What a cluster is now.</summary>
internal sealed record ClusterStatus
{
    public required string Name { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool Whole => Wrong.Count == 0;

    /// <summary>What is wrong, one sentence each.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>What could not be looked at, one sentence each.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <summary>The mode of each master's ZooKeeper: leader, follower, standalone or silent.</summary>
    public required IReadOnlyDictionary<string, string> ZooKeeper { get; init; }

    /// <summary>What each Mesos master is: leader, follower or silent.</summary>
    public required IReadOnlyDictionary<string, string> MesosMasters { get; init; }

    public required IReadOnlyList<AgentStatus> Agents { get; init; }

    /// <summary>The leader that each master's Marathon names, as host:port, or silent.</summary>
    public required IReadOnlyDictionary<string, string> Marathon { get; init; }

    /// <summary>The id under which the leading Mesos master knows Marathon; null where it does not.</summary>
    public required string? MarathonFramework { get; init; }

    public required IReadOnlyList<AppStatus> Apps { get; init; }

    public required IReadOnlyList<HostStatus> Hosts { get; init; }

    /// <summary>Droplets with the cluster's tag that the state does not know.</summary>
    public required IReadOnlyList<UnknownDroplet> UnknownDroplets { get; init; }
}

/// <summary>An agent as the leading Mesos master sees it.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="State">active, inactive or missing.</param>
/// <param name="Id">Its id; null where it is missing.</param>
internal sealed record AgentStatus(string Name, string State, string? Id);

/// <summary>An app in Marathon.</summary>
/// <param name="Id">Its id, with the slash before it.</param>
/// <param name="Running">How many of its tasks run.</param>
/// <param name="Wanted">How many shall run.</param>
internal sealed record AppStatus(string Id, int Running, int Wanted);

/// <summary>A host beside its description.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="Address">Its public address.</param>
internal sealed record HostStatus(string Name, string Address)
{
    /// <summary>DigitalOcean's word for whether it is switched on: active, off; null where that was not asked.</summary>
    public string? Power { get; init; }

    /// <summary>Why it could not be asked; null where it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The versions of its packages.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files that differ from the description.</summary>
    public IReadOnlyList<string> Differs { get; init; } = [];

    /// <summary>Files that have to go, because a daemon reads every file of their folder.</summary>
    public IReadOnlyList<string> Surplus { get; init; } = [];

    /// <summary>Daemons of the description that do not run.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Daemons that run although the description disables them.</summary>
    public IReadOnlyList<string> SurplusDaemons { get; init; } = [];
}

/// <summary>A droplet that carries the cluster's tag though the state does not know it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Power">active, off, new or archive.</param>
/// <param name="Remove">The command that removes it.</param>
internal sealed record UnknownDroplet(string Id, string Name, string Power, string Remove);
