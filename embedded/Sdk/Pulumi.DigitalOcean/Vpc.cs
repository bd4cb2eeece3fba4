namespace Pulumi.DigitalOcean;

/// <summary>A private network.</summary>
public class Vpc(string name, VpcArgs args, CustomResourceOptions? options = null)
    : CustomResource("digitalocean:index/vpc:Vpc", name, args ?? new VpcArgs(), ResourceDefaults.Merge(options, Package.Version));
