namespace MesosStack.Embedded.Cli;

/// <summary>Exit codes; the official CLI's since its version 3.226.1 (its documentation, "exit codes").</summary>
internal static class ExitCodes
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>An operation or a command failed.</summary>
    public const int Failure = 1;

    /// <summary>Arguments, settings or a needed confirmation are missing or wrong.</summary>
    public const int Configuration = 2;

    public const int StackNotFound = 6;

    /// <summary>There were changes where none were expected.</summary>
    public const int UnexpectedChanges = 7;

    /// <summary>The person said no, or pressed Ctrl-C.</summary>
    public const int Cancelled = 8;

    /// <summary>A fault of this program.</summary>
    public const int Internal = 255;
}
