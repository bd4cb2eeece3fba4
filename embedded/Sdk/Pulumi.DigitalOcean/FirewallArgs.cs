namespace Pulumi.DigitalOcean;

/// <summary>The inputs of a <see cref="Firewall"/>.</summary>
public sealed class FirewallArgs : ResourceArgs
{
    /// <summary>The name. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }

    [Input("inboundRules")]
    private InputList<Inputs.FirewallInboundRuleArgs>? _inboundRules;

    /// <summary>What may come in.</summary>
    public InputList<Inputs.FirewallInboundRuleArgs> InboundRules
    {
        get => _inboundRules ??= new();
        set => _inboundRules = value;
    }

    [Input("outboundRules")]
    private InputList<Inputs.FirewallOutboundRuleArgs>? _outboundRules;

    /// <summary>What may go out.</summary>
    public InputList<Inputs.FirewallOutboundRuleArgs> OutboundRules
    {
        get => _outboundRules ??= new();
        set => _outboundRules = value;
    }

    [Input("tags")]
    private InputList<string>? _tags;

    /// <summary>Tags of the droplets it is for, at most 5.</summary>
    public InputList<string> Tags
    {
        get => _tags ??= new();
        set => _tags = value;
    }
}
