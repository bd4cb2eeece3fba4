using System.CommandLine;
using System.CommandLine.Help;
using MesosStack.Embedded.Cli.Status;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli;

/// <summary>The verbs and their arguments. Their options stand in <see cref="CommandOptions"/>.</summary>
internal sealed class CommandTree(CliHost host)
{
    private readonly OptionTable _options = new();

    public Command Make()
    {
        // A RootCommand would be called after this assembly in its help; people know the launcher.
        var root = new Command("mesos-stack", "Runs the cluster's Pulumi program with the embedded engine, against the local lab or against DigitalOcean.")
        {
            new HelpOption(),
            new VersionOption(),
            Operation(Verbs.Up, "up", "Create or change the resources of a stack.", OperationMode.Update),
            Operation(Verbs.Preview, "preview", "Show what an update would change.", OperationMode.Preview),
            Destroy(),
            Verb(Verbs.Status, "status", "Show what the clusters of a stack are now; fails where something is wrong.", (options, _, cancellation) => StatusCommand.RunAsync(host, Session(options), options, cancellation)),
            Markdown(),
            Stack(),
            Config(),
            Lab(),
        };
        AddOptions(root, Verbs.Every);
        return root;
    }

    private Command Operation(Verbs verb, string name, string description, OperationMode mode) => Verb(verb, name, description, async (options, _, cancellation) =>
    {
        await using var operation = new OperationCommand(host, options);
        return await operation.RunAsync(options.PreviewOnly ? OperationMode.PreviewDestroy : mode, cancellation);
    });

    private Command Destroy()
    {
        var destroy = Operation(Verbs.Destroy, "destroy", "Delete all resources of a stack.", OperationMode.Destroy);
        destroy.Validators.Add(result =>
        {
            if (result.GetResult("--markdown") is not null && !result.GetValue<bool>("--preview-only"))
            {
                result.AddError("--markdown tells of a preview: pass --preview-only with it");
            }
        });
        return destroy;
    }

    private Command Markdown()
    {
        var file = new Argument<string>("file") { Description = "What `preview --json` printed, of this program or of the official CLI; '-' for standard input.", DefaultValueFactory = _ => MarkdownCommand.StandardStream };
        return Verb(
            Verbs.Markdown,
            "markdown",
            "Turn the JSON of a preview into a comment for a pull request: pulumi preview --json | mesos-stack markdown",
            (options, parsed, cancellation) => MarkdownCommand.RunAsync(host, parsed.GetRequiredValue(file), options.Output, cancellation),
            file);
    }

    private Command Stack()
    {
        var name = new Argument<string?>("name") { Description = "Only this output.", Arity = ArgumentArity.ZeroOrOne };
        var newName = new Argument<string>("new-name") { Description = "The name to be." };
        return new Command("stack", "Look at a stack, or rename it.")
        {
            Verb(Verbs.StackOutput, "output", "Show the outputs of a stack.", (options, parsed, cancellation) => StackCommands.OutputAsync(host, Session(options), parsed.GetValue(name), options, cancellation), name),
            Verb(Verbs.StackExport, "export", "Print the state of a stack, as the official CLI imports it.", (options, _, cancellation) => StackCommands.ExportAsync(host, Session(options), options.ShowSecrets, cancellation)),
            Verb(Verbs.None, "rename", "Give a stack another name.", (options, parsed, cancellation) => StackRename.RunAsync(host, Session(options), parsed.GetRequiredValue(newName), cancellation), newName),
        };
    }

    private Command Config()
    {
        var key = new Argument<string>("key") { Description = "The setting; without a namespace it is the project's." };
        var value = new Argument<string?>("value") { Description = "The value; asked for, or read from standard input, where it is left out.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("config", "Read and write settings of a stack.")
        {
            Verb(Verbs.None, "get", "Print a setting.", (options, parsed, _) => ConfigCommands.GetAsync(host, Session(options), parsed.GetRequiredValue(key)), key),
            Verb(
                Verbs.ConfigSet,
                "set",
                "Write a setting into the stack's file.",
                (options, parsed, cancellation) => ConfigCommands.SetAsync(host, Session(options), parsed.GetRequiredValue(key), parsed.GetValue(value), options.Secret, cancellation),
                key,
                value),
        };
    }

    private Command Lab()
    {
        var name = new Argument<string>("name") { Description = "The droplet." };
        var command = new Argument<string[]>("command") { Description = "What to run there; a shell where it is left out.", Arity = ArgumentArity.ZeroOrMore };
        var optionsFile = new Argument<string>("options") { Description = "A file of the lab's options." };
        var serve = Verb(Verbs.None, "serve", "Be the lab, until stopped.", (_, parsed, cancellation) => host.ServeLab(parsed.GetRequiredValue(optionsFile), cancellation), optionsFile);
        serve.Hidden = true;
        return new Command("lab", "The local DigitalOcean.")
        {
            Verb(Verbs.None, "start", "Start it in the background.", (options, _, cancellation) => LabCommands.StartAsync(host, LabOf(options), cancellation)),
            Verb(Verbs.LabStop, "stop", "Stop it and remove all that it made.", (options, _, _) => LabCommands.StopAsync(host, LabOf(options), options.All)),
            Verb(Verbs.None, "status", "Show what is there.", (options, _, _) => LabCommands.StatusAsync(host, LabOf(options))),
            Verb(Verbs.None, "prune", "Remove the droplets of stacks whose folder is gone.", (options, _, cancellation) => LabCommands.PruneAsync(host, LabOf(options), cancellation)),
            Verb(Verbs.None, "power-on", "Switch a droplet on.", (options, parsed, _) => LabCommands.PowerOnAsync(host, LabOf(options), parsed.GetRequiredValue(name)), name),
            Verb(Verbs.None, "ssh", "Open a shell on a droplet, or run a command there.", (options, parsed, _) => LabOf(options).ShellAsync(parsed.GetRequiredValue(name), parsed.GetValue(command) ?? []), name, command),
            Verb(Verbs.LabLogs, "logs", "Show a droplet's journal.", (options, parsed, _) => LabOf(options).LogsAsync(parsed.GetRequiredValue(name), options.Follow), name),
            serve,
        };
    }

    private Command Verb(Verbs verb, string name, string description, Func<CommandOptions, ParseResult, CancellationToken, Task<int>> run, params Argument[] arguments)
    {
        var command = new Command(name, description);
        Array.ForEach(arguments, command.Add);
        AddOptions(command, verb);
        command.SetAction((parsed, cancellation) => run(_options.Read(parsed), parsed, cancellation));
        return command;
    }

    private void AddOptions(Command command, Verbs verb)
    {
        foreach (var option in _options.Of(verb))
        {
            command.Add(option);
        }
    }

    private ILab LabOf(CommandOptions options) => LabCommands.Of(host, Session(options));

    private StackSession Session(CommandOptions options) => StackSession.Open(host, options.Directory, options.Stack, unattended: false);
}
