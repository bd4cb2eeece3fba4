using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>What happened in an operation, kept for its summary.</summary>
internal sealed class OperationLog
{
    private readonly List<Remark> _remarks = [];
    private readonly List<Step> _steps = [];

    /// <summary>The steps as they were begun, each resource's steps in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    public IReadOnlyList<Remark> Remarks => _remarks;

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
                _remarks.Add(new Remark(DiagnosticSeverity.Error, failed.Step.Urn, failed.Message));
                break;
            case EngineEvent.Diagnostic { Ephemeral: false, Severity: > DiagnosticSeverity.Debug } said:
                _remarks.Add(new Remark(said.Severity, said.Urn, said.Message));
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
