namespace Pulumi.DigitalOcean;

/// <summary>A public SSH key that droplets can be created with.</summary>
public class SshKey(string name, SshKeyArgs args, CustomResourceOptions? options = null)
    : CustomResource("digitalocean:index/sshKey:SshKey", name, args ?? new SshKeyArgs(), ResourceDefaults.Merge(options, Package.Version))
{
    /// <summary>The MD5 fingerprint by which the API knows it too.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; } = null!;
}
