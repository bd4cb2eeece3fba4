using System.Net.Sockets;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>A real ZooKeeper of one member on loopback.</summary>
internal sealed class ZooKeeperServer : IDisposable
{
    private readonly Daemon _daemon;

    private ZooKeeperServer(Daemon daemon, string address) => (_daemon, Address) = (daemon, address);

    /// <summary>host:port.</summary>
    public string Address { get; }

    public static async Task<ZooKeeperServer> StartAsync(string host)
    {
        var data = Installation.NewFolder();
        var configuration = Path.Combine(data, "zoo.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            tickTime=500
            dataDir={data}
            clientPort=2181
            clientPortAddress={host}
            admin.enableServer=false
            4lw.commands.whitelist=srvr

            """);
        var daemon = Daemon.Start(
            "/usr/bin/java",
            ["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.jmx.log4j.disable=true", "-cp", Requirements.ClassPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration],
            new Dictionary<string, string?>());
        var server = new ZooKeeperServer(daemon, $"{host}:2181");
        await Web.UntilAsync("ZooKeeper answers srvr", () => AnswersAsync(host), 20, daemon);
        return server;
    }

    public void Dispose() => _daemon.Dispose();

    private static async Task<bool> AnswersAsync(string host)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, 2181);
            await client.GetStream().WriteAsync("srvr"u8.ToArray());
            using var reader = new StreamReader(client.GetStream());
            return (await reader.ReadToEndAsync()).Contains("Mode: standalone", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
