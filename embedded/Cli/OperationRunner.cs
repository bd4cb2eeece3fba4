using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli;

/// <summary>The stack that a command works on, everything of it open.</summary>
internal sealed record Job(StackSession Session, StackConfiguration Configuration, StackStore Store, ILab? Lab);

/// <summary>An operation that has run.</summary>
internal sealed record Run(OperationMode Mode, OperationLog Log, OperationResult Result, TimeSpan Took)
{
    /// <summary>Whether it changed anything, or would.</summary>
    public bool HasChanges => Log.Steps.Any(s => Words.Changes(s.Kind));
}

/// <summary>Runs operations with the display that fits, and reports them. A preview and the update after it share the providers.</summary>
internal sealed class OperationRunner(CliHost host, OperationOptions options) : IAsyncDisposable
{
    private readonly IEngine _engine = host.Engine();
    private readonly IReadOnlyDictionary<string, IProvider> _providers = host.Providers();

    /// <summary>Runs one.</summary>
    public async Task<Run> RunAsync(Job job, OperationMode mode, CancellationToken cancellation)
    {
        var operation = new Operation
        {
            Mode = mode,
            Project = job.Session.Project.Name,
            Stack = job.Session.Stack,
            Program = mode == OperationMode.Destroy ? null : new ProgramFinder(host).Find(job.Session.Project, options.Program),
            Configuration = job.Configuration.Values,
            SecretKeys = job.Configuration.SecretKeys,
            Secrets = job.Configuration.Opened,
            Providers = _providers,
            Before = job.Store.Loaded.Snapshot,
            Store = job.Store,
            Refresh = options.Refresh,
            ClearPendingCreates = options.ClearPendingCreates,
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

    /// <summary>Shows what came of one.</summary>
    public void Report(Job job, Run run)
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

    /// <summary>Says what is not the document of <c>--json</c>.</summary>
    public void Note(string line)
    {
        var writer = options.Json ? host.Error : host.Output;
        writer.WriteLine(line);
        writer.Flush();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers.Values)
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
    }

    private IOperationDisplay? MakeDisplay(OperationMode mode) =>
        options.Json ? null
        : host.Live ? new TreeDisplay(host.Console, host.Clock, preview: mode == OperationMode.Preview)
        : new PlainDisplay(host.Output, host.Clock, preview: mode == OperationMode.Preview);
}
