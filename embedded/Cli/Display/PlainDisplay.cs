using System.Globalization;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>Plain lines, one for each thing that happens, for logs and pipes.</summary>
internal sealed class PlainDisplay : IOperationDisplay
{
    private static readonly TimeSpan NewsInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly TimeProvider _clock;
    private readonly bool _preview;
    private readonly ITimer _timer;
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly List<Step> _parts = [];
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);

    public PlainDisplay(TextWriter output, TimeProvider clock, bool preview)
    {
        (_output, _clock, _preview) = (output, clock, preview);
        _timer = clock.CreateTimer(_ => Remind(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Show(EngineEvent news)
    {
        lock (_gate)
        {
            switch (news)
            {
                case EngineEvent.StepStarted { Step: var step } when step.Kind != StepKind.Same && !_preview:
                    _running[step.Urn] = new Running(step, _clock.GetTimestamp());
                    break;
                case EngineEvent.StepStatus status when _running.TryGetValue(status.Urn, out var running):
                    running.LastLine = DisplayText.Clean(status.Line);
                    break;
                case EngineEvent.StepDone done:
                    _running.Remove(done.Step.Urn);
                    if (_preview)
                    {
                        ShowPlanned(done.Step);
                    }
                    else if (done.Step.Kind.Changes())
                    {
                        Line(done.Step, $"{done.Step.Done()} ({DisplayText.Time(done.Took)})");
                    }

                    break;
                case EngineEvent.StepFailed failed:
                    _running.Remove(failed.Step.Urn);
                    Line(failed.Step, $"FAILED {failed.Step.Doing()} ({DisplayText.Time(failed.Took)}): {DisplayText.FirstLine(failed.Message)}");
                    break;
                case EngineEvent.Diagnostic { Severity: > DiagnosticSeverity.Debug } said:
                    _output.WriteLine($"{said.Severity.ToString().ToLowerInvariant()}: {(said.Urn.Length > 0 ? DisplayText.Name(said.Urn) + ": " : "")}{DisplayText.FirstLine(said.Message)}");
                    break;
                case EngineEvent.ProgramOutput line:
                    _output.WriteLine($"  | {DisplayText.Clean(line.Line)}");
                    break;
            }

            _output.Flush();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var part in _parts.Where(p => !_replaced.Contains(p.Urn)))
        {
            Line(part, part.Operation());
        }

        await _output.FlushAsync();
    }

    // A replacement is one line. A part of one stands alone where an earlier run did the other.
    private void ShowPlanned(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.CreateReplacement or StepKind.DeleteReplaced:
                _parts.Add(step);
                break;
            case var kind when kind.Changes():
                if (kind == StepKind.Replace)
                {
                    _replaced.Add(step.Urn);
                }

                Line(step, $"{step.Operation()} {DisplayText.Reasons(step.Details)}".TrimEnd());
                break;
        }
    }

    // A step that takes long prints a line every ten seconds, with the last news of it.
    private void Remind()
    {
        lock (_gate)
        {
            foreach (var running in _running.Values)
            {
                var since = _clock.GetElapsedTime(running.LastShown ?? running.Since);
                if (since >= NewsInterval)
                {
                    running.LastShown = _clock.GetTimestamp();
                    Line(running.Step, string.Create(CultureInfo.InvariantCulture, $"{running.Step.Doing()} … {DisplayText.Time(_clock.GetElapsedTime(running.Since))}{(running.LastLine.Length > 0 ? ": " + running.LastLine : "")}"));
                }
            }

            _output.Flush();
        }
    }

    private void Line(Step step, string what) => _output.WriteLine($" {step.Kind.Sign(),-2} {DisplayText.Type(step.Type)} {DisplayText.Name(step.Urn)} {what}");

    private sealed record Running(Step Step, long Since)
    {
        public long? LastShown { get; set; }

        public string LastLine { get; set; } = "";
    }
}
