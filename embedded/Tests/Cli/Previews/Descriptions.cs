using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Tests.Cli.Previews;

/// <summary>Descriptions as the program makes them.</summary>
internal static class Descriptions
{
    public static string Master(ClusterOptions options, string name)
    {
        var members = string.Join(',', options.MasterNames.Select(m => $"{{{m}}}:2181"));
        return $$"""
            host {{name}}
            revision {{options.Revision}}
            daemon zookeeper reads /etc/default/zookeeper /etc/zookeeper/
            daemon mesos-master reads /etc/mesos/ /etc/mesos-master/
            daemon marathon reads /etc/default/marathon /etc/marathon/ /etc/mesos/
            disabled chronos
            disabled mesos-slave
            package mesosphere
            package zookeeper
            package zookeeperd
            line /etc/default/marathon LIBPROCESS_IP={{{name}}}
            line /etc/default/marathon LIBPROCESS_PORT=9090
            line /etc/default/zookeeper JMXDISABLE=yes
            file /etc/mesos/zk zk://{{members}}/mesos
            file /etc/mesos-master/cluster {{options.ClusterName}}
            file /etc/mesos-master/hostname {{{name}}}
            file /etc/mesos-master/ip {{{name}}}
            file /etc/mesos-master/quorum {{(options.Masters / 2) + 1}}
            no-other /etc/zookeeper/conf/zoo.cfg server.
            {{string.Join('\n', options.MasterNames.Select((m, i) => $"line /etc/zookeeper/conf/zoo.cfg server.{i + 1}={{{m}}}:2888:3888"))}}
            marathon hostname {{{name}}}
            marathon master zk://{{members}}/mesos
            flag mesos-master zk_session_timeout {{options.ZooKeeperSessionTimeout}}

            """;
    }

    public static string Agent(ClusterOptions options, string name) => $$"""
        host {{name}}
        revision {{options.Revision}}
        daemon mesos-slave reads /etc/mesos/ /etc/mesos-slave/
        disabled marathon
        disabled mesos-master
        disabled zookeeper
        package mesos
        file /etc/mesos/zk zk://{{string.Join(',', options.MasterNames.Select(m => $"{{{m}}}:2181"))}}/mesos
        file /etc/mesos-slave/hostname {{{name}}}
        file /etc/mesos-slave/ip {{{name}}}
        flag mesos-slave zk_session_timeout {{options.ZooKeeperSessionTimeout}}

        """;

    public static string Packages(IEnumerable<string> packages) =>
        $"repository url https://packages.example.com/mesosphere\nrepository suite bookworm\nrepository component main\nsigning-key url https://packages.example.com/mesosphere.asc\n{string.Concat(packages.Select(p => $"package {p}\n"))}";

    public static string Whole(ClusterOptions options) =>
        $"{Lines("master", options.MasterNames)}{Lines("agent", options.AgentNames)}descriptions {Checksum(string.Concat(options.MasterNames.Select(m => Master(options, m)).Concat(options.AgentNames.Select(a => Agent(options, a)))))}\n";

    public static string Drain(ClusterOptions options) => $"# An agent that leaves this list is drained before its droplet is deleted.\n{Lines("agent", options.AgentNames)}";

    public static string Hello(ClusterOptions options) =>
        $$"""{"cmd":"echo hello; sleep 10","cpus":0.1,"disk":0,"env":{"GREETING":"{{options.HelloSecret ?? "hello"}}"},"id":"/hello","instances":{{options.HelloInstances}},"mem":16,"ports":[0]}""";

    // As MarathonJson.Shown makes it.
    public static string SealedHello(ClusterOptions options) =>
        $$"""
        {
          "cmd": "[secret]",
          "cpus": 0.1,
          "disk": 0,
          "env": {
            "GREETING": "[secret]"
          },
          "id": "/hello",
          "instances": {{options.HelloInstances}},
          "mem": 16,
          "ports": [
            0
          ]
        }
        """;

    private static string Lines(string kind, IEnumerable<string> names) => string.Concat(names.Select(name => $"{kind} {name}\n"));

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
