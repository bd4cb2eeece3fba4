namespace MesosStack.Embedded.Lab;

/// <summary>Something a person can act on: the message says what is wrong and, where known, what to do.</summary>
public sealed class LabException : Exception
{
    /// <summary>An error without a message of its own.</summary>
    public LabException()
    {
    }

    /// <summary>An error with a message for people.</summary>
    public LabException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message for people and what led to it.</summary>
    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
