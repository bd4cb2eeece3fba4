namespace Pulumi.DigitalOcean;

/// <summary>The inputs of a <see cref="Vpc"/>.</summary>
public sealed class VpcArgs : ResourceArgs
{
    /// <summary>The region's slug; a change replaces. Required.</summary>
    [Input("region", required: true)]
    public Input<string> Region { get; set; } = null!;

    /// <summary>Its addresses, as a CIDR block between /16 and /28; a change replaces. Chosen by DigitalOcean where not given.</summary>
    [Input("ipRange")]
    public Input<string>? IpRange { get; set; }

    /// <summary>The name. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }

    /// <summary>A note of at most 255 characters.</summary>
    [Input("description")]
    public Input<string>? Description { get; set; }
}
