namespace Pulumi.Command.Remote.Inputs;

/// <summary>How a host is reached over SSH.</summary>
public sealed class ConnectionArgs : ResourceArgs
{
    /// <summary>The address of the host. Required.</summary>
    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    /// <summary>The TCP port; 22 by default.</summary>
    [Input("port")]
    public Input<double>? Port { get; set; } = 22;

    /// <summary>The user; <c>root</c> by default.</summary>
    [Input("user")]
    public Input<string>? User { get; set; } = "root";

    /// <summary>The private key in PEM or OpenSSH form; secret.</summary>
    [field: Input("privateKey")]
    public Input<string>? PrivateKey { get; set => field = ResourceDefaults.Secret(value); }

    /// <summary>How many attempts to connect may fail before the command does; 10 by default, -1 for no limit.</summary>
    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; } = 10;

    /// <summary>How many seconds one attempt to connect may take; 15 by default.</summary>
    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; } = 15;
}
