namespace Pulumi.DigitalOcean;

/// <summary>The inputs of an <see cref="SshKey"/>.</summary>
public sealed class SshKeyArgs : ResourceArgs
{
    /// <summary>The key in the form of an <c>authorized_keys</c> line; a change replaces. Required.</summary>
    [Input("publicKey", required: true)]
    public Input<string> PublicKey { get; set; } = null!;

    /// <summary>The name of the key. Made from the name of the resource where not given.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }
}
