namespace Pulumi.DigitalOcean;

/// <summary>The inputs of a <see cref="Droplet"/>.</summary>
public sealed class DropletArgs : ResourceArgs
{
    /// <summary>The image's slug or id; a change replaces. Required.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>The size's slug; a change powers the droplet off for a while. Required.</summary>
    [Input("size", required: true)]
    public InputUnion<string, DropletSlug> Size { get; set; } = null!;

    /// <summary>The region's slug; a change replaces.</summary>
    [Input("region")]
    public InputUnion<string, Region>? Region { get; set; }

    /// <summary>The name, which is its host name too. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }

    /// <summary>Ids or fingerprints of the keys that may log in as root; a change replaces.</summary>
    [field: Input("sshKeys")]
    public InputList<string> SshKeys { get => field ??= new(); set; }

    /// <summary>The id of its private network; the region's default one where not given. A change replaces.</summary>
    [Input("vpcUuid")]
    public Input<string>? VpcUuid { get; set; }

    /// <summary>Its tags.</summary>
    [field: Input("tags")]
    public InputList<string> Tags { get => field ??= new(); set; }

    /// <summary>Whether the metrics agent is installed; a change replaces.</summary>
    [Input("monitoring")]
    public Input<bool>? Monitoring { get; set; }
}
