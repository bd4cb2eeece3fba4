namespace Pulumi.DigitalOcean;

/// <summary>A private network.</summary>
public class Vpc : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Vpc(string name, VpcArgs args, CustomResourceOptions? options = null)
        : base("digitalocean:index/vpc:Vpc", name, args ?? new VpcArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The region's slug.</summary>
    [Output("region")]
    public Output<string> Region { get; private set; } = null!;

    /// <summary>Its addresses, as a CIDR block.</summary>
    [Output("ipRange")]
    public Output<string> IpRange { get; private set; } = null!;

    /// <summary>A note.</summary>
    [Output("description")]
    public Output<string?> Description { get; private set; } = null!;
}
