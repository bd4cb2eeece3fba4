using System.CommandLine;
using System.CommandLine.Help;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands, their options and arguments.</summary>
internal sealed class CommandTree(CliHost host)
{
    private static readonly Uri DefaultLab = new("http://127.0.0.1:17900");

    private readonly Option<string> _stack = new("--stack", "-s") { Description = "The stack to work on.", DefaultValueFactory = _ => Passphrases.SelfMadeStack, Recursive = true, HelpName = "name" };
    private readonly Option<string?> _directory = new("--cwd", "-C") { Description = "Look for the project in this directory.", Recursive = true, HelpName = "directory" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Ask nothing and go on." };
    private readonly Option<bool> _skipPreview = new("--skip-preview", "-f") { Description = "Do not calculate a preview before the update." };
    private readonly Option<bool> _diff = new("--diff") { Description = "Show the differences: texts line by line, JSON key by key, what causes a replacement." };
    private readonly Option<int?> _parallel = new("--parallel", "-p") { Description = "How many resources to work on at once.", HelpName = "number" };
    private readonly Option<bool> _expectNoChanges = new("--expect-no-changes") { Description = "Fail where there are changes." };
    private readonly Option<bool> _refresh = new("--refresh", "-r") { Description = "Read every resource back first." };
    private readonly Option<bool> _clearPendingCreates = new("--clear-pending-creates") { Description = "Forget what an earlier run was interrupted at creating; look for it first." };
    private readonly Option<bool> _previewOnly = new("--preview-only") { Description = "Only show what would be deleted." };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "Write the preview into this file too, as a comment for a pull request.", HelpName = "file" };
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Print one JSON document." };
    private readonly Option<string?> _program = new("--program") { Description = "Run this built program in place of the project's own.", HelpName = "dll" };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Show secrets in clear." };

