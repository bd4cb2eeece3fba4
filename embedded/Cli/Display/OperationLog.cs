using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>What happened in an operation, kept for its summary.</summary>
internal sealed class OperationLog
{
    private readonly List<(string Urn, DiagnosticSeverity Severity, string Message)> _diagnostics = [];
    private readonly List<Step> _steps = [];

    /// <summary>The steps as they were begun, each resource's steps in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>What was said, in order.</summary>
    public IReadOnlyList<(string Urn, DiagnosticSeverity Severity, string Message)> Diagnostics => _diagnostics;

    /// <summary>Takes an event.</summary>
    public void Add(EngineEvent news)
    {
        switch (news)
        {
            case EngineEvent.StepStarted started:
                _steps.Add(started.Step);
                break;
            case EngineEvent.StepDone done:
                Replace(done.Step);
                break;
            case EngineEvent.StepFailed failed:
                Replace(failed.Step);
                _diagnostics.Add((failed.Step.Urn, DiagnosticSeverity.Error, failed.Message));
                break;
            case EngineEvent.Diagnostic { Ephemeral: false, Severity: > DiagnosticSeverity.Debug } said:
                _diagnostics.Add((said.Urn, said.Severity, said.Message));
                break;
        }
    }

    // The event at the end of a step has the outputs.
    private void Replace(Step step)
    {
        var index = _steps.FindLastIndex(s => s.Urn == step.Urn && s.Kind == step.Kind);
        if (index < 0)
        {
            _steps.Add(step);
        }
        else
        {
            _steps[index] = step;
        }
    }
}

/// <summary>Shows an operation while it runs.</summary>
internal interface IOperationDisplay : IAsyncDisposable
{
    /// <summary>Takes an event; called from one thread at a time.</summary>
    void Show(EngineEvent news);
}
