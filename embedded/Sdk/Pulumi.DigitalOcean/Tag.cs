namespace Pulumi.DigitalOcean;

/// <summary>A tag, by which droplets are grouped.</summary>
public class Tag : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Tag(string name, TagArgs? args = null, CustomResourceOptions? options = null)
        : base("digitalocean:index/tag:Tag", name, args ?? new TagArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The tag.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;
}
