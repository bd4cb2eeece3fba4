namespace MesosStack.Embedded.Cli;

/// <summary>Ends the command with a message and an exit code.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Failure, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
