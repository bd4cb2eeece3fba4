using System.Globalization;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Status;

/// <summary>A cluster as a state holds it.</summary>
/// <param name="Name">Its name in the program.</param>
/// <param name="Readiness">The inputs of the command that checks whether it is whole; null where an update was cut off before it.</param>
/// <param name="Tag">The tag of its droplets; "" where there is none.</param>
/// <param name="Hosts">Its hosts: the masters, then the agents, by their numbers.</param>
internal sealed record KnownCluster(string Name, PropertyMap? Readiness, string Tag, IReadOnlyList<KnownHost> Hosts)
{
    private const string TagType = "digitalocean:index/tag:Tag";

    /// <summary>The clusters of a state.</summary>
    /// <param name="snapshot">The state.</param>
    public static IReadOnlyList<KnownCluster> Of(Snapshot snapshot)
    {
        var living = snapshot.Resources.Where(r => !r.Delete).ToList();
        var children = living.ToLookup(r => r.Parent, StringComparer.Ordinal);
        return [.. living.Where(r => r.Type == ResourceTypes.Cluster).Select(cluster => new KnownCluster(
            cluster.Name,
            children[cluster.Urn].FirstOrDefault(r => r.Type == ResourceTypes.Command && r.Name == $"{cluster.Name}-readiness")?.Inputs,
            children[cluster.Urn].SelectMany(part => children[part.Urn]).FirstOrDefault(r => r.Type == TagType)?.Inputs.GetValueOrDefault("name")?.Unwrapped() is PropertyValue.Text tag ? tag.Value : "",
            [.. children[cluster.Urn].Where(r => r.Type is ResourceTypes.Master or ResourceTypes.Agent)
                .Select(host => KnownHost.Of(cluster.Name, host, children[host.Urn]))
                .OrderByDescending(host => host.IsMaster).ThenBy(host => host.Number)]))];
    }
}

/// <summary>A host of a cluster as a state holds it.</summary>
/// <param name="Name">Its name in the cluster, such as <c>master-1</c>.</param>
/// <param name="IsMaster">Whether it is a master.</param>
/// <param name="DropletId">The id of its droplet; "" where there is none.</param>
/// <param name="Address">Where it is asked; "" where that is not known.</param>
/// <param name="Configuration">The inputs of the command that makes it what its description says; null where an update was cut off before it.</param>
internal sealed record KnownHost(string Name, bool IsMaster, string DropletId, string Address, PropertyMap? Configuration)
{
    /// <summary>Its number among those of its role.</summary>
    public int Number => int.TryParse(Name.AsSpan(Name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static KnownHost Of(string cluster, ResourceState host, IEnumerable<ResourceState> parts)
    {
        var all = parts.ToList();
        var configuration = all.FirstOrDefault(r => r.Type == ResourceTypes.Command && r.Name == $"{host.Name}-configuration")?.Inputs;
        var address = configuration?.GetValueOrDefault("connection")?.Unwrapped() is PropertyValue.Object connection && connection.Properties.GetValueOrDefault("host") is PropertyValue.Text text ? text.Value : "";
        return new KnownHost(host.Name[(cluster.Length + 1)..], host.Type == ResourceTypes.Master, all.FirstOrDefault(r => r.Type == ResourceTypes.Droplet)?.Id ?? "", address, configuration);
    }
}