    /// <summary>The root command.</summary>
    public Command Make()
    {
        _parallel.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var number) || number < 1))
            {
                result.AddError($"--parallel takes a number from 1, not '{text}'");
            }
        });

        // A RootCommand would be called after this assembly in its help; people know the launcher.
        return new Command("mesos-stack", "Runs the cluster's Pulumi program with the embedded engine, against the local lab or against DigitalOcean.")
        {
            new HelpOption(),
            new VersionOption(),
            _stack,
            _directory,
            Operation("up", "Create or change the resources of a stack.", OperationMode.Update, _yes, _skipPreview, _diff, _parallel, _expectNoChanges, _refresh, _clearPendingCreates, _json, _program),
            Operation("preview", "Show what an update would change.", OperationMode.Preview, _diff, _parallel, _expectNoChanges, _refresh, _json, _markdown, _program),
            Operation("destroy", "Delete all resources of a stack.", OperationMode.Destroy, _yes, _previewOnly, _diff, _parallel, _refresh, _clearPendingCreates, _json, _markdown),
            Markdown(),
            Stack(),
            Config(),
            Lab(),
        };
    }

    private Command Operation(string name, string description, OperationMode mode, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            await using var operation = new OperationCommand(host, new OperationOptions
            {
                Stack = parsed.GetRequiredValue(_stack),
                Directory = parsed.GetValue(_directory),
                Yes = parsed.GetValue(_yes),
                SkipPreview = parsed.GetValue(_skipPreview),
                Markdown = parsed.GetValue(_markdown),
                Diff = parsed.GetValue(_diff),
                Parallel = parsed.GetValue(_parallel),
                ExpectNoChanges = parsed.GetValue(_expectNoChanges),
                Refresh = parsed.GetValue(_refresh),
                ClearPendingCreates = parsed.GetValue(_clearPendingCreates),
                Json = parsed.GetValue(_json),
                Program = parsed.GetValue(_program),
            });
            return await operation.RunAsync(mode == OperationMode.Destroy && parsed.GetValue(_previewOnly) ? OperationMode.PreviewDestroy : mode, cancellation);
        });
        if (mode == OperationMode.Destroy)
        {
            command.Validators.Add(result =>
            {
                if (result.GetResult(_markdown) is not null && !result.GetValue(_previewOnly))
                {
                    result.AddError("--markdown tells of a preview: pass --preview-only with it");
                }
            });
        }

        return command;
    }

    private Command Markdown()
    {
        var file = new Argument<string>("file") { Description = "What `preview --json` printed, of this program or of the official CLI; '-' for standard input.", DefaultValueFactory = _ => MarkdownCommand.StandardStream };
        var output = new Option<string?>("--output", "-o") { Description = "Write it into this file; to standard output where it is left out.", HelpName = "file" };
        var command = new Command("markdown", "Turn the JSON of a preview into a comment for a pull request: pulumi preview --json | mesos-stack markdown") { file, output };
        command.SetAction((parsed, cancellation) => new MarkdownCommand(host).RunAsync(parsed.GetRequiredValue(file), parsed.GetValue(output), cancellation));
        return command;
    }

    private Command Stack()
    {
        var name = new Argument<string?>("name") { Description = "Only this output.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Command("output", "Show the outputs of a stack.") { name, _json, _showSecrets };
        output.SetAction((parsed, cancellation) => StackCommands.OutputAsync(host, Session(parsed), parsed.GetValue(name), parsed.GetValue(_json), parsed.GetValue(_showSecrets), cancellation));
        var export = new Command("export", "Print the state of a stack, as the official CLI imports it.") { _showSecrets };
        export.SetAction((parsed, cancellation) => StackCommands.ExportAsync(host, Session(parsed), parsed.GetValue(_showSecrets), cancellation));
        var newName = new Argument<string>("new-name") { Description = "The name to be." };
        var rename = new Command("rename", "Give a stack another name.") { newName };
        rename.SetAction((parsed, cancellation) => StackRename.RunAsync(host, Session(parsed), parsed.GetRequiredValue(newName), cancellation));
        return new Command("stack", "Look at a stack, or rename it.") { output, export, rename };
    }

    private Command Config()
    {
        var key = new Argument<string>("key") { Description = "The setting; without a namespace it is the project's." };
        var get = new Command("get", "Print a setting.") { key };
        get.SetAction((parsed, _) => Task.FromResult(StackCommands.GetConfig(host, Session(parsed), parsed.GetRequiredValue(key))));
        var value = new Argument<string?>("value") { Description = "The value; asked for, or read from standard input, where it is left out.", Arity = ArgumentArity.ZeroOrOne };
        var secret = new Option<bool>("--secret") { Description = "Seal the value." };
        var set = new Command("set", "Write a setting into the stack's file.") { key, value, secret };
        set.SetAction((parsed, cancellation) => StackCommands.SetConfigAsync(host, Session(parsed), parsed.GetRequiredValue(key), parsed.GetValue(value), parsed.GetValue(secret), cancellation));
        return new Command("config", "Read and write settings of a stack.") { get, set };
    }

    private Command Lab()
    {
        var name = new Argument<string>("name") { Description = "The droplet." };
        var rest = new Argument<string[]>("command") { Description = "What to run there; a shell where it is left out.", Arity = ArgumentArity.ZeroOrMore };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with new lines until interrupted." };
        var optionsFile = new Argument<string>("options") { Description = "A file of the lab's options." };
        var start = new Command("start", "Start it in the background.");
        start.SetAction((parsed, cancellation) => StartAsync(LabOf(parsed), cancellation));
        var stop = new Command("stop", "Stop it and remove all that it made.");
        stop.SetAction((parsed, _) => StopAsync(LabOf(parsed)));
        var status = new Command("status", "Show what is there.");
        status.SetAction(parsed => Status(LabOf(parsed)));
        var ssh = new Command("ssh", "Open a shell on a droplet, or run a command there.") { name, rest };
        ssh.SetAction((parsed, _) => LabOf(parsed).ShellAsync(parsed.GetRequiredValue(name), parsed.GetValue(rest) ?? []));
        var logs = new Command("logs", "Show a droplet's journal.") { name, follow };
        logs.SetAction((parsed, _) => LabOf(parsed).LogsAsync(parsed.GetRequiredValue(name), parsed.GetValue(follow)));
        var serve = new Command("serve", "Be the lab, until stopped.") { optionsFile };
        serve.Hidden = true;
        serve.SetAction((parsed, cancellation) => host.ServeLab(parsed.GetRequiredValue(optionsFile), cancellation));
        return new Command("lab", "The local DigitalOcean.") { start, stop, status, ssh, logs, serve };
    }

    private async Task<int> StartAsync(ILab lab, CancellationToken cancellation)
    {
        if (lab.IsRunning())
        {
            host.Output.WriteLine("The lab is running.");
        }
        else
        {
            await lab.StartAsync(host.Output.WriteLine, cancellation);
            await lab.WaitUntilReadyAsync(cancellation);
        }

        return ExitCodes.Success;
    }

    private async Task<int> StopAsync(ILab lab)
    {
        host.Output.WriteLine(await lab.StopAsync(host.Output.WriteLine) ? "The lab is gone." : "There is no lab to stop.");
        return ExitCodes.Success;
    }

    private int Status(ILab lab)
    {
        foreach (var line in lab.Status())
        {
            host.Output.WriteLine(line);
        }

        return ExitCodes.Success;
    }

    // The lab at the stack's own address where it has one, else at the usual one.
    private ILab LabOf(ParseResult parsed)
    {
        var session = Session(parsed);
        var endpoint = StackConfiguration.Find(session.Project, session.File, StackSession.ApiEndpointKey, session.OpenSealed);
        return host.Lab(StackSession.LoopbackAddress(endpoint) ?? DefaultLab);
    }

    private StackSession Session(ParseResult parsed) =>
        StackSession.Open(host, parsed.GetValue(_directory), parsed.GetRequiredValue(_stack), unattended: false);
}
