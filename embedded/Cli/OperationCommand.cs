using System.Globalization;
using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Cli;

/// <summary>The course of <c>up</c>, <c>preview</c> and <c>destroy</c>: what is asked, started and run, in which order.</summary>
internal sealed class OperationCommand(CliHost host, CommandOptions options) : IAsyncDisposable
{
    private readonly OperationRunner _runner = new(host, options);
    private IDisposable? _labUse;

    // Without a preview there is nothing to confirm.
    private bool AsksNobody => options.Yes || options.SkipPreview;

    /// <summary>Runs one; gives the exit code.</summary>
    public async Task<int> RunAsync(OperationMode mode, CancellationToken cancellation)
    {
        var preview = mode is OperationMode.Preview or OperationMode.PreviewDestroy;
        if (!preview && !AsksNobody && (!host.Interactive || options.Json))
        {
            throw new CommandException("nobody can be asked here: pass --yes to go on without a question", ExitCodes.Configuration);
        }

        var session = StackSession.Open(host, options.Directory, options.Stack, unattended: options.Yes);
        session.RequireFileOrState();
        using var held = preview ? null : await session.Backend.LockAsync(session.Project.Name, session.Stack, mode == OperationMode.Destroy ? "destroy" : "up", host.Error.WriteLine, cancellation);
        var destroy = mode is OperationMode.Destroy or OperationMode.PreviewDestroy;
        var withoutFile = destroy && !session.File.Exists;
        var settings = withoutFile ? null : session.LoadConfiguration();
        using var store = await session.OpenStateAsync(cancellation);
        if (!session.File.Exists)
        {
            host.Error.WriteLine(WithoutFile(session.File.Name, destroy));
        }

        // To delete needs no program. What the providers need, the state knows.
        var configuration = settings ?? StackConfiguration.OfProviders(store.Loaded.Snapshot);
        if (held is not null)
        {
            await store.FoldAsync(cancellation);
        }

        var lab = StackSession.LabAddress(configuration) is { } address ? host.Lab(address, session.LabUser) : null;
        var job = new Job(session, configuration, store, lab);
        return mode switch
        {
            _ when preview => await PreviewAsync(job, mode, cancellation),
            OperationMode.Update => await UpdateAsync(job, cancellation),
            _ => await DestroyAsync(job, cancellation),
        };
    }

    private static string WithoutFile(string name, bool destroy) => destroy
        ? $"warning: {name} is gone. The settings of the providers are taken from the state, and a token that does not stand there from the environment variable DIGITALOCEAN_TOKEN."
        : $"warning: {name} is gone, though the stack has a state: every setting has its default. Put the file back before anything is changed; `destroy` works without it.";

    public ValueTask DisposeAsync()
    {
        _labUse?.Dispose();
        return _runner.DisposeAsync();
    }

    private async Task<int> PreviewAsync(Job job, OperationMode mode, CancellationToken cancellation)
    {
        if (options.Refresh)
        {
            await StartLabAsync(job.Lab, cancellation);
        }

        var run = await _runner.RunAsync(job, mode, cancellation);
        _runner.Report(job, run);
        await _runner.WriteMarkdownAsync(run, cancellation);
        return ExitCode(run, cancellation);
    }

