using System.Collections.Immutable;

namespace Pulumi.DigitalOcean;

/// <summary>A virtual machine.</summary>
public class Droplet : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Droplet(string name, DropletArgs args, CustomResourceOptions? options = null)
        : base("digitalocean:index/droplet:Droplet", name, args ?? new DropletArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The image's slug or id.</summary>
    [Output("image")]
    public Output<string> Image { get; private set; } = null!;

    /// <summary>The size's slug.</summary>
    [Output("size")]
    public Output<string> Size { get; private set; } = null!;

    /// <summary>The region's slug.</summary>
    [Output("region")]
    public Output<string> Region { get; private set; } = null!;

    /// <summary>The name, which is its host name too.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>Ids or fingerprints of the keys it was created with.</summary>
    [Output("sshKeys")]
    public Output<ImmutableArray<string>> SshKeys { get; private set; } = null!;

    /// <summary>The id of its private network.</summary>
    [Output("vpcUuid")]
    public Output<string> VpcUuid { get; private set; } = null!;

    /// <summary>Its tags.</summary>
    [Output("tags")]
    public Output<ImmutableArray<string>> Tags { get; private set; } = null!;

    /// <summary>Whether the metrics agent is installed.</summary>
    [Output("monitoring")]
    public Output<bool?> Monitoring { get; private set; } = null!;

    /// <summary>The public IPv4 address.</summary>
    [Output("ipv4Address")]
    public Output<string> Ipv4Address { get; private set; } = null!;

    /// <summary>The IPv4 address in its private network.</summary>
    [Output("ipv4AddressPrivate")]
    public Output<string> Ipv4AddressPrivate { get; private set; } = null!;
}
