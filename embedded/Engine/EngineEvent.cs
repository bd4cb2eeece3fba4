using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine;

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