    private async Task<int> UpdateAsync(Job job, CancellationToken cancellation)
    {
        var living = !job.Store.Loaded.Snapshot.Resources.IsEmpty;

        // Where all is to be made, secrets are made, too: without a passphrase there is no use in beginning.
        var sealing = living ? Task.CompletedTask : job.Store.PrepareSealingAsync();

        // A stack that has resources is meant to be there when `up` ends, changes or not.
        if (options.Refresh || living)
        {
            await StartLabAsync(job.Lab, cancellation);
        }

        // Else all would be found unchanged, since the state is not read anew.
        var known = job.Store.Loaded.Snapshot.Resources.Where(r => r.Type == ResourceTypes.Droplet).Select(r => r.Id).ToList();
        if (!options.Refresh && job.Lab is { } lab && known.Count > 0 && !lab.DropletIds().Intersect(known, StringComparer.Ordinal).Any())
        {
            throw new CommandException(
                "the lab holds no droplet of this stack any more, but its state does, as after `lab stop`. A cluster that is lost as a whole is made anew by `destroy` and then `up`; single hosts by `up --refresh`");
        }

        if (!options.SkipPreview)
        {
            var preview = await _runner.RunAsync(job, OperationMode.Preview, cancellation);
            await sealing;
            var unchanged = IsUnchanged(preview);
            if (!preview.Result.Succeeded || cancellation.IsCancellationRequested || unchanged)
            {
                _runner.Report(job, preview with { Mode = unchanged ? OperationMode.Update : OperationMode.Preview });
                return ExitCode(preview, cancellation);
            }

            if (!options.Json)
            {
                _runner.Report(job, preview);
            }

            if (!AsksNobody && !await Confirmation.AskAsync(host, "Do you want to perform this update?", preview.Changes(), cancellation))
            {
                throw new CommandException("the update was declined", ExitCodes.Cancelled);
            }
        }

        // The passphrase is asked for now: no prompt is possible while the tree is drawn, and something exists when the first secret is saved.
        await job.Store.PrepareSealingAsync();
        var labReady = await LaunchLabAsync(job.Lab, cancellation);
        var run = await _runner.RunAsync(job, OperationMode.Update, cancellation, labReady);
        await labReady;
        _runner.Report(job, run);
        return ExitCode(run, cancellation);
    }

    private async Task<int> DestroyAsync(Job job, CancellationToken cancellation)
    {
        var before = job.Store.Loaded.Snapshot;
        var code = ExitCodes.Success;
        if (before.Resources.IsEmpty && before.PendingOperations.IsEmpty)
        {
            host.Output.WriteLine($"Stack {job.Session.Stack} has no resources.");
        }
        else
        {
            if (!options.Yes)
            {
                await ConfirmDestroyAsync(job, cancellation);
            }

            await StartLabAsync(job.Lab, cancellation);
            var run = await _runner.RunAsync(job, OperationMode.Destroy, cancellation);
            _runner.Report(job, run);
            code = ExitCode(run, cancellation);
        }

        if (code == ExitCodes.Success && job.Lab is { } lab && lab.IsRunning())
        {
            await lab.StopIfUnusedAsync(_runner.Note);
        }

        return code;
    }

    // Resources that are deleted already, or that no program declared, leave the state without a question.
    private async Task ConfirmDestroyAsync(Job job, CancellationToken cancellation)
    {
        if (options.Refresh)
        {
            await StartLabAsync(job.Lab, cancellation);
        }

        var preview = await _runner.RunAsync(job, OperationMode.PreviewDestroy, cancellation);
        if (!preview.HasChanges)
        {
            return;
        }

        _runner.Report(job, preview);
        var changes = preview.Changes();
        var count = changes.Count(c => c.Kind == StepKind.Delete).ToString(CultureInfo.InvariantCulture);
        if (!await Confirmation.AskAsync(host, $"Do you want to delete these {count} resources of stack {job.Session.Stack}?", changes, cancellation))
        {
            throw new CommandException("the deletion was declined", ExitCodes.Cancelled);
        }
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

        if (options.ExpectNoChanges && run.HasChanges)
        {
            host.Error.WriteLine($"error: no changes were expected but changes {(run.IsPreview ? "were proposed" : "occurred")}");
            return ExitCodes.UnexpectedChanges;
        }

        return ExitCodes.Success;
    }

    // Nothing that an update could do: no change of a resource, an output, an option or anything else that the state remembers.
    private bool IsUnchanged(Run preview) =>
        !options.Refresh && preview.Result.Succeeded && !preview.HasChanges && !preview.Result.OutputsChanged && !preview.Result.StateChanged;

    private async Task StartLabAsync(ILab? lab, CancellationToken cancellation) => await await LaunchLabAsync(lab, cancellation);

    // The task inside ends once the lab answers.
    private async Task<Task> LaunchLabAsync(ILab? lab, CancellationToken cancellation)
    {
        if (lab is null)
        {
            return Task.CompletedTask;
        }

        _labUse ??= await lab.UseAsync(_runner.Note, cancellation);
        if (lab.IsRunning())
        {
            return Task.CompletedTask;
        }

        await lab.StartAsync(_runner.Note, cancellation);
        return lab.WaitUntilReadyAsync(cancellation);
    }
}
