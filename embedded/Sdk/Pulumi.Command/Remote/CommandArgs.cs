namespace Pulumi.Command.Remote;

/// <summary>The inputs of a <see cref="Command"/>.</summary>
public sealed class CommandArgs : ResourceArgs
{
    [Input("connection", required: true)]
    private Input<Inputs.ConnectionArgs>? _connection;

    /// <summary>How the host is reached. Required; always secret.</summary>
    public Input<Inputs.ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = ResourceDefaults.Secret(value);
    }

    /// <summary>What runs on creation, and on an update where <see cref="Update"/> is not given.</summary>
    [Input("create")]
    public Input<string>? Create { get; set; }

    /// <summary>What runs when an input has changed.</summary>
    [Input("update")]
    public Input<string>? Update { get; set; }

    /// <summary>What runs on deletion.</summary>
    [Input("delete")]
    public Input<string>? Delete { get; set; }

    /// <summary>What the command reads from its standard input.</summary>
    [Input("stdin")]
    public Input<string>? Stdin { get; set; }

    [Input("environment")]
    private InputMap<string>? _environment;

    /// <summary>Environment variables of the command; the host's sshd has to accept them (<c>AcceptEnv</c>).</summary>
    public InputMap<string> Environment
    {
        get => _environment ??= new();
        set => _environment = value;
    }

    [Input("triggers")]
    private InputList<object>? _triggers;

    /// <summary>Values whose change replaces the resource.</summary>
    public InputList<object> Triggers
    {
        get => _triggers ??= new();
        set => _triggers = value;
    }

    /// <summary>Which of its outputs are shown while it runs; both by default.</summary>
    [Input("logging")]
    public Input<Logging>? Logging { get; set; }

    /// <summary>Whether update and delete see the outputs of the run before in <c>PULUMI_COMMAND_STDOUT</c> and <c>PULUMI_COMMAND_STDERR</c>; true by default.</summary>
    [Input("addPreviousOutputInEnv")]
    public Input<bool>? AddPreviousOutputInEnv { get; set; }
}
