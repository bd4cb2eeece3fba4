using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine;

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
