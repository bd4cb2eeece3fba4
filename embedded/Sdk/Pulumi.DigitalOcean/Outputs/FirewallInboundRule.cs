using System.Collections.Immutable;

namespace Pulumi.DigitalOcean.Outputs;

/// <summary>What may come in, and from where.</summary>
[OutputType]
public sealed class FirewallInboundRule
{
    /// <summary>A port, a range or <c>all</c>.</summary>
    public readonly string? PortRange;

    /// <summary><c>tcp</c>, <c>udp</c> or <c>icmp</c>.</summary>
    public readonly string Protocol;

    /// <summary>Addresses and CIDR blocks.</summary>
    public readonly ImmutableArray<string> SourceAddresses;

    /// <summary>Ids of droplets.</summary>
    public readonly ImmutableArray<int> SourceDropletIds;

    /// <summary>Ids of Kubernetes clusters.</summary>
    public readonly ImmutableArray<string> SourceKubernetesIds;

    /// <summary>Ids of load balancers.</summary>
    public readonly ImmutableArray<string> SourceLoadBalancerUids;

    /// <summary>Tags of droplets.</summary>
    public readonly ImmutableArray<string> SourceTags;

    [OutputConstructor]
    private FirewallInboundRule(string? portRange, string protocol, ImmutableArray<string> sourceAddresses, ImmutableArray<int> sourceDropletIds, ImmutableArray<string> sourceKubernetesIds, ImmutableArray<string> sourceLoadBalancerUids, ImmutableArray<string> sourceTags)
    {
        PortRange = portRange;
        Protocol = protocol;
        SourceAddresses = sourceAddresses;
        SourceDropletIds = sourceDropletIds;
        SourceKubernetesIds = sourceKubernetesIds;
        SourceLoadBalancerUids = sourceLoadBalancerUids;
        SourceTags = sourceTags;
    }
}
