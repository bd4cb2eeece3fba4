using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Cli.Display.Markdown;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli;

/// <summary>Runs operations with the display that fits, and reports them. A preview and the update after it share the providers.</summary>
internal sealed class OperationRunner(CliHost host, CommandOptions options) : IAsyncDisposable
{
    private readonly IEngine _engine = host.Engine();
    private readonly IReadOnlyDictionary<string, IProvider> _providers = host.Providers();

    /// <summary>Runs one.</summary>
    /// <param name="job">The stack.</param>
    /// <param name="mode">What to do with it.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <param name="providersReady">What providers need is there once this ends; null where it is there.</param>
    public async Task<Run> RunAsync(Job job, OperationMode mode, CancellationToken cancellation, Task? providersReady = null)
    {
        var operation = new Operation
        {
            Mode = mode,
            Project = job.Session.Project.Name,
            Stack = job.Session.Stack,
            Program = mode is OperationMode.Destroy or OperationMode.PreviewDestroy ? null : ProgramFinder.Find(host, job.Session.Project, options.Program),
            Configuration = job.Configuration.Values,
            SecretKeys = job.Configuration.SecretKeys,
            Secrets = job.Configuration.Opened,
            Providers = _providers,
            ProvidersReady = providersReady ?? Task.CompletedTask,
            Before = job.Store.Loaded.Snapshot,
            Store = job.Store,
            Refresh = options.Refresh,
            ClearPendingCreates = options.ClearPendingCreates,
        };
        operation = options.Parallel is { } parallel ? operation with { Parallel = parallel } : operation;
        Note(mode switch
        {
            OperationMode.Preview => $"Previewing update ({job.Session.Stack}):",
            OperationMode.PreviewDestroy => $"Previewing destroy ({job.Session.Stack}):",
            OperationMode.Update => $"Updating ({job.Session.Stack}):",
            _ => $"Destroying ({job.Session.Stack}):",
        });
        var log = new OperationLog();
        var started = host.Clock.GetTimestamp();
        OperationResult result;
        var display = MakeDisplay(operation.IsPreview);
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

    public void Report(Job job, Run run)
    {
        if (options.Json)
        {
            host.Output.WriteLine(JsonReport.Make(job.Configuration, run));
            host.Output.Flush();
            return;
        }

        if (options.Diff)
        {
            DiffText.Write(host.Output, run.Changes());
        }
        else
        {
            host.Output.WriteLine();
        }

        Summary.Write(host.Output, run, job.Store.Loaded.Snapshot.StackOutputs);
        if (run.IsPreview && !options.Diff)
        {
            host.Output.WriteLine();
        }
    }

    /// <summary>Writes the Markdown of a preview where one is wanted.</summary>
    public async Task WriteMarkdownAsync(Run run, CancellationToken cancellation)
    {
        if (options.Markdown is { } file)
        {
            await File.WriteAllTextAsync(Path.GetFullPath(file, host.Directory), PreviewMarkdown.Make(run.Report()), cancellation);
        }
    }

    /// <summary>Says what is not the document of <c>--json</c>.</summary>
    public void Note(string line)
    {
        var writer = options.Json ? host.Error : host.Output;
        writer.WriteLine(line);
        writer.Flush();
    }

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

    // The differences of a preview name its resources once more.
    private IOperationDisplay? MakeDisplay(bool preview) =>
        options.Json || (preview && options.Diff) ? null
        : host.Live ? new TreeDisplay(host.Console, host.Clock, preview)
        : new PlainDisplay(host.Output, host.Clock, preview);
}
