using System.Security.Cryptography;
using System.Text;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>
/// What a host shall be, one line per thing, as <c>apply.sh</c> reads it:
/// <list type="bullet">
/// <item><c>file PATH TEXT</c>: the file holds this line and nothing else;</item>
/// <item><c>drop PATH KEYS</c>: no line of the file has a key that matches;</item>
/// <item><c>line PATH KEY=VALUE</c>: the file has this line, and no other of that key;</item>
/// <item><c>flag DAEMON NAME VALUE</c>, <c>must DAEMON NAME VALUE</c>: a flag of a Mesos daemon, left out or a failure where this version does not know it;</item>
/// <item><c>marathon NAME VALUE</c>: an option of Marathon, where its version reads it;</item>
/// <item><c>marathon-env NAME VALUE</c>: the same, for versions that read their environment (1.5 and later).</item>
/// </list>
/// </summary>
public static class Wanted
{
    // Marathon's libprocess port; random unless set.
    private const int MarathonLibprocessPort = 9090;

    private const string ZooCfg = "/etc/zookeeper/conf/zoo.cfg";

    /// <summary>The lines of a master.</summary>
    /// <param name="settings">The cluster's settings.</param>
    /// <param name="clusterName">Name that Mesos shows.</param>
    /// <param name="ensemble">All masters.</param>
    /// <param name="number">Which one this is, from 1.</param>
    /// <param name="host">Its addresses.</param>
    public static string Master(ClusterSettings settings, string clusterName, Ensemble ensemble, int number, HostAddresses host)
    {
        var text = new StringBuilder();
        Line($"file /etc/mesos/zk {ensemble.MesosUrl}");
        Line($"file /etc/zookeeper/conf/myid {number}");

        // Debian's zoo.cfg keeps its data below /tmp, away from the myid file.
        Line($"line {ZooCfg} dataDir=/var/lib/zookeeper");
        Line($"line {ZooCfg} autopurge.purgeInterval=24");
        Line($"line {ZooCfg} autopurge.snapRetainCount=5");
        Line($"line {ZooCfg} 4lw.commands.whitelist=srvr,ruok,mntr");

        // From 3.5 on ZooKeeper has a web server on Marathon's port. Older ones ignore the line.
        Line($"line {ZooCfg} admin.enableServer=false");
        Line($"drop {ZooCfg} server[.][0-9]+");
        foreach (var server in ensemble.ServerLines)
        {
            Line($"line {ZooCfg} {server}");
        }

        // Its packages let it be managed from outside, on a port of its own choice on every address. Ubuntu's upstart job heeds the first
        // line; Debian's init script only hands the second one on to the JVM, whose last word on it counts.
        Line($"line /etc/default/zookeeper JMXDISABLE=yes");
        Line($"line /etc/default/zookeeper JMXLOCALONLY=\"true -XX:-ManagementServer\"");

        Line($"file /etc/mesos-master/quorum {ensemble.Quorum}");
        Line($"file /etc/mesos-master/cluster {clusterName}");
        Identity(text, "mesos-master", host);
        Line($"flag mesos-master zk_session_timeout {settings.ZooKeeperSessionTimeout}");
        Line($"marathon hostname {host.Hostname}");
        Line($"marathon master {ensemble.MesosUrl}");
        Line($"marathon zk {ensemble.MarathonUrl}");

        // Those run as a user of their own and would have tasks run as that one, which no agent has.
        Line($"marathon-env mesos_user root");

        // Else it would take what the host name resolves to, which is 127.0.1.1 on Debian.
        Line($"line /etc/default/marathon LIBPROCESS_IP={host.Member}");
        Line($"line /etc/default/marathon LIBPROCESS_PORT={MarathonLibprocessPort}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
    }

    /// <summary>The lines of an agent.</summary>
    public static string Agent(ClusterSettings settings, Ensemble ensemble, HostAddresses host)
    {
        var text = new StringBuilder();
        text.Append("file /etc/mesos/zk ").Append(ensemble.MesosUrl).Append('\n');
        Identity(text, "mesos-slave", host);
        text.Append("flag mesos-slave zk_session_timeout ").Append(settings.ZooKeeperSessionTimeout).Append('\n');
        return text.ToString();
    }

    /// <summary>SHA-256 of a text, as lower-case hexadecimal digits. A step that is to run again when the text changes carries it in its own.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Identity(StringBuilder text, string daemon, HostAddresses host)
    {
        text.Append("file /etc/").Append(daemon).Append("/ip ").Append(host.Bind).Append('\n');
        text.Append("file /etc/").Append(daemon).Append("/hostname ").Append(host.Hostname).Append('\n');
        if (host.Advertise is not null)
        {
            text.Append("must ").Append(daemon).Append(" advertise_ip ").Append(host.Advertise).Append('\n');
        }
    }
}
