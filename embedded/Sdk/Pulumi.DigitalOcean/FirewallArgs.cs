namespace Pulumi.DigitalOcean;

/// <summary>The inputs of a <see cref="Firewall"/>.</summary>
public sealed class FirewallArgs : ResourceArgs
{
    /// <summary>The name. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }

    /// <summary>What may come in.</summary>
    [field: Input("inboundRules")]
    public InputList<Inputs.FirewallInboundRuleArgs> InboundRules { get => field ??= new(); set; }

    /// <summary>What may go out.</summary>
    [field: Input("outboundRules")]
    public InputList<Inputs.FirewallOutboundRuleArgs> OutboundRules { get => field ??= new(); set; }

    /// <summary>Tags of the droplets it is for, at most 5.</summary>
    [field: Input("tags")]
    public InputList<string> Tags { get => field ??= new(); set; }
}
