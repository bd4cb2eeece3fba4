using System.Globalization;
using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>The options that <c>up</c>, <c>preview</c> and <c>destroy</c> share.</summary>
internal sealed record OperationOptions
{
    /// <summary>The stack's short name.</summary>
    public required string Stack { get; init; }

    /// <summary>Where to look for the project; null for the current directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Ask nobody.</summary>
    public bool Yes { get; init; }

    /// <summary>Update without a preview.</summary>
    public bool SkipPreview { get; init; }

    /// <summary>Show properties.</summary>
    public bool Diff { get; init; }

    /// <summary>How many resources at once; null for the engine's choice.</summary>
    public int? Parallel { get; init; }

    /// <summary>Fail where anything changes.</summary>
    public bool ExpectNoChanges { get; init; }

    /// <summary>Read everything back first.</summary>
    public bool Refresh { get; init; }

    /// <summary>One JSON document instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>A built program to run in place of the project's.</summary>
    public string? Program { get; init; }
}

/// <summary>Runs <c>up</c>, <c>preview</c> and <c>destroy</c>.</summary>
internal sealed class OperationCommand(CliHost host, OperationOptions options)
{
    private const string DropletType = "digitalocean:index/droplet:Droplet";
    private const string ProgramVariable = "MESOS_STACK_PROGRAM";

    private readonly IEngine _engine = host.Engine();
    private readonly IReadOnlyDictionary<string, IProvider> _providers = host.Providers();

    /// <summary>Runs one; gives the exit code.</summary>
    public async Task<int> RunAsync(OperationMode mode, CancellationToken cancellation)
    {
        if (mode != OperationMode.Preview && !options.Yes && (!host.Interactive || options.Json))
        {
            throw new CommandException("nobody can be asked here: pass --yes to go on without a question", ExitCodes.Configuration);
        }

        var session = StackSession.Open(host, options.Directory, options.Stack, unattended: options.Yes);
        session.RequireFileOrState();
        using var held = mode == OperationMode.Preview ? null : await session.Backend.LockAsync(session.Project.Name, session.Stack, host.Error.WriteLine, cancellation);
        var configuration = session.LoadConfiguration();
        using var store = await session.OpenStateAsync(cancellation);
        var lab = StackSession.LabAddress(configuration) is { } address ? host.Lab(address) : null;
        var job = new Job(session, configuration, store, lab);
        try
        {
            return mode switch
            {
                OperationMode.Preview => await PreviewAsync(job, cancellation),
                OperationMode.Update => await UpdateAsync(job, cancellation),
                _ => await DestroyAsync(job, cancellation),
            };
        }
        finally
        {
            foreach (var provider in _providers.Values)
            {
                await DisposeAsync(provider);
            }
        }
    }

    private async Task<int> PreviewAsync(Job job, CancellationToken cancellation)
    {
        if (options.Refresh)
        {
            await StartLabAsync(job.Lab, cancellation);
        }

        var run = await RunAsync(job, OperationMode.Preview, cancellation);
        Report(job, run);
        return ExitCode(run, cancellation);
    }

    private async Task<int> UpdateAsync(Job job, CancellationToken cancellation)
    {
        // A stack that has resources is meant to be there when `up` ends, changes or not.
        if (options.Refresh || !job.Store.Loaded.Snapshot.Resources.IsEmpty)
        {
            await StartLabAsync(job.Lab, cancellation);
        }

        // Else all would be found unchanged, since the state is not read anew.
        if (!options.Refresh && job.Lab is { } lab && job.Store.Loaded.Snapshot.Resources.Any(r => r.Type == DropletType) && lab.CountDroplets() == 0)
        {
            throw new CommandException(
                "the lab holds no droplet any more, but the state of the stack does, as after `lab stop`. A cluster that is lost as a whole is made anew by `destroy` and then `up`; single hosts by `up --refresh`");
        }

        if (!options.SkipPreview)
        {
            var preview = await RunAsync(job, OperationMode.Preview, cancellation);
            var unchanged = IsUnchanged(job, preview);
            if (!preview.Result.Succeeded || cancellation.IsCancellationRequested || unchanged)
            {
                Report(job, preview with { Mode = unchanged ? OperationMode.Update : OperationMode.Preview });
                return ExitCode(preview, cancellation);
            }

            if (!options.Json)
            {
                Report(job, preview);
            }

            if (!options.Yes && !await ConfirmAsync("Do you want to perform this update?", preview.Log.Steps.Where(s => Words.Changes(s.Kind)), cancellation))
            {
                throw new CommandException("the update was declined", ExitCodes.Cancelled);
            }
        }

        await StartLabAsync(job.Lab, cancellation);
        var run = await RunAsync(job, OperationMode.Update, cancellation);
        Report(job, run);
        return ExitCode(run, cancellation);
    }

