using System.Globalization;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>
/// What a host shall be, one fact a line. It is what a preview shows, what <c>configuration.sh</c> applies, and what lies on the host as <c>/var/lib/mesos-stack/description</c>.
/// The second word of a fact is a file, a daemon or a name; facts about the same file or daemon stand together.
/// The head of the script names each kind of fact.
/// </summary>
public static class HostDescription
{
    /// <summary>
    /// Is raised where living hosts have to apply their description again although nothing in it changed, because a script became better. Each number has a line in
    /// <c>docs/upgrading.md</c>.
    /// </summary>
    public const int Revision = 2;

    // Marathon's libprocess port. Marathon takes a random one unless it is set.
    private const int MarathonLibprocessPort = 9090;

    private const string ZooCfg = "/etc/zookeeper/conf/zoo.cfg";
    private const string ZooKeeperDefaults = "/etc/default/zookeeper";
    private const string MarathonDefaults = "/etc/default/marathon";

    /// <summary>The description of a master.</summary>
    /// <param name="settings">The cluster's settings.</param>
    /// <param name="clusterName">Name that Mesos shows.</param>
    /// <param name="number">Which master it is, from 1.</param>
    public static string Master(ClusterSettings settings, string clusterName, int number)
    {
        var name = MemberName.Master(number);
        var ensemble = new Ensemble([.. Enumerable.Range(1, settings.Masters).Select(n => MemberName.Address(MemberName.Master(n)))]);
        var facts = new List<Fact>
        {
            new("file", "/etc/mesos/zk", ensemble.MesosUrl),
            new("file", "/etc/mesos-master/cluster", clusterName),
            new("file", "/etc/mesos-master/quorum", Text(ensemble.Quorum)),
            new("flag", "mesos-master", $"zk_session_timeout {settings.ZooKeeperSessionTimeout}"),
            new("file", "/etc/zookeeper/conf/myid", Text(number)),

            // Debian's zoo.cfg keeps its data below /tmp, away from the myid file.
            new("line", ZooCfg, "dataDir=/var/lib/zookeeper"),
            new("line", ZooCfg, "autopurge.purgeInterval=24"),
            new("line", ZooCfg, "autopurge.snapRetainCount=5"),
            new("line", ZooCfg, "4lw.commands.whitelist=srvr,ruok,mntr"),

            // ZooKeeper 3.5 and later has a web server on Marathon's port. Earlier versions ignore the line.
            new("line", ZooCfg, "admin.enableServer=false"),
            new("no-other", ZooCfg, "server."),

            // Its packages open a management port of random number on every address. Ubuntu's upstart job reads the first line. Debian's init script
            // only hands the second one on to the JVM, which takes the last option of a kind.
            new("line", ZooKeeperDefaults, "JMXDISABLE=yes"),
            new("line", ZooKeeperDefaults, "JMXLOCALONLY=\"true -XX:-ManagementServer\""),

            new("marathon", "hostname", Hostname(settings, name)),
            new("marathon", "master", ensemble.MesosUrl),
            new("marathon", "zk", ensemble.MarathonUrl),

            // Marathon 1.5 and later runs as a user of its own, and its tasks would run as that user, which no agent has.
            new("marathon-1.5", "mesos_user", "root"),

            // Without it Marathon takes the address that the host's name resolves to, which is 127.0.1.1 on Debian.
            new("line", MarathonDefaults, $"LIBPROCESS_IP={MemberName.Address(name)}"),
            new("line", MarathonDefaults, $"LIBPROCESS_PORT={Text(MarathonLibprocessPort)}"),
        };
        facts.AddRange(ensemble.ServerLines.Select(line => new Fact("line", ZooCfg, line)));
        facts.AddRange(Identity(settings, name, "mesos-master"));
        return Whole(name, HostRole.Master, settings.Packages.Master, facts);
    }

    /// <summary>The description of an agent.</summary>
    /// <param name="settings">The cluster's settings.</param>
    /// <param name="number">Which agent it is, from 1.</param>
    public static string Agent(ClusterSettings settings, int number)
    {
        var name = MemberName.Agent(number);
        var ensemble = new Ensemble([.. Enumerable.Range(1, settings.Masters).Select(n => MemberName.Address(MemberName.Master(n)))]);
        List<Fact> facts =
        [
            new("file", "/etc/mesos/zk", ensemble.MesosUrl),
            new("flag", "mesos-slave", $"zk_session_timeout {settings.ZooKeeperSessionTimeout}"),
            .. Identity(settings, name, "mesos-slave"),
        ];
        return Whole(name, HostRole.Agent, settings.Packages.Agent, facts);
    }

    private static IEnumerable<Fact> Identity(ClusterSettings settings, string name, string daemon)
    {
        yield return new Fact("file", $"/etc/{daemon}/hostname", Hostname(settings, name));
        if (settings.Addressing == Addressing.Private && settings.ShowsInterfacesOutside)
        {
            yield return new Fact("file", $"/etc/{daemon}/ip", "0.0.0.0");
            yield return new Fact("needed-flag", daemon, $"advertise_ip {MemberName.Address(name)}");
        }
        else
        {
            yield return new Fact("file", $"/etc/{daemon}/ip", MemberName.Address(name));
        }
    }

    private static string Hostname(ClusterSettings settings, string name) =>
        settings.Addressing == Addressing.Private && settings.ShowsInterfacesOutside ? MemberName.PublicAddress(name) : MemberName.Address(name);

    // needrestart, which Ubuntu has from 22.04 on, restarts daemons after any installation, all at once.
    private static Fact Undisturbed(HostRole role) =>
        new("file", "/etc/needrestart/conf.d/mesos-stack.conf", $"$nrconf{{override_rc}}{{qr/^({string.Join('|', role.Daemons.Select(daemon => daemon.Name))})\\b/}} = 0;");

    private static string Whole(string name, HostRole role, IEnumerable<string> packages, IEnumerable<Fact> facts)
    {
        IEnumerable<string> lines =
        [
            $"host {name}",
            $"revision {Text(Revision)}",
            .. role.Daemons.Select(daemon => $"daemon {daemon.Name} reads {string.Join(' ', daemon.Reads)}"),
            .. role.Disabled.Select(service => $"disabled {service}"),
            .. packages.Select(package => $"package {package}"),
            .. facts.Append(Undisturbed(role)).OrderBy(fact => fact.Group, StringComparer.Ordinal).ThenBy(fact => $"{fact.Subject} {fact.Rest}", StringComparer.Ordinal).Select(fact => $"{fact.Kind} {fact.Subject} {fact.Rest}"),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Fact(string Kind, string Subject, string Rest)
    {
        // The file or daemon that the fact is about.
        public string Group => Kind.StartsWith("marathon", StringComparison.Ordinal) ? "marathon" : Subject;
    }
}
