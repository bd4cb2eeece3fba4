using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>An operation that has run.</summary>
internal sealed record Run(OperationMode Mode, OperationLog Log, OperationResult Result, TimeSpan Took)
{
    /// <summary>Whether it changed anything, or would.</summary>
    public bool HasChanges => Log.Steps.Any(s => s.Kind.Changes());

    /// <summary>Whether it only told what it would do.</summary>
    public bool IsPreview => Mode is OperationMode.Preview or OperationMode.PreviewDestroy;

    /// <summary>What changed, or would, without secrets.</summary>
    public IReadOnlyList<ResourceChange> Changes() => [.. Report().Changes];

    /// <summary>All of it, for its Markdown.</summary>
    public PreviewReport Report() => new([.. ShownSteps.Of(Log.Steps, Result.Clean).Select(ShownSteps.Change)], Log.Remarks, Result.Counts);
}