    private async Task<int> DestroyAsync(Job job, CancellationToken cancellation)
    {
        var resources = job.Store.Loaded.Snapshot.Resources;
        var code = ExitCodes.Success;
        if (resources.IsEmpty && job.Store.Loaded.Snapshot.PendingOperations.IsEmpty)
        {
            host.Output.WriteLine($"Stack {job.Session.Stack} has no resources.");
        }
        else
        {
            var steps = resources.Reverse().Select(r => new Step(StepKind.Delete, r.Urn, r.Type, r, null, new Dictionary<string, PropertyDiff>())).ToList();
            if (!options.Yes)
            {
                foreach (var step in steps)
                {
                    host.Output.WriteLine($"-  {Words.Type(step.Type)} {Words.Name(step.Urn)}");
                }

                if (!await ConfirmAsync($"Do you want to delete these {steps.Count.ToString(CultureInfo.InvariantCulture)} resources of stack {job.Session.Stack}?", steps, cancellation))
                {
                    throw new CommandException("the deletion was declined", ExitCodes.Cancelled);
                }
            }

            await StartLabAsync(job.Lab, cancellation);
            var run = await RunAsync(job, OperationMode.Destroy, cancellation);
            Report(job, run);
            code = ExitCode(run, cancellation);
        }

        if (code == ExitCodes.Success && job.Lab is { } lab && lab.IsRunning() && lab.CountDroplets() == 0)
        {
            await lab.StopAsync(Note);
        }

        return code;
    }

    private async Task<Run> RunAsync(Job job, OperationMode mode, CancellationToken cancellation)
    {
        var operation = new Operation
        {
            Mode = mode,
            Project = job.Session.Project.Name,
            Stack = job.Session.Stack,
            Program = mode == OperationMode.Destroy ? null : Program(job.Session.Project),
            Configuration = job.Configuration.Values,
            SecretKeys = job.Configuration.SecretKeys,
            Providers = _providers,
            Before = job.Store.Loaded.Snapshot,
            Store = job.Store,
            Refresh = options.Refresh,
        };
        operation = options.Parallel is { } parallel ? operation with { Parallel = parallel } : operation;
        Note(mode switch
        {
            OperationMode.Preview => $"Previewing update ({job.Session.Stack}):",
            OperationMode.Update => $"@ updating ({job.Session.Stack}):",
            _ => $"@ destroying ({job.Session.Stack}):",
        });
        var log = new OperationLog();
        var started = host.Clock.GetTimestamp();
        OperationResult result;
        var display = MakeDisplay(mode);
        await using (display)
        {
            result = await _engine.RunAsync(
                operation,
                news =>
                {
                    log.Add(news);
                    display?.Show(news);
                },
                cancellation);
        }

        return new Run(mode, log, result, host.Clock.GetElapsedTime(started));
    }

    private IOperationDisplay? MakeDisplay(OperationMode mode) =>
        options.Json ? null
        : host.Live ? new TreeDisplay(host.Console, host.Clock, preview: mode == OperationMode.Preview)
        : new PlainDisplay(host.Output, host.Clock, preview: mode == OperationMode.Preview);

