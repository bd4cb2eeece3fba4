namespace Pulumi.Command.Remote;

/// <summary>The inputs of a <see cref="CopyToRemote"/>.</summary>
public sealed class CopyToRemoteArgs : ResourceArgs
{
    /// <summary>How the host is reached. Required; always secret.</summary>
    [field: Input("connection", required: true)]
    public Input<Inputs.ConnectionArgs>? Connection { get; set => field = ResourceDefaults.Secret(value); }

    /// <summary>What to copy. Of a folder whose path ends with a slash the files are copied, else the folder itself. Required.</summary>
    [Input("source", required: true)]
    public Input<AssetOrArchive> Source { get; set; } = null!;

    /// <summary>Where to on the host; missing directories are made. Required.</summary>
    [Input("remotePath", required: true)]
    public Input<string> RemotePath { get; set; } = null!;

    /// <summary>Values whose change replaces the resource.</summary>
    [field: Input("triggers")]
    public InputList<object> Triggers { get => field ??= new(); set; }
}
