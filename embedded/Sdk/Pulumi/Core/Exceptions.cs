namespace Pulumi;

/// <summary>A failure that a program reports by its message alone.</summary>
public class RunException : Exception
{
    /// <summary>A failure with a message.</summary>
    public RunException(string message)
        : base(message)
    {
    }
}

/// <summary>The engine's log could not be reached.</summary>
internal sealed class LogException(Exception exception) : Exception("Error occurred during logging", exception);
