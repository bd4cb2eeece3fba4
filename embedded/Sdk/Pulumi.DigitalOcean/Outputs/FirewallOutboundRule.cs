using System.Collections.Immutable;

namespace Pulumi.DigitalOcean.Outputs;

/// <summary>What may go out, and where to.</summary>
[OutputType]
public sealed class FirewallOutboundRule
{
    /// <summary>Addresses and CIDR blocks.</summary>
    public readonly ImmutableArray<string> DestinationAddresses;

    /// <summary>Ids of droplets.</summary>
    public readonly ImmutableArray<int> DestinationDropletIds;

    /// <summary>Ids of Kubernetes clusters.</summary>
    public readonly ImmutableArray<string> DestinationKubernetesIds;

    /// <summary>Ids of load balancers.</summary>
    public readonly ImmutableArray<string> DestinationLoadBalancerUids;

    /// <summary>Tags of droplets.</summary>
    public readonly ImmutableArray<string> DestinationTags;

    /// <summary>A port, a range or <c>all</c>.</summary>
    public readonly string? PortRange;

    /// <summary><c>tcp</c>, <c>udp</c> or <c>icmp</c>.</summary>
    public readonly string Protocol;

    [OutputConstructor]
    private FirewallOutboundRule(ImmutableArray<string> destinationAddresses, ImmutableArray<int> destinationDropletIds, ImmutableArray<string> destinationKubernetesIds, ImmutableArray<string> destinationLoadBalancerUids, ImmutableArray<string> destinationTags, string? portRange, string protocol)
    {
        DestinationAddresses = destinationAddresses;
        DestinationDropletIds = destinationDropletIds;
        DestinationKubernetesIds = destinationKubernetesIds;
        DestinationLoadBalancerUids = destinationLoadBalancerUids;
        DestinationTags = destinationTags;
        PortRange = portRange;
        Protocol = protocol;
    }
}
