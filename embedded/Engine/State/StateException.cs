namespace MesosStack.Embedded.Engine.State;

/// <summary>A state file cannot be used: it is damaged, inconsistent, locked, or needs what this engine does not have. The message is for the user and holds no values.</summary>
public class StateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another run holds the stack.</summary>
public sealed class StackLockedException(string message) : StateException(message);
