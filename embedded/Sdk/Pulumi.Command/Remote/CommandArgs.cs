namespace Pulumi.Command.Remote;

/// <summary>The inputs of a <see cref="Command"/>.</summary>
public sealed class CommandArgs : ResourceArgs
{
    /// <summary>How the host is reached. Required; always secret.</summary>
    [field: Input("connection", required: true)]
    public Input<Inputs.ConnectionArgs>? Connection { get; set => field = ResourceDefaults.Secret(value); }

    /// <summary>What runs on creation, and on an update.</summary>
    [Input("create")]
    public Input<string>? Create { get; set; }

    /// <summary>What runs on deletion.</summary>
    [Input("delete")]
    public Input<string>? Delete { get; set; }

    /// <summary>What the command reads from its standard input.</summary>
    [Input("stdin")]
    public Input<string>? Stdin { get; set; }

    /// <summary>Environment variables of the command; the host's sshd has to accept them (<c>AcceptEnv</c>).</summary>
    [field: Input("environment")]
    public InputMap<string> Environment { get => field ??= new(); set; }

    /// <summary>Values whose change replaces the resource.</summary>
    [field: Input("triggers")]
    public InputList<object> Triggers { get => field ??= new(); set; }

    /// <summary>Which of its outputs are shown while it runs; both by default.</summary>
    [Input("logging")]
    public Input<Logging>? Logging { get; set; }

    /// <summary>Whether update and delete see the outputs of the run before in <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; true by default.</summary>
    [Input("addPreviousOutputInEnv")]
    public Input<bool>? AddPreviousOutputInEnv { get; set; }
}
