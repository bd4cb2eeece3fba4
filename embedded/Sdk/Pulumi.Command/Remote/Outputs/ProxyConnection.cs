namespace Pulumi.Command.Remote.Outputs;

/// <summary>How the host to connect through is reached.</summary>
[OutputType]
public sealed class ProxyConnection
{
    /// <summary>The socket of an SSH agent.</summary>
    public readonly string? AgentSocketPath;

    /// <summary>How many attempts to connect may fail before the command does; 10 by default, -1 for no limit.</summary>
    public readonly int? DialErrorLimit;

    /// <summary>The address of the host.</summary>
    public readonly string Host;

    /// <summary>The key the host must show, in the form of an <c>authorized_keys</c> line; any is taken where it is not given.</summary>
    public readonly string? HostKey;

    /// <summary>The password.</summary>
    public readonly string? Password;

    /// <summary>How many seconds one attempt to connect may take; 15 by default.</summary>
    public readonly int? PerDialTimeout;

    /// <summary>The TCP port.</summary>
    public readonly double? Port;

    /// <summary>The private key in PEM or OpenSSH form; preferred to the password.</summary>
    public readonly string? PrivateKey;

    /// <summary>What the private key is encrypted with.</summary>
    public readonly string? PrivateKeyPassword;

    /// <summary>The user; <c>root</c> by default.</summary>
    public readonly string? User;

    [OutputConstructor]
    private ProxyConnection(string? agentSocketPath, int? dialErrorLimit, string host, string? hostKey, string? password, int? perDialTimeout, double? port, string? privateKey, string? privateKeyPassword, string? user)
    {
        AgentSocketPath = agentSocketPath;
        DialErrorLimit = dialErrorLimit;
        Host = host;
        HostKey = hostKey;
        Password = password;
        PerDialTimeout = perDialTimeout;
        Port = port;
        PrivateKey = privateKey;
        PrivateKeyPassword = privateKeyPassword;
        User = user;
    }
}
