using System.Collections.Immutable;

namespace Pulumi.DigitalOcean;

/// <summary>A firewall in front of droplets: what no rule allows is dropped.</summary>
[ResourceType("digitalocean:index/firewall:Firewall", Package.Version)]
public class Firewall : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Firewall(string name, FirewallArgs? args = null, CustomResourceOptions? options = null)
        : base("digitalocean:index/firewall:Firewall", name, args ?? new FirewallArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>What may come in.</summary>
    [Output("inboundRules")]
    public Output<ImmutableArray<Outputs.FirewallInboundRule>> InboundRules { get; private set; } = null!;

    /// <summary>What may go out.</summary>
    [Output("outboundRules")]
    public Output<ImmutableArray<Outputs.FirewallOutboundRule>> OutboundRules { get; private set; } = null!;

    /// <summary>Ids of the droplets it is for.</summary>
    [Output("dropletIds")]
    public Output<ImmutableArray<int>> DropletIds { get; private set; } = null!;

    /// <summary>Tags of the droplets it is for.</summary>
    [Output("tags")]
    public Output<ImmutableArray<string>> Tags { get; private set; } = null!;

    /// <summary>When it was created, UTC, ISO 8601.</summary>
    [Output("createdAt")]
    public Output<string> CreatedAt { get; private set; } = null!;

    /// <summary><c>waiting</c>, <c>succeeded</c> or <c>failed</c>.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>Droplets it does not hold for yet.</summary>
    [Output("pendingChanges")]
    public Output<ImmutableArray<Outputs.FirewallPendingChange>> PendingChanges { get; private set; } = null!;
}
