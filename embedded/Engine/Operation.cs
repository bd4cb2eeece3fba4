using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine;

/// <summary>What to do with a stack.</summary>
public enum OperationMode
{
    /// <summary>Run the program and tell what an update would do; saves nothing, calls no provider that changes anything.</summary>
    Preview,

    /// <summary>Run the program and make it so.</summary>
    Update,

    /// <summary>Delete everything; runs no program.</summary>
    Destroy,

    /// <summary>Tell what <see cref="Destroy"/> would delete; runs no program, saves nothing, calls no provider that changes anything.</summary>
    PreviewDestroy,
}

/// <summary>One operation on one stack.</summary>
public sealed record Operation
{
    /// <summary>What to do.</summary>
    public required OperationMode Mode { get; init; }

    /// <summary>Whether it only tells what it would do.</summary>
    public bool IsPreview => Mode is OperationMode.Preview or OperationMode.PreviewDestroy;

    /// <summary>Whether it deletes everything, or tells of it.</summary>
    public bool IsDestroy => Mode is OperationMode.Destroy or OperationMode.PreviewDestroy;

    /// <summary>The project's name.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's short name.</summary>
    public required string Stack { get; init; }

    /// <summary>The program to run; null where <see cref="IsDestroy"/>.</summary>
    public ProgramCommand? Program { get; init; }

    /// <summary>Configuration by full key (<c>namespace:key</c>), secrets in clear.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }

    /// <summary>The keys of <see cref="Configuration"/> whose values are secret.</summary>
    public required IReadOnlySet<string> SecretKeys { get; init; }

    /// <summary>Texts that are secret besides those values, such as a part of one.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>The providers by package.</summary>
    public required IReadOnlyDictionary<string, IProvider> Providers { get; init; }

    /// <summary>What providers need is there once this ends. The program runs meanwhile; no provider reads, creates, changes or deletes anything before.</summary>
    public Task ProvidersReady { get; init; } = Task.CompletedTask;

    /// <summary>The state to start from.</summary>
    public required Snapshot Before { get; init; }

    /// <summary>Where to save the state after every step; not used by a preview.</summary>
    public required IStateStore Store { get; init; }

    /// <summary>How many resources may be worked on at once.</summary>
    public int Parallel { get; init; } = 4 * Environment.ProcessorCount;

    /// <summary>Read every resource back before anything else.</summary>
    public bool Refresh { get; init; }

    /// <summary>Forget creates that an earlier run could not see to their end, without looking for what they made.</summary>
    public bool ClearPendingCreates { get; init; }
}

/// <summary>How to start the program; the engine adds the environment of the protocol.</summary>
/// <param name="File">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="WorkingDirectory">Where it runs: the program's directory.</param>
public sealed record ProgramCommand(string File, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>The directory of Pulumi.yaml, which the program's may lie below.</summary>
    public string ProjectDirectory { get; init; } = WorkingDirectory;
}

/// <summary>The kinds of steps; names as in Pulumi's events.</summary>
public enum StepKind
{
    /// <summary>Nothing to do.</summary>
    Same,

    /// <summary>Create.</summary>
    Create,

    /// <summary>Change in place.</summary>
    Update,

    /// <summary>Delete.</summary>
    Delete,

    /// <summary>Create the new one of a replacement.</summary>
    CreateReplacement,

    /// <summary>Delete the old one of a replacement.</summary>
    DeleteReplaced,

    /// <summary>The resource as a whole is replaced (a mark, not a call).</summary>
    Replace,

    /// <summary>Read back.</summary>
    Refresh,
}

/// <summary>One step on one resource.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Urn">The resource.</param>
/// <param name="Type">Its type token.</param>
/// <param name="Old">Before; null for a create.</param>
/// <param name="New">After, as far as it is known; null for a delete.</param>
/// <param name="Details">The differences by property path, for updates and replacements.</param>
public sealed record Step(StepKind Kind, string Urn, string Type, ResourceState? Old, ResourceState? New, IReadOnlyDictionary<string, PropertyDiff> Details);

/// <summary>News from a running operation, in order. Texts never hold secrets.</summary>
public abstract record EngineEvent
{
    private EngineEvent()
    {
    }

    /// <summary>A step begins (or, in a preview, was planned).</summary>
    public sealed record StepStarted(Step Step) : EngineEvent;

    /// <summary>One line of news from a running step, such as its command's last line.</summary>
    public sealed record StepStatus(string Urn, string Line) : EngineEvent;

    /// <summary>A step ended well; <c>Step.New</c> has the outputs.</summary>
    public sealed record StepDone(Step Step, TimeSpan Took) : EngineEvent;

    /// <summary>A step failed.</summary>
    public sealed record StepFailed(Step Step, string Message, TimeSpan Took) : EngineEvent;

    /// <summary>The program or the engine says something; <paramref name="Urn"/> is "" where it is about no resource.</summary>
    public sealed record Diagnostic(DiagnosticSeverity Severity, string Urn, string Message, bool Ephemeral = false) : EngineEvent;

    /// <summary>A line that the program wrote to its standard output or error.</summary>
    public sealed record ProgramOutput(string Line, bool IsError) : EngineEvent;

    /// <summary>The stack's outputs are known (secrets marked).</summary>
    public sealed record StackOutputs(PropertyMap Outputs) : EngineEvent;
}

/// <summary>How grave a diagnostic is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>For developers.</summary>
    Debug,

    /// <summary>For information.</summary>
    Info,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>The operation fails.</summary>
    Error,
}

/// <summary>How an operation ended.</summary>
/// <param name="Succeeded">Whether everything was done.</param>
/// <param name="Counts">Steps done (or planned) by kind, as Pulumi counts them: a replacement is one, a refresh none.</param>
/// <param name="Outputs">The stack's outputs.</param>
/// <param name="After">The state at the end.</param>
/// <param name="OutputsChanged">Whether the stack's outputs differ from before.</param>
public sealed record OperationResult(bool Succeeded, IReadOnlyDictionary<StepKind, int> Counts, PropertyMap Outputs, Snapshot After, bool OutputsChanged)
{
    /// <summary>Whether the state changed, or, after a preview, would change: an option such as <c>protect</c> changes nothing else.</summary>
    public bool StateChanged { get; init; }

    /// <summary>
    /// Takes the secrets of the configuration and of the state out of a text. Steps hold their values in clear, with secrets marked; a secret
    /// may also stand, unmarked, inside another value.
    /// </summary>
    public Func<string, string> Clean { get; init; } = text => text;
}

/// <summary>Runs operations. One instance serves one operation at a time.</summary>
public interface IEngine
{
    /// <summary>Runs an operation to its end. Failures of resources or of the program are told as events and in the result, not thrown.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="events">Takes the news, called from one thread at a time, with no lock held; all were taken when this ends. It ends with what this throws.</param>
    /// <param name="cancellation">Asks to stop: no new steps; running ones end and are saved, but after a while nobody waits any longer for a host that does not answer.</param>
    /// <exception cref="IOException">The state could not be saved.</exception>
    /// <exception cref="Exception">What <see cref="Operation.ProvidersReady"/> failed with. No provider has changed anything then.</exception>
    Task<OperationResult> RunAsync(Operation operation, Action<EngineEvent> events, CancellationToken cancellation);
}
