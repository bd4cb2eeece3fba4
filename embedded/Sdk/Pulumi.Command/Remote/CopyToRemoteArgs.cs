namespace Pulumi.Command.Remote;

/// <summary>The inputs of a <see cref="CopyToRemote"/>.</summary>
public sealed class CopyToRemoteArgs : ResourceArgs
{
    [Input("connection", required: true)]
    private Input<Inputs.ConnectionArgs>? _connection;

    /// <summary>How the host is reached. Required; always secret.</summary>
    public Input<Inputs.ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = ResourceDefaults.Secret(value);
    }

    /// <summary>What to copy. Of a folder whose path ends with a slash the files are copied, else the folder itself. Required.</summary>
    [Input("source", required: true)]
    public Input<AssetOrArchive> Source { get; set; } = null!;

    /// <summary>Where to on the host; missing directories are made. Required.</summary>
    [Input("remotePath", required: true)]
    public Input<string> RemotePath { get; set; } = null!;

    [Input("triggers")]
    private InputList<object>? _triggers;

    /// <summary>Values whose change replaces the resource.</summary>
    public InputList<object> Triggers
    {
        get => _triggers ??= new();
        set => _triggers = value;
    }
}
