namespace MesosStack.Embedded.Lab;

/// <summary>Something a person can act on: the message says what is wrong and, where known, what to do.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
