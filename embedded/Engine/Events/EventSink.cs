using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Events;

/// <summary>Passes news on, one at a time, texts without secrets, and counts the steps.</summary>
internal sealed class EventSink(Action<EngineEvent> events, SecretMask mask)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StepKind, int> _counts = [];

    /// <summary>The steps done so far, by kind. The parts of a replacement and what was only read back do not count by themselves.</summary>
    public IReadOnlyDictionary<StepKind, int> Counts
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<StepKind, int>(_counts);
            }
        }
    }

    public void Started(Step step) => Emit(new EngineEvent.StepStarted(step));

    public void Status(string urn, string line) => Emit(new EngineEvent.StepStatus(urn, mask.Clean(line)));

    public void Done(Step step, TimeSpan took)
    {
        lock (_gate)
        {
            if (step.Kind is not (StepKind.CreateReplacement or StepKind.DeleteReplaced or StepKind.Refresh))
            {
                _counts[step.Kind] = _counts.GetValueOrDefault(step.Kind) + 1;
            }

            events(new EngineEvent.StepDone(step, took));
        }
    }

    public void Failed(Step step, string message, TimeSpan took) => Emit(new EngineEvent.StepFailed(step, mask.Clean(message), took));

    public void Tell(DiagnosticSeverity severity, string urn, string message, bool ephemeral = false) =>
        Emit(new EngineEvent.Diagnostic(severity, urn, mask.Clean(message), ephemeral));

    public void Emit(EngineEvent news)
    {
        lock (_gate)
        {
            events(news);
        }
    }

    /// <summary>A line of the program.</summary>
    public void Program(string line, bool isError) => Emit(new EngineEvent.ProgramOutput(mask.Clean(line), isError));

    /// <summary>A step as events show it.</summary>
    public static Step Describe(StepKind kind, ResourceState? old, ResourceState? @new, IReadOnlyDictionary<string, PropertyDiff>? details = null)
    {
        var state = @new ?? old ?? throw new ArgumentNullException(nameof(@new));
        return new Step(kind, state.Urn, state.Type, old, @new, details ?? new Dictionary<string, PropertyDiff>());
    }
}
