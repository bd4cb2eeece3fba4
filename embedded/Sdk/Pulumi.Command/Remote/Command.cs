using System.Collections.Immutable;

namespace Pulumi.Command.Remote;

/// <summary>A command on a remote host over SSH, with its own create, update and delete.</summary>
public class Command : CustomResource
{
    /// <summary>Declares the resource.</summary>
    public Command(string name, CommandArgs args, CustomResourceOptions? options = null)
        : base("command:remote:Command", name, args ?? new CommandArgs(), ResourceDefaults.Merge(options, Package.Version, secretOutputs: ["connection"], replaceOnChanges: ["triggers[*]"]))
    {
    }

    /// <summary>What runs on creation, and on an update where <see cref="Update"/> is not given.</summary>
    [Output("create")]
    public Output<string?> Create { get; private set; } = null!;

    /// <summary>What runs when an input has changed.</summary>
    [Output("update")]
    public Output<string?> Update { get; private set; } = null!;

    /// <summary>What runs on deletion.</summary>
    [Output("delete")]
    public Output<string?> Delete { get; private set; } = null!;

    /// <summary>What the command reads from its standard input.</summary>
    [Output("stdin")]
    public Output<string?> Stdin { get; private set; } = null!;

    /// <summary>Environment variables of the command.</summary>
    [Output("environment")]
    public Output<ImmutableDictionary<string, string>?> Environment { get; private set; } = null!;

    /// <summary>Values whose change replaces the resource.</summary>
    [Output("triggers")]
    public Output<ImmutableArray<object>> Triggers { get; private set; } = null!;

    /// <summary>Which of its outputs are shown while it runs.</summary>
    [Output("logging")]
    public Output<Logging?> Logging { get; private set; } = null!;

    /// <summary>Whether update and delete see the outputs of the run before in <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>.</summary>
    [Output("addPreviousOutputInEnv")]
    public Output<bool?> AddPreviousOutputInEnv { get; private set; } = null!;

    /// <summary>How the host is reached; secret.</summary>
    [Output("connection")]
    public Output<Outputs.Connection> Connection { get; private set; } = null!;

    /// <summary>The standard output of the last run, one trailing newline taken off.</summary>
    [Output("stdout")]
    public Output<string> Stdout { get; private set; } = null!;

    /// <summary>The standard error of the last run, one trailing newline taken off.</summary>
    [Output("stderr")]
    public Output<string> Stderr { get; private set; } = null!;
}
