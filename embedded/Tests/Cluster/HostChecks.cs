using System.Globalization;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>What every host of a cluster of three masters has to be, row by row of the tutorial.</summary>
internal static class HostChecks
{
    private const string Files = "files beside each other";
    private const string Listening = "listening";
    private const string Packages = "packages";
    private const string Units = "units";
    private const string Failed = "failed units";
    private const string ZooKeeper = "zookeeper";
    private const string ZooCfg = "/etc/zookeeper/conf/zoo.cfg";

    private static readonly string[] MasterPackages = ["chronos", "marathon", "mesos", "mesosphere", "zookeeper", "zookeeperd"];
    private static readonly string[] AgentPackages = ["mesos"];

    // Whether it runs, and whether it is started at boot.
    private static readonly string[] MasterUnits = ["zookeeper active enabled", "mesos-master active enabled", "marathon active enabled", "mesos-slave inactive masked", "chronos inactive masked"];
    private static readonly string[] AgentUnits = ["zookeeper inactive masked", "mesos-master inactive masked", "marathon inactive masked", "mesos-slave active enabled", "chronos inactive masked"];

    private static readonly Dictionary<string, string> OfEveryHost = new()
    {
        // Those of which dpkg knows more than the name, as "WANTED-AND-STATUS NAME".
        [Packages] = "dpkg-query -W -f '${db:Status-Abbrev}${Package}\\n' 'mesos*' marathon chronos 'zookeeper*' 2>/dev/null | grep -v '^un\\|standin'",
        [Listening] = "ss -Hltn | awk '{ print $4 }'",
        [Units] = "for s in zookeeper mesos-master marathon mesos-slave chronos; do echo $s $(systemctl is-active $s) $(systemctl is-enabled $s 2>/dev/null); done",
        [Failed] = "systemctl list-units --failed --plain --no-legend",
    };

    /// <summary>Packages, files, flags, listening addresses and units of every host.</summary>
    public static async Task MustHoldAsync(TestedCluster cluster)
    {
        var leaders = await Task.WhenAll(cluster.Masters.Select(master => MasterAsync(cluster, master)));
        Assert.That(leaders.Count(leads => leads), Is.EqualTo(1), "ZooKeepers to which the others connect");
        await Task.WhenAll(cluster.Agents.Select(agent => AgentAsync(cluster, agent)));
    }

    // Whether the master's ZooKeeper leads.
    private static async Task<bool> MasterAsync(TestedCluster cluster, Host master)
    {
        var files = new Dictionary<string, string>
        {
            ["/etc/mesos/zk"] = cluster.Url + "/mesos",
            ["/etc/zookeeper/conf/myid"] = master.Number,
            ["/var/lib/zookeeper/myid"] = master.Number,
            ["/etc/mesos-master/quorum"] = "2",
            ["/etc/mesos-master/ip"] = master.Address,
            ["/etc/mesos-master/hostname"] = master.Address,
            ["/etc/mesos-master/cluster"] = Launcher.ClusterName,
            ["/etc/mesos-master/work_dir"] = "/var/lib/mesos",
            ["/etc/mesos-master/zk_session_timeout"] = cluster.SessionTimeout,
            ["/etc/marathon/conf/hostname"] = master.Address,
            ["/etc/marathon/conf/master"] = cluster.Url + "/mesos",
            ["/etc/marathon/conf/zk"] = cluster.Url + "/marathon",
            ["/etc/default/marathon"] = $"LIBPROCESS_IP={master.Address}\nLIBPROCESS_PORT=9090",
        };
        var said = await AskAsync(master, files.Keys, "ls -A /etc/mesos-master /etc/marathon/conf", new()
        {
            [ZooCfg] = $"cat {ZooCfg}",
            ["mesos-master"] = Arguments("mesos-master"),
            ["marathon"] = Arguments("marathon"),
            [ZooKeeper] = "pgrep -af org.apache.zookeeper.server.quorum.[Q]uorumPeerMain",
        });
        Hold(master, said, files, MasterPackages, MasterUnits);
        var zoo = said[ZooCfg].Split('\n');
        Assert.That(zoo.Where(line => line.StartsWith("server.", StringComparison.Ordinal)), Is.EqualTo(cluster.Masters.Select(one => $"server.{one.Number}={one.Address}:2888:3888")), master.Name);
        Assert.That(zoo.Where(line => line.StartsWith("dataDir", StringComparison.Ordinal)), Is.EqualTo(new[] { "dataDir=/var/lib/zookeeper" }), master.Name);
        Assert.That(said["mesos-master"].Split('\n'), Is.EquivalentTo(new[]
        {
            $"--zk={cluster.Url}/mesos", "--port=5050", "--log_dir=/var/log/mesos", $"--cluster={Launcher.ClusterName}", "--quorum=2", $"--ip={master.Address}",
            $"--hostname={master.Address}", "--work_dir=/var/lib/mesos", $"--zk_session_timeout={cluster.SessionTimeout}",
        }), master.Name);
        Assert.That(said["marathon"].Split('\n'), Is.EqualTo(new[] { "--hostname", master.Address, "--master", $"{cluster.Url}/mesos", "--zk", $"{cluster.Url}/marathon" }), master.Name);
        Assert.That(said[ZooKeeper].Split('\n'), Has.Length.EqualTo(1).And.All.EndsWith(ZooCfg).And.All.Contains("-XX:-ManagementServer"), $"{master.Name}: without a port for remote management");

        var listening = Addresses(said[Listening]);
        var leads = listening.Remove($"{master.Address}:2888");
        Assert.That(listening, Is.EquivalentTo(new[] { "*:2181", $"{master.Address}:3888", $"{master.Address}:5050", "0.0.0.0:8080", $"{master.Address}:9090" }), master.Name);
        return leads;
    }

