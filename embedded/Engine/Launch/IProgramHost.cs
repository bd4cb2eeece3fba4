namespace MesosStack.Embedded.Engine.Launch;

/// <summary>Starts programs.</summary>
internal interface IProgramHost
{
    /// <summary>Starts a program.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="output">Takes the lines that it writes; true for standard error.</param>
    IRunningProgram Start(ProgramCommand command, IReadOnlyDictionary<string, string> environment, Action<string, bool> output);
}

/// <summary>A started program. Disposing it kills what still runs of it.</summary>
internal interface IRunningProgram : IAsyncDisposable
{
    /// <summary>Ends with the program, all of its output read; the result is its exit code.</summary>
    Task<int> Exit { get; }
}
