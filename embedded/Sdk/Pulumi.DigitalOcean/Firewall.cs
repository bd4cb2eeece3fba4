namespace Pulumi.DigitalOcean;

/// <summary>A firewall in front of droplets: what no rule allows is dropped.</summary>
public class Firewall(string name, FirewallArgs? args = null, CustomResourceOptions? options = null)
    : CustomResource("digitalocean:index/firewall:Firewall", name, args ?? new FirewallArgs(), ResourceDefaults.Merge(options, Package.Version));
