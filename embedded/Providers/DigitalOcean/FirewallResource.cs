using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A firewall in front of droplets. Its rules and tags have no order.</summary>
internal sealed class FirewallResource(DigitalOceanApi api) : ApiResource(api, "digitalocean:index/firewall:Firewall", "firewalls", "firewall",
[
    new("name", new(InputKind.Text), "name", firewall => firewall.Text("name")),
    new("tags", new(InputKind.Set, Items: new(InputKind.Text)), "tags", firewall => firewall.List("tags")),
    .. Directions.Select(direction => direction.Property),
    new("dropletIds", Live: firewall => firewall.List("droplet_ids")),
    new("createdAt", Live: firewall => firewall.Text("created_at")),
    new("pendingChanges", Live: firewall => firewall.List("pending_changes", PendingChange)),
    new("status", Live: firewall => firewall.Text("status")),
])
{
    private static readonly ImmutableArray<FirewallRules> Directions =
    [
        new("inboundRules", "inbound_rules", "source", "sources"),
        new("outboundRules", "outbound_rules", "destination", "destinations"),
    ];

    public override IEnumerable<CheckFault> Faults(PropertyMap inputs) =>
    [
        .. inputs.Items("tags").Length > 5 ? new[] { new CheckFault("tags", "holds more than 5 tags") } : [],
        .. Directions.SelectMany(direction => direction.Faults(inputs)),
    ];

    protected override Task<string?> ObstacleAsync(PropertyMap inputs, CancellationToken cancellation) => NamesakeAsync(inputs, cancellation);

    protected override PropertyMap Outputs(JsonNode live, PropertyMap inputs) =>
        Directions.Aggregate(base.Outputs(live, inputs), (outputs, direction) => direction.AsGiven(outputs, inputs));

    private static PropertyValue PendingChange(JsonNode change) => new PropertyValue.Object(PropertyMap.Empty
        .With("dropletId", change.Number("droplet_id"))
        .With("removing", change.Bool("removing"))
        .With("status", change.Text("status")));
}
