namespace Pulumi.DigitalOcean.Inputs;

/// <summary>What may go out, and where to.</summary>
public sealed class FirewallOutboundRuleArgs : ResourceArgs
{
    /// <summary><c>tcp</c>, <c>udp</c> or <c>icmp</c>. Required.</summary>
    [Input("protocol", required: true)]
    public Input<string> Protocol { get; set; } = null!;

    /// <summary>A port, a range (<c>1-1024</c>) or <c>all</c>; required for tcp and udp.</summary>
    [Input("portRange")]
    public Input<string>? PortRange { get; set; }

    /// <summary>Addresses and CIDR blocks.</summary>
    [field: Input("destinationAddresses")]
    public InputList<string> DestinationAddresses { get => field ??= new(); set; }
}
