using System.Collections.Immutable;

namespace Pulumi.DigitalOcean;

/// <summary>A virtual machine.</summary>
[ResourceType("digitalocean:index/droplet:Droplet", Package.Version)]
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

    /// <summary>A hash of what cloud-init got.</summary>
    [Output("userData")]
    public Output<string?> UserData { get; private set; } = null!;

    /// <summary>Its tags.</summary>
    [Output("tags")]
    public Output<ImmutableArray<string>> Tags { get; private set; } = null!;

    /// <summary>Whether the metrics agent is installed.</summary>
    [Output("monitoring")]
    public Output<bool?> Monitoring { get; private set; } = null!;

    /// <summary>Whether the console agent is installed.</summary>
    [Output("dropletAgent")]
    public Output<bool?> DropletAgent { get; private set; } = null!;

    /// <summary>Whether it has a public IPv6 address.</summary>
    [Output("ipv6")]
    public Output<bool?> Ipv6 { get; private set; } = null!;

    /// <summary>Whether a greater size makes the disk greater too.</summary>
    [Output("resizeDisk")]
    public Output<bool?> ResizeDisk { get; private set; } = null!;

    /// <summary>Whether it is shut down before it is deleted.</summary>
    [Output("gracefulShutdown")]
    public Output<bool?> GracefulShutdown { get; private set; } = null!;

    /// <summary>The public IPv4 address.</summary>
    [Output("ipv4Address")]
    public Output<string> Ipv4Address { get; private set; } = null!;

    /// <summary>The IPv4 address in its private network.</summary>
    [Output("ipv4AddressPrivate")]
    public Output<string> Ipv4AddressPrivate { get; private set; } = null!;

    /// <summary>The public IPv6 address.</summary>
    [Output("ipv6Address")]
    public Output<string> Ipv6Address { get; private set; } = null!;

    /// <summary><c>new</c>, <c>active</c>, <c>off</c> or <c>archive</c>.</summary>
    [Output("status")]
    public Output<string> Status { get; private set; } = null!;

    /// <summary>Whether an action keeps it from being changed.</summary>
    [Output("locked")]
    public Output<bool> Locked { get; private set; } = null!;

    /// <summary>When it was created, UTC, ISO 8601.</summary>
    [Output("createdAt")]
    public Output<string> CreatedAt { get; private set; } = null!;

    /// <summary>The disk in gigabytes.</summary>
    [Output("disk")]
    public Output<int> Disk { get; private set; } = null!;

    /// <summary>The memory in megabytes.</summary>
    [Output("memory")]
    public Output<int> Memory { get; private set; } = null!;

    /// <summary>The number of processors.</summary>
    [Output("vcpus")]
    public Output<int> Vcpus { get; private set; } = null!;

    /// <summary>The price of an hour in US dollars.</summary>
    [Output("priceHourly")]
    public Output<double> PriceHourly { get; private set; } = null!;

    /// <summary>The price of a month in US dollars.</summary>
    [Output("priceMonthly")]
    public Output<double> PriceMonthly { get; private set; } = null!;

    /// <summary>DigitalOcean's URN of it (<c>do:droplet:…</c>).</summary>
    [Output("dropletUrn")]
    public Output<string> DropletUrn { get; private set; } = null!;
}
