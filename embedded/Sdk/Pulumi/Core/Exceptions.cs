namespace Pulumi;

/// <summary>A failure that a program reports by its message alone.</summary>
public class RunException : Exception
{
    /// <summary>A failure with a message.</summary>
    public RunException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with a message and a cause.</summary>
    public RunException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A failure that belongs to a resource.</summary>
public class ResourceException : Exception
{
    /// <summary>A failure of a resource; with <paramref name="hideStack"/> it is reported by its message alone.</summary>
    public ResourceException(string message, Resource? resource, bool hideStack = false)
        : base(message)
    {
        Resource = resource;
        HideStack = hideStack;
    }

    internal Resource? Resource { get; }

    internal bool HideStack { get; }
}

/// <summary>The engine's log could not be reached.</summary>
public class LogException : Exception
{
    /// <summary>Wraps the failure of the log.</summary>
    public LogException(Exception exception)
        : base("Error occurred during logging", exception)
    {
    }
}
