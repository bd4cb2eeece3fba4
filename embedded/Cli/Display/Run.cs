using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>An operation that has run.</summary>
internal sealed record Run(OperationMode Mode, OperationLog Log, OperationResult Result, TimeSpan Took)
{
    /// <summary>Whether it changed anything, or would.</summary>
    public bool HasChanges => Log.Steps.Any(s => DisplayText.Changes(s.Kind));

    /// <summary>Whether it only told what it would do.</summary>
    public bool IsPreview => Mode is OperationMode.Preview or OperationMode.PreviewDestroy;

    /// <summary>What changed, or would, without secrets.</summary>
    public IReadOnlyList<ResourceChange> Changes() =>
        [.. ShownSteps.Of([.. Log.Steps.Where(s => DisplayText.Changes(s.Kind))], Result.Clean).Select(ShownSteps.Change)];

    /// <summary>All of it, for its Markdown.</summary>
    public PreviewReport Report() => new(
        [.. ShownSteps.Of(Log.Steps, Result.Clean).Select(ShownSteps.Change)],
        [.. Log.Diagnostics.Select(d => new Remark(d.Severity, d.Urn, d.Message))],
        Result.Counts);
}
