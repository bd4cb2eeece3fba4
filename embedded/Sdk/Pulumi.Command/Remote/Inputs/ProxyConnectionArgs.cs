namespace Pulumi.Command.Remote.Inputs;

/// <summary>How the host to connect through is reached over SSH.</summary>
public sealed class ProxyConnectionArgs : ResourceArgs
{
    /// <summary>Arguments with the defaults set.</summary>
    public ProxyConnectionArgs()
    {
        DialErrorLimit = 10;
        PerDialTimeout = 15;
        Port = 22;
        User = "root";
    }

    /// <summary>The address of the host. Required.</summary>
    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    /// <summary>The TCP port; 22 by default.</summary>
    [Input("port")]
    public Input<double>? Port { get; set; }

    /// <summary>The user; <c>root</c> by default.</summary>
    [Input("user")]
    public Input<string>? User { get; set; }

    [Input("password")]
    private Input<string>? _password;

    /// <summary>The password; secret.</summary>
    public Input<string>? Password
    {
        get => _password;
        set => _password = ResourceDefaults.Secret(value);
    }

    [Input("privateKey")]
    private Input<string>? _privateKey;

    /// <summary>The private key in PEM or OpenSSH form; secret, preferred to the password.</summary>
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = ResourceDefaults.Secret(value);
    }

    [Input("privateKeyPassword")]
    private Input<string>? _privateKeyPassword;

    /// <summary>What the private key is encrypted with; secret.</summary>
    public Input<string>? PrivateKeyPassword
    {
        get => _privateKeyPassword;
        set => _privateKeyPassword = ResourceDefaults.Secret(value);
    }

    /// <summary>The key the host must show, in the form of an <c>authorized_keys</c> line; any is taken where it is not given.</summary>
    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    /// <summary>The socket of an SSH agent.</summary>
    [Input("agentSocketPath")]
    public Input<string>? AgentSocketPath { get; set; }

    /// <summary>How many attempts to connect may fail before the command does; 10 by default, -1 for no limit.</summary>
    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; }

    /// <summary>How many seconds one attempt to connect may take; 15 by default.</summary>
    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; }
}
