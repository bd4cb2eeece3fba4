namespace Pulumi.Command.Remote;

/// <summary>A command on a remote host over SSH, with its own create, update and delete.</summary>
public class Command(string name, CommandArgs args, CustomResourceOptions? options = null)
    : CustomResource("command:remote:Command", name, args ?? new CommandArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["connection"], replaceOnChanges: ["triggers[*]"]));
