using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Execution;
using MesosStack.Embedded.Engine.Launch;
using MesosStack.Embedded.Engine.Monitor;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Operations;

/// <summary>One operation from its start to its end.</summary>
internal sealed class OperationRun : IDisposable
{
    // How long a program may take to end once the engine has answered its last request.
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Operation _operation;
    private readonly IProgramHost _host;
    private readonly ProviderSet _providers;
    private readonly TimeProvider _clock;
    private readonly SecretMask _mask = new();
    private readonly EventSink _events;
    private readonly RunControl _control;
    private readonly IStateStore? _store;
    private Snapshot _before;
    private SnapshotKeeper _keeper;
    private Func<string, bool> _takenOver = _ => false;

    public OperationRun(Operation operation, IProgramHost host, ProviderSet providers, Action<EngineEvent> events, TimeProvider clock)
    {
        (_operation, _host, _providers, _clock) = (operation, host, providers, clock);
        _control = new RunControl(clock);
        var before = WithInterruptedUpdates(operation.Before);
        _before = operation.ClearPendingCreates ? before with { PendingOperations = [] } : before;
        _events = new EventSink(events, _mask);
        _store = operation.IsPreview ? null : operation.Store;
        _keeper = new SnapshotKeeper(_before, _store, changed: _before.PendingOperations.Length < operation.Before.PendingOperations.Length);
        foreach (var secret in operation.SecretKeys.Select(key => operation.Configuration.GetValueOrDefault(key, "")).Concat(operation.Secrets))
        {
            _mask.Add(secret);
        }
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="IOException">The state could not be saved.</exception>
    public async Task<OperationResult> ExecuteAsync(CancellationToken cancellation)
    {
        try
        {
            using var stop = cancellation.Register(Cancel);
            return await RunAsync();
        }
        finally
        {
            await _events.EndAsync();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _control.Dispose();

    private async Task<OperationResult> RunAsync()
    {
        foreach (var state in _before.Resources)
        {
            _mask.Add(state.Inputs);
            _mask.AddOutputs(state.Outputs, state.AdditionalSecretOutputs);
        }

        if (_operation.Refresh)
        {
            await _operation.ProvidersReady;
            await RefreshAsync();
        }

        var outputsBefore = _before.StackOutputs;
        var outputs = outputsBefore;
        if (!_control.Failed)
        {
            outputs = await WorkAsync(outputsBefore);
        }

        WarnOfInterrupted();
        await _keeper.FinishAsync();
        if (_control.Broken is { } broken)
        {
            throw broken;
        }

        if (_operation.ProvidersReady.IsFaulted)
        {
            await _operation.ProvidersReady;
        }

        if (!_control.Failed && !_operation.IsDestroy)
        {
            _events.Emit(new EngineEvent.StackOutputs(outputs));
        }

        var after = _operation.IsPreview ? _operation.Before : _keeper.Current;
        return new OperationResult(!_control.Failed, _events.Counts(), outputs, after, !outputs.Equals(_operation.Before.StackOutputs))
        {
            StateChanged = _keeper.Changed,
            Clean = _mask.Clean,
        };
    }

    // An interrupted update may or may not have taken effect. The state holds the old inputs, so a diff would find no change if the program went back to them. The mark makes the
    // engine update the resource again.
    private static Snapshot WithInterruptedUpdates(Snapshot snapshot)
    {
        var interrupted = snapshot.PendingOperations.Where(p => p.Kind == OperationKind.Updating).Select(p => p.Resource.Urn).ToHashSet(StringComparer.Ordinal);
        return interrupted.Count == 0
            ? snapshot
            : snapshot with { Resources = [.. snapshot.Resources.Select(r => interrupted.Contains(r.Urn) && !r.Delete ? r with { InitErrors = ["an update was interrupted"] } : r)] };
    }

    private void Cancel()
    {
        _events.Tell(
            DiagnosticSeverity.Warning,
            "",
            $"stopping: nothing new begins, and what runs ends first and is saved, a command on a host too; what does not answer is waited for {RunControl.GiveUpAfter.TotalSeconds} s longer");
        _control.Cancel();
    }

    // Interrupted creates stay in the state. They are the only record of resources that may exist and cost money.
    private void WarnOfInterrupted()
    {
        var left = _keeper.Current.PendingOperations
            .Where(p => _before.PendingOperations.Contains(p) && !_takenOver(p.Resource.Urn))
            .DistinctBy(p => p.Resource.Urn, StringComparer.Ordinal);
        foreach (var pending in left)
        {
            var name = pending.Resource.Inputs.GetValueOrDefault("name") is PropertyValue.Text text ? $" with the name '{text.Value}'" : "";
            _events.Tell(
                DiagnosticSeverity.Warning,
                pending.Resource.Urn,
                _control.Failed && !_operation.IsDestroy
                    ? $"an earlier run was interrupted while it created this, so it may be there{name}; a run that gets as far as to create it again looks for it"
                    : $"an earlier run was interrupted while it created this, so it may be there{name}, though nobody knows its id and nothing has taken it over since. Look for it, delete it by hand, and have it forgotten with --clear-pending-creates");
        }
    }

    private async Task RefreshAsync()
    {
        var refreshed = await new Refresher(_operation.Parallel, _providers, _events, _mask, _control, _clock).RunAsync(_before);
        if (refreshed.Resources.Length != _before.Resources.Length || refreshed.Resources.Zip(_before.Resources).Any(pair => !ReferenceEquals(pair.First, pair.Second)))
        {
            _before = refreshed;
            _keeper = new SnapshotKeeper(_before, _store, changed: true);
            await _keeper.SaveAsync();
        }
    }

    private async Task<PropertyMap> WorkAsync(PropertyMap outputsBefore)
    {
        var ledger = new Ledger(_operation.Project, _operation.Stack, _before);
        using var executor = new StepExecutor(_operation, _providers, _keeper, _events, _mask, _control, _clock);
        _takenOver = executor.HasTakenOver;
        var deleter = new Deleter(ledger, executor, _events, _control);
        if (_operation.IsDestroy)
        {
            await deleter.RunAsync();
            return _keeper.Current.StackOutputs;
        }

        var defaults = new DefaultProviders(ledger, _providers, _keeper, _clock);
        var planner = new StepPlanner(ledger, _providers, defaults, _events);
        using var registrar = new Registrar(ledger, planner, executor, _keeper, _events, _control);
        var command = _operation.Program ?? throw new InvalidOperationException("an update or a preview needs a program");

        var outputs = outputsBefore;
        await RunProgramAsync(command, registrar, async () =>
        {
            await registrar.DrainAsync();
            if (!_control.Failed)
            {
                await deleter.RunAsync();
            }

            outputs = KeepOutputs(registrar, outputsBefore);
            await _keeper.SaveAsync();
        });
        return outputs;
    }

    private PropertyMap KeepOutputs(Registrar registrar, PropertyMap before)
    {
        if (registrar.StackUrn.Length == 0 || !_keeper.Has(registrar.StackUrn))
        {
            return before;
        }

        var given = registrar.StackOutputs ?? PropertyMap.Empty;
        var outputs = _control.Failed ? given.Aggregate(before, (all, one) => all.With(one.Key, one.Value)) : given;
        _keeper.SetOutputs(registrar.StackUrn, outputs);
        return outputs;
    }

    // The program waits while the engine deletes what the program no longer declares.
    private async Task RunProgramAsync(ProgramCommand command, Registrar registrar, Func<Task> finish)
    {
        var refuser = new Refuser(_events, _control);
        var monitor = new MonitorService(registrar, new ArchiveReader(command.WorkingDirectory), refuser, _control);
        await using var server = await MonitorServer.StartAsync(monitor, new EngineService(_events, refuser, _control), refuser);
        await using var program = Start(command, server.Address);
        if (program is null)
        {
            return;
        }

        await Task.WhenAny(program.Exit, monitor.Signalled, Task.Delay(Timeout.Infinite, _control.Stopping));
        if (program.Exit.IsCompleted && !monitor.Signalled.IsCompleted)
        {
            Judge(await program.Exit);
        }

        try
        {
            await finish();
        }
        finally
        {
            monitor.Release();
        }

        if (await Task.WhenAny(program.Exit, Task.Delay(Grace, _clock)) == program.Exit)
        {
            Judge(await program.Exit);
        }
        else if (!_control.Failed)
        {
            _events.Tell(DiagnosticSeverity.Warning, "", "the program did not end by itself and is killed");
        }
    }

    private IRunningProgram? Start(ProgramCommand command, string address)
    {
        try
        {
            return _host.Start(command, ProgramEnvironment.Create(_operation, command, address), _events.Program);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            _events.Tell(DiagnosticSeverity.Error, "", $"the program could not be started: {e.Message}");
            _control.Fail();
            return null;
        }
    }

    // The SDK ends with 32 where the program failed and its error was logged.
    private void Judge(int exitCode)
    {
        if (exitCode == 0)
        {
            return;
        }

        if (!_control.Failed && exitCode != 32)
        {
            _events.Tell(DiagnosticSeverity.Error, "", $"the program ended with exit code {exitCode}");
        }

        _control.Fail();
    }
}
