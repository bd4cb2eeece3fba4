namespace Pulumi.Command.Remote;

/// <summary>A command on a remote host over SSH, with its own create, update and delete.</summary>
public class Command(string name, CommandArgs args, CustomResourceOptions? options = null)
    : CustomResource("command:remote:Command", name, args ?? new CommandArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["connection"], replaceOnChanges: ["triggers[*]"]))
{
    /// <summary>What ran on creation.</summary>
    [Output("create")]
    public Output<string?> Create { get; private set; } = null!;

    /// <summary>What the last run of the command printed on its standard output, without the newline at its end.</summary>
    [Output("stdout")]
    public Output<string> Stdout { get; private set; } = null!;
}
