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
