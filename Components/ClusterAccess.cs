using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.DigitalOcean;
using Pulumi.Random;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="ClusterAccess"/>.</summary>
public sealed class ClusterAccessArgs : ResourceArgs
{
    /// <summary>The cluster's settings.</summary>
    public required ClusterSettings Settings { get; init; }

    /// <summary>Name of the key in the account.</summary>
    [Input("name")]
    public required Input<string> Name { get; init; }
}

/// <summary>The SSH key of a cluster: the configured pair, or one that is made and kept in the stack's state as a secret.</summary>
public sealed class ClusterAccess : ComponentResource
{
    /// <summary>Declares the key.</summary>
    public ClusterAccess(string name, ClusterAccessArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:ClusterAccess", name, options)
    {
        Output<string> publicKey;
        var ssh = args.Settings.Ssh;
        if (ssh.IsGenerated)
        {
            var random = new RandomBytes($"{name}-scalar", new RandomBytesArgs { Length = 32 }, new CustomResourceOptions { Parent = this });
            var pair = random.Hex.Apply(SshKeyPair.FromRandom);
            publicKey = Output.Unsecret(pair.Apply(p => p.PublicLine));
            PrivateKey = Output.CreateSecret(pair.Apply(p => p.PrivatePem));
        }
        else
        {
            publicKey = Output.Create(ssh.PublicKey);
            PrivateKey = ssh.HasPrivateKey
                ? StackSettings.SshPrivateKey()
                : Output.CreateSecret(File.ReadAllText(HomePath.Expand(ssh.PrivateKeyPath)));
        }

        // An account takes a key once, so one that it has is used as it is.
        Fingerprint = ssh.KeyFingerprint.Length > 0
            ? Output.Create(ssh.KeyFingerprint)
            : new SshKey($"{name}-key", new SshKeyArgs { Name = args.Name, PublicKey = publicKey }, new CustomResourceOptions { Parent = this }).Fingerprint;
        RegisterOutputs();
    }

    /// <summary>Fingerprint of the public key, by which droplets are told of it.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; }

    /// <summary>The private key, a secret.</summary>
    [Output("privateKey")]
    public Output<string> PrivateKey { get; private set; }
}
