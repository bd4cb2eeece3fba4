using System.Threading.Channels;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Events;

/// <summary>Passes news on, one at a time, texts without secrets, and counts the steps. Whoever has news does not wait for the display, and no lock is held while it is called.</summary>
internal sealed class EventSink
{
    private readonly SecretMask _mask;
    private readonly Channel<EngineEvent> _news = Channel.CreateUnbounded<EngineEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<StepKind, int> _counts = [];
    private readonly Task _passing;

    /// <summary>Starts to pass news on.</summary>
    /// <param name="events">Takes them.</param>
    /// <param name="mask">The secrets.</param>
    public EventSink(Action<EngineEvent> events, SecretMask mask)
    {
        _mask = mask;
        _passing = Task.Run(async () =>
        {
            await foreach (var news in _news.Reader.ReadAllAsync())
            {
                events(news);
            }
        });
    }

    /// <summary>Returns when all news were passed on; there are none after that.</summary>
    public async Task EndAsync()
    {
        _news.Writer.TryComplete();
        await _passing;
    }

    /// <summary>The steps done so far, by kind. The parts of a replacement and what was only read back do not count by themselves.</summary>
    public IReadOnlyDictionary<StepKind, int> Counts()
    {
        lock (_counts)
        {
            return new Dictionary<StepKind, int>(_counts);
        }
    }

    public void Started(Step step) => Emit(new EngineEvent.StepStarted(step));

    public void Status(string urn, string line) => Emit(new EngineEvent.StepStatus(urn, _mask.Clean(line)));

    public void Done(Step step, TimeSpan took)
    {
        if (step.Kind is not (StepKind.CreateReplacement or StepKind.DeleteReplaced or StepKind.Refresh))
        {
            lock (_counts)
            {
                _counts[step.Kind] = _counts.GetValueOrDefault(step.Kind) + 1;
            }
        }

        Emit(new EngineEvent.StepDone(step, took));
    }

    public void Failed(Step step, string message, TimeSpan took) => Emit(new EngineEvent.StepFailed(step, _mask.Clean(message), took));

    public void Tell(DiagnosticSeverity severity, string urn, string message, bool ephemeral = false) =>
        Emit(new EngineEvent.Diagnostic(severity, urn, _mask.Clean(message), ephemeral));

    public void Emit(EngineEvent news) => _news.Writer.TryWrite(news);

    /// <summary>A line of the program.</summary>
    public void Program(string line, bool isError) => Emit(new EngineEvent.ProgramOutput(_mask.Clean(line), isError));

    /// <summary>A step as events show it.</summary>
    public static Step Describe(StepKind kind, ResourceState? old, ResourceState? @new, IReadOnlyDictionary<string, PropertyDiff>? details = null)
    {
        var state = @new ?? old ?? throw new ArgumentNullException(nameof(@new));
        return new Step(kind, state.Urn, state.Type, old, @new, details ?? new Dictionary<string, PropertyDiff>());
    }
}
