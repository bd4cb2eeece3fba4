using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>Commands for a person to paste.</summary>
/// <param name="cluster">The cluster's name at DigitalOcean; a generated key is saved in a file of that name.</param>
/// <param name="stack">The stack's name.</param>
/// <param name="ssh">The key pair.</param>
public sealed class SshCommands(string cluster, string stack, SshSettings ssh)
{
    // A private key that is configured as a secret has no file that this program knows of. ssh then tries the person's own keys.
    private string Identity => ssh switch
    {
        { IsGenerated: true } => $"-i ~/.ssh/{cluster} -o IdentitiesOnly=yes ",
        { PrivateKeyPath.Length: > 0 } => $"-i {ssh.PrivateKeyPath} ",
        _ => "",
    };

    /// <summary>Saves a generated key; empty for a configured one.</summary>
    public string SaveKey => ssh.IsGenerated ? $"(umask 077; pulumi stack output sshPrivateKey --show-secrets --stack {stack} > ~/.ssh/{cluster})" : "";

    /// <summary>Logs in to a host.</summary>
    public string To(string address) => $"ssh {Identity}root@{address}";

    /// <summary>A SOCKS proxy on port 1080, through which a browser reaches every member by the address that Mesos redirects it to.</summary>
    public string Tunnel(string address) => $"ssh -N -D 1080 {Identity}root@{address}";
}
