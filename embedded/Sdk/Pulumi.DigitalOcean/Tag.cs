namespace Pulumi.DigitalOcean;

/// <summary>A tag, by which droplets are grouped.</summary>
public class Tag(string name, TagArgs? args = null, CustomResourceOptions? options = null)
    : CustomResource("digitalocean:index/tag:Tag", name, args ?? new TagArgs(), ResourceDefaults.Merge(options, Package.Version))
{
    /// <summary>The tag.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;
}