    private void Report(Job job, Run run)
    {
        if (options.Json)
        {
            host.Output.WriteLine(JsonReport.Make(job.Configuration, run.Log, run.Result, run.Took));
            host.Output.Flush();
            return;
        }

        host.Output.WriteLine();
        if (options.Diff)
        {
            foreach (var line in run.Log.Steps.Where(s => Words.Changes(s.Kind)).SelectMany(DiffText.Lines))
            {
                host.Output.WriteLine(line);
            }

            host.Output.WriteLine();
        }

        Summary.Write(host.Output, run.Mode, run.Log, run.Result, run.Took);
    }

    private int ExitCode(Run run, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            host.Error.WriteLine("error: stopped on request; what was done is in the state");
            return ExitCodes.Cancelled;
        }

        if (!run.Result.Succeeded)
        {
            return ExitCodes.Failure;
        }

        if (options.ExpectNoChanges && HasChanges(run.Result))
        {
            host.Error.WriteLine($"error: no changes were expected but changes {(run.Mode == OperationMode.Preview ? "were proposed" : "occurred")}");
            return ExitCodes.UnexpectedChanges;
        }

        return ExitCodes.Success;
    }

    // Nothing that an update could do: no change of a resource, an output or an option, and nothing left over from a run that was killed.
    private bool IsUnchanged(Job job, Run preview) =>
        !options.Refresh && preview.Result.Succeeded && !HasChanges(preview.Result) && !preview.Result.OutputsChanged && !preview.Result.StateChanged && job.Store.Loaded.Snapshot.PendingOperations.IsEmpty;

    private static bool HasChanges(OperationResult result) => result.Counts.Any(c => c.Value > 0 && Words.Changes(c.Key));

    private async Task<bool> ConfirmAsync(string question, IEnumerable<Step> steps, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var prompt = new SelectionPrompt<string>().Title(Markup.Escape(question)).AddChoices("yes", "no", "details").DefaultValue("no");
                var answer = await host.Console.PromptAsync(prompt, cancellation);
                if (answer != "details")
                {
                    return answer == "yes";
                }

                foreach (var line in steps.SelectMany(DiffText.Lines))
                {
                    host.Output.WriteLine(line);
                }
            }
        }
        finally
        {
            // A prompt that is interrupted leaves it hidden.
            host.Console.Cursor.Show();
        }
    }

    private async Task StartLabAsync(ILab? lab, CancellationToken cancellation)
    {
        if (lab is not null && !lab.IsRunning())
        {
            await lab.StartAsync(Note, cancellation);
        }
    }

    // News that is not the document of --json.
    private void Note(string line)
    {
        var writer = options.Json ? host.Error : host.Output;
        writer.WriteLine(line);
        writer.Flush();
    }

    private ProgramCommand Program(Project project)
    {
        var directory = Path.GetFullPath(project.Main, project.Directory);
        var file = options.Program is { } asked ? Path.GetFullPath(asked, host.Directory)
            : host.Environment(ProgramVariable) is { Length: > 0 } built ? Path.GetFullPath(built, host.Directory)
            : project.Binary is { } binary ? Path.GetFullPath(binary, directory)
            : throw new CommandException("no program to run: give one with --program, or use the launcher ./mesos-stack, which builds it", ExitCodes.Configuration);
        if (!File.Exists(file))
        {
            throw new CommandException($"the program {file} is not there", ExitCodes.Configuration);
        }

        return file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new ProgramCommand(DotnetHost(), [file], directory)
            : new ProgramCommand(file, [], directory);
    }

    private string DotnetHost() =>
        host.Environment("DOTNET_HOST_PATH") is { Length: > 0 } path ? path
        : Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet" ? System.Environment.ProcessPath!
        : "dotnet";

    private static async ValueTask DisposeAsync(IProvider provider)
    {
        if (provider is IAsyncDisposable async)
        {
            await async.DisposeAsync();
        }
        else
        {
            (provider as IDisposable)?.Dispose();
        }
    }

    private sealed record Job(StackSession Session, StackConfiguration Configuration, StackStore Store, ILab? Lab);

    private sealed record Run(OperationMode Mode, OperationLog Log, OperationResult Result, TimeSpan Took);
}
