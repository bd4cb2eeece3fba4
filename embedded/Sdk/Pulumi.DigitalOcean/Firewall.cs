using System.Collections.Immutable;

namespace Pulumi.DigitalOcean;

/// <summary>A firewall in front of droplets: what no rule allows is dropped.</summary>
public class Firewall : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Firewall(string name, FirewallArgs? args = null, CustomResourceOptions? options = null)
        : base("digitalocean:index/firewall:Firewall", name, args ?? new FirewallArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>Tags of the droplets it is for.</summary>
    [Output("tags")]
    public Output<ImmutableArray<string>> Tags { get; private set; } = null!;
}
