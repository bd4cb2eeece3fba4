namespace Pulumi.DigitalOcean.Inputs;

/// <summary>What may come in, and from where.</summary>
public sealed class FirewallInboundRuleArgs : ResourceArgs
{
    /// <summary><c>tcp</c>, <c>udp</c> or <c>icmp</c>. Required.</summary>
    [Input("protocol", required: true)]
    public Input<string> Protocol { get; set; } = null!;

    /// <summary>A port, a range (<c>1-1024</c>) or <c>all</c>; required for tcp and udp.</summary>
    [Input("portRange")]
    public Input<string>? PortRange { get; set; }

    /// <summary>Addresses and CIDR blocks.</summary>
    [field: Input("sourceAddresses")]
    public InputList<string> SourceAddresses { get => field ??= new(); set; }

    /// <summary>Tags of droplets.</summary>
    [field: Input("sourceTags")]
    public InputList<string> SourceTags { get => field ??= new(); set; }
}
