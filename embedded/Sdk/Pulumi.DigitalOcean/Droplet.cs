namespace Pulumi.DigitalOcean;

/// <summary>A virtual machine.</summary>
public class Droplet(string name, DropletArgs args, CustomResourceOptions? options = null)
    : CustomResource("digitalocean:index/droplet:Droplet", name, args ?? new DropletArgs(), ResourceDefaults.Merge(options, Package.Version))
{
    /// <summary>The public IPv4 address.</summary>
    [Output("ipv4Address")]
    public Output<string> Ipv4Address { get; private set; } = null!;

    /// <summary>The IPv4 address in its private network.</summary>
    [Output("ipv4AddressPrivate")]
    public Output<string> Ipv4AddressPrivate { get; private set; } = null!;

    /// <summary><c>new</c>, <c>active</c> or <c>off</c>, as it was last read.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;
}
