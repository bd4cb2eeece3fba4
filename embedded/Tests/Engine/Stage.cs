using System.Collections.Concurrent;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Launch;
using MesosStack.Embedded.Engine.Operations;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;
using DiagnosticSeverity = MesosStack.Embedded.Engine.DiagnosticSeverity;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>A stack to run operations on, one after the other, each starting from the state that was saved last.</summary>
internal sealed class Stage : IStateStore, IProgramHost
{
    public const string Stack = "urn:pulumi:dev::proj::pulumi:pulumi:Stack::proj-dev";

    private readonly ConcurrentQueue<Snapshot> _saves = new();
    private readonly DeploymentEngine _engine;
    private Snapshot _changesOf = Snapshot.Empty;
    private List<StateChange> _changes = [];
    private readonly ProgramCommand _command = new("program", [], "/");

    public Stage()
        : this(TimeProvider.System)
    {
    }

    public Stage(TimeProvider clock) => _engine = new DeploymentEngine(this, clock);

    /// <summary>A stack whose programs are processes.</summary>
    public Stage(ProgramCommand command, TimeProvider? clock = null) => (_engine, _command) = (new DeploymentEngine(new ProgramProcessHost(), clock ?? TimeProvider.System), command);

    /// <summary>Where programs run.</summary>
    public string Folder
    {
        init => _command = _command with { WorkingDirectory = value };
    }

    public FakeProvider Provider { get; init; } = new();

    /// <summary>Providers besides that one.</summary>
    public IReadOnlyDictionary<string, IProvider> Providers { get; init; } = new Dictionary<string, IProvider>();

    public Snapshot State { get; set; } = Snapshot.Empty;

    public IReadOnlyDictionary<string, string> Configuration { get; set; } = new Dictionary<string, string>();

    public IReadOnlySet<string> SecretKeys { get; set; } = new HashSet<string>();

    public int Parallel { get; set; } = 8;

    public bool Refresh { get; set; }

    public bool ClearPendingCreates { get; set; }

    public IReadOnlyCollection<string> Secrets { get; set; } = [];

    public Task ProvidersReady { get; set; } = Task.CompletedTask;

    /// <summary>The events of the last run.</summary>
    public List<EngineEvent> Events { get; private set; } = [];

    /// <summary>The program of the last run.</summary>
    public FakeProgram Program { get; private set; } = null!;

    /// <summary>The saves of the last run.</summary>
    public IReadOnlyCollection<Snapshot> Saves => _saves;

    /// <summary>Whether the next save should be one of the whole state; asked before each.</summary>
    public Func<bool> Fold { get; set; } = () => false;

    public bool IsWholeDue => Fold();

    /// <summary>Called in each save.</summary>
    public Func<Task> OnSave { get; set; } = () => Task.CompletedTask;

    public CancellationToken Cancellation { get; set; } = CancellationToken.None;

    /// <summary>Called with each event.</summary>
    public Action<EngineEvent> OnEvent { get; set; } = _ => { };

    public string[] Errors => [.. Events.OfType<EngineEvent.Diagnostic>().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Message)];

    public string[] Warnings => [.. Events.OfType<EngineEvent.Diagnostic>().Where(d => d.Severity == DiagnosticSeverity.Warning).Select(d => d.Message)];

    /// <summary>The steps done in the last run, as <c>Kind name</c>.</summary>
    public string[] Steps => [.. Events.OfType<EngineEvent.StepDone>().Select(d => $"{d.Step.Kind} {Name(d.Step.Urn)}")];

    /// <summary>The steps that did something.</summary>
    public string[] Changes => [.. Steps.Where(s => !s.StartsWith("Same", StringComparison.Ordinal))];

    public static string Name(string urn) => urn.Split("::", 4)[3];

    public static string Thing(string name) => $"urn:pulumi:dev::proj::test:index:Thing::{name}";

    public ResourceState Saved(string name) => State.Resources.Single(r => r.Name == name && !r.Delete);

    public Task<OperationResult> UpAsync(Func<FakeProgram.Session, Task> body) => RunAsync(OperationMode.Update, new FakeProgram(body));

    public Task<OperationResult> PreviewAsync(Func<FakeProgram.Session, Task> body) => RunAsync(OperationMode.Preview, new FakeProgram(body));

    public Task<OperationResult> DestroyAsync() => RunAsync(OperationMode.Destroy);

    public Task<OperationResult> RunAsync(OperationMode mode) => RunAsync(mode, new FakeProgram(_ => throw new InvalidOperationException("started")));

    public async Task<OperationResult> RunAsync(OperationMode mode, FakeProgram program)
    {
        (Program, Events) = (program, []);
        (_changesOf, _changes) = (State, []);
        _saves.Clear();
        Provider.Calls.Clear();
        var result = await _engine.RunAsync(
            new Operation
            {
                Mode = mode,
                Project = "proj",
                Stack = "dev",
                Program = _command,
                Configuration = Configuration,
                SecretKeys = SecretKeys,
                Providers = new Dictionary<string, IProvider>(Providers) { ["test"] = Provider },
                Before = State,
                Store = this,
                Parallel = Parallel,
                Refresh = Refresh,
                ClearPendingCreates = ClearPendingCreates,
                Secrets = Secrets,
                ProvidersReady = ProvidersReady,
            },
            news =>
            {
                Events.Add(news);
                OnEvent(news);
            },
            Cancellation);
        if (mode is OperationMode.Update or OperationMode.Destroy)
        {
            AssertConsistent(result.After);
        }

        return result;
    }

    public IRunningProgram Start(ProgramCommand command, IReadOnlyDictionary<string, string> environment, Action<string, bool> output) =>
        Program.Start(command, environment, output);

    public async Task AppendAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        var (before, all) = (_changesOf, _changes.Concat(changes).ToList());
        var snapshot = SnapshotBuilder.Apply(before, all);
        await KeepAsync(snapshot);
        _changes.AddRange(changes);
    }

    public async Task SaveAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        await KeepAsync(snapshot);
        _changesOf = snapshot;
        _changes.Clear();
    }

    private async Task KeepAsync(Snapshot snapshot)
    {
        AssertConsistent(snapshot);
        _saves.Enqueue(snapshot);
        await OnSave();
        State = snapshot;
    }

    // The rules by which the official engine judges a state.
    private static void AssertConsistent(Snapshot snapshot)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var live = new HashSet<string>(StringComparer.Ordinal);
        var providers = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var r in snapshot.Resources)
        {
            IEnumerable<string> references = [r.Parent, r.DeletedWith, .. r.Dependencies, .. r.PropertyDependencies.Values.SelectMany(u => u)];
            foreach (var reference in references.Where(u => u.Length > 0 && !seen.Contains(u)))
            {
                Assert.Fail($"{r.Urn} refers to {reference}, which does not stand before it");
            }

            Assert.That(providers, Does.Contain(r.Provider), $"provider of {r.Urn}");
            Assert.That(r.Custom || r.Id.Length == 0, $"{r.Urn} is no custom resource but has an id");
            Assert.That(r.Delete || live.Add(r.Urn), $"{r.Urn} is there twice");
            Assert.That(r.Outputs.ContainsUnknown || r.Inputs.ContainsUnknown, Is.False, $"{r.Urn} has unknown values");
            seen.Add(r.Urn);
            providers.Add($"{r.Urn}::{r.Id}");
        }
    }
}
