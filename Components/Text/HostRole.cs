namespace MesosStack.Components.Text;

/// <summary>What runs on the hosts of a role.</summary>
/// <param name="Daemons">The services that run, in the order of their start.</param>
/// <param name="Disabled">The services that the packages bring and that never run.</param>
public sealed record HostRole(IReadOnlyList<HostDaemon> Daemons, IReadOnlyList<string> Disabled)
{
    /// <summary>A master: ZooKeeper, a Mesos master and Marathon.</summary>
    public static HostRole Master { get; } = new(
        [
            new HostDaemon("zookeeper", ["/etc/default/zookeeper", "/etc/zookeeper/"]),
            new HostDaemon("mesos-master", ["/etc/mesos/", "/etc/mesos-master/"]),
            new HostDaemon("marathon", ["/etc/default/marathon", "/etc/marathon/", "/etc/mesos/"]),
        ],
        ["chronos", "mesos-slave"]);

    /// <summary>An agent.</summary>
    public static HostRole Agent { get; } = new(
        [new HostDaemon("mesos-slave", ["/etc/mesos/", "/etc/mesos-slave/"])],
        ["chronos", "marathon", "mesos-master", "zookeeper"]);
}

/// <summary>A service that runs on a host.</summary>
/// <param name="Name">Name of the service.</param>
/// <param name="Reads">Files, or folders with a slash at the end, that it reads when it starts.</param>
public sealed record HostDaemon(string Name, IReadOnlyList<string> Reads);
