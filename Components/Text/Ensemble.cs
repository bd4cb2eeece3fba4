using System.Globalization;

namespace MesosStack.Components.Text;

/// <summary>The masters of a cluster, seen as a ZooKeeper ensemble. Master N has ZooKeeper id N for good.</summary>
/// <param name="Addresses">Addresses of master 1, 2, 3, ...</param>
public sealed record Ensemble(IReadOnlyList<string> Addresses)
{
    /// <summary>How many masters must agree: more than half.</summary>
    public int Quorum => (Addresses.Count / 2) + 1;

    /// <summary><c>host:2181</c> of every member, divided by commas.</summary>
    public string Hosts => string.Join(',', Addresses.Select(address => $"{address}:2181"));

    /// <summary>The URL by which Mesos finds its masters.</summary>
    public string MesosUrl => $"zk://{Hosts}/mesos";

    /// <summary>The URL under which Marathon keeps its state.</summary>
    public string MarathonUrl => $"zk://{Hosts}/marathon";

    /// <summary>The <c>server.N</c> lines of <c>zoo.cfg</c>, the same on every master. A single master has one too; ZooKeeper then runs alone.</summary>
    public IReadOnlyList<string> ServerLines =>
        [.. Addresses.Select((address, index) => string.Create(CultureInfo.InvariantCulture, $"server.{index + 1}={address}:2888:3888"))];
}
