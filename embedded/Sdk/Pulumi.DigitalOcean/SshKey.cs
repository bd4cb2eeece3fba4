namespace Pulumi.DigitalOcean;

/// <summary>A public SSH key that droplets can be created with.</summary>
public class SshKey : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public SshKey(string name, SshKeyArgs args, CustomResourceOptions? options = null)
        : base("digitalocean:index/sshKey:SshKey", name, args ?? new SshKeyArgs(), ResourceDefaults.Merge(options, Package.Version))
    {
    }

    /// <summary>The name of the key.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The key in the form of an <c>authorized_keys</c> line.</summary>
    [Output("publicKey")]
    public Output<string> PublicKey { get; private set; } = null!;

    /// <summary>The MD5 fingerprint by which the API knows it too.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; } = null!;
}