    private static async Task AgentAsync(TestedCluster cluster, Host agent)
    {
        var files = new Dictionary<string, string>
        {
            ["/etc/mesos/zk"] = cluster.Url + "/mesos",
            ["/etc/mesos-slave/ip"] = agent.Address,
            ["/etc/mesos-slave/hostname"] = agent.Address,
            ["/etc/mesos-slave/work_dir"] = "/var/lib/mesos",
        };
        var said = await AskAsync(agent, files.Keys, "ls -A /etc/mesos-slave", new() { ["mesos-slave"] = Arguments("mesos-slave") });
        Hold(agent, said, files, AgentPackages, AgentUnits);
        Assert.That(said["mesos-slave"].Split('\n'), Is.EquivalentTo(new[]
        {
            $"--master={cluster.Url}/mesos", "--log_dir=/var/log/mesos", $"--ip={agent.Address}", $"--hostname={agent.Address}", "--work_dir=/var/lib/mesos",
        }), agent.Name);
        Assert.That(Addresses(said[Listening]), Is.EqualTo(new[] { $"{agent.Address}:5051" }), agent.Name);
    }

    private static Task<Dictionary<string, string>> AskAsync(Host host, IEnumerable<string> files, string list, Dictionary<string, string> more) =>
        host.AskAsync(new([.. OfEveryHost, .. files.Append("/etc/apt/sources.list.d/mesosphere.list").Select(path => KeyValuePair.Create(path, $"cat {path}")), KeyValuePair.Create(Files, list), .. more]));

    private static void Hold(Host host, Dictionary<string, string> said, Dictionary<string, string> files, string[] packages, string[] units)
    {
        Assert.That(said.Where(one => files.ContainsKey(one.Key)), Is.EquivalentTo(files), host.Name);

        // Any other file would be one more flag.
        var flags = said[Files].Split('\n').Where(line => line.Length > 0 && !line.Contains(':', StringComparison.Ordinal));
        Assert.That(flags, Is.EquivalentTo(files.Keys.Where(path => path.StartsWith("/etc/mesos-", StringComparison.Ordinal) || path.StartsWith("/etc/marathon/", StringComparison.Ordinal)).Select(Path.GetFileName)), host.Name);
        Assert.That(said["/etc/apt/sources.list.d/mesosphere.list"], Is.EqualTo("deb [signed-by=/usr/share/keyrings/mesos-stack.gpg] http://198.51.100.1:17980/mesosphere bookworm main"), host.Name);
        Assert.That(said[Packages].Split('\n'), Is.EqualTo(packages.Select(package => $"hi {package}")), $"{host.Name}: installed, and held as it is");
        Assert.That(said[Units].Split('\n'), Is.EqualTo(units), host.Name);
        Assert.That(said[Failed], Is.Empty, host.Name);
    }

    // The arguments of a unit's main process, those of the interpreter and the program's own name left out.
    private static string Arguments(string unit) => $"tr '\\0' '\\n' </proc/$(systemctl show -P MainPID {unit})/cmdline | tail -n +3";

    // But for sshd's, and for ports that the kernel chose.
    private static List<string> Addresses(string listening) =>
        [.. listening.Split('\n')
            .Select(place => place.Replace("[::ffff:", "", StringComparison.Ordinal).Replace("]:", ":", StringComparison.Ordinal))
            .Where(place => int.Parse(place[(place.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture) is not 22 and < 32768)];
}
