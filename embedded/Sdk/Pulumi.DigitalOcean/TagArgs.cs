namespace Pulumi.DigitalOcean;

/// <summary>The inputs of a <see cref="Tag"/>.</summary>
public sealed class TagArgs : ResourceArgs
{
    /// <summary>The tag; a change replaces. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }
}
