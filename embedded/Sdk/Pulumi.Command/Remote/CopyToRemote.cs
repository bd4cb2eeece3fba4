namespace Pulumi.Command.Remote;

/// <summary>Files that are copied to a remote host over SSH. They are copied again when they or the path there change; nothing there is deleted.</summary>
public class CopyToRemote(string name, CopyToRemoteArgs args, CustomResourceOptions? options = null)
    : CustomResource("command:remote:CopyToRemote", name, args ?? new CopyToRemoteArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["connection"], replaceOnChanges: ["triggers[*]"]));
