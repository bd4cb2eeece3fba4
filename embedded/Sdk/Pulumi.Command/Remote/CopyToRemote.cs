using System.Collections.Immutable;

namespace Pulumi.Command.Remote;

/// <summary>Files that are copied to a remote host over SSH. They are copied again when they or the path there change; nothing there is deleted.</summary>
public class CopyToRemote : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public CopyToRemote(string name, CopyToRemoteArgs args, CustomResourceOptions? options = null)
        : base("command:remote:CopyToRemote", name, args ?? new CopyToRemoteArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["connection"], replaceOnChanges: ["triggers[*]"]))
    {
    }

    /// <summary>What is copied.</summary>
    [Output("source")]
    public Output<AssetOrArchive> Source { get; private set; } = null!;

    /// <summary>Where it lies on the host.</summary>
    [Output("remotePath")]
    public Output<string> RemotePath { get; private set; } = null!;

    /// <summary>Values whose change replaces the resource.</summary>
    [Output("triggers")]
    public Output<ImmutableArray<object>> Triggers { get; private set; } = null!;

    /// <summary>How the host is reached; secret.</summary>
    [Output("connection")]
    public Output<Outputs.Connection> Connection { get; private set; } = null!;
}
