namespace MesosStack.Embedded.Engine.State;

/// <summary>Where the engine saves a stack's state. A save is durable when it returns.</summary>
public interface IStateStore
{
    /// <summary>Whether the changes have grown so much larger than the state that the next save should be one of the whole state.</summary>
    bool IsWholeDue { get; }

    /// <summary>Writes a state as a whole. Later changes are counted from it.</summary>
    /// <exception cref="IOException">It could not be written; the state before is still there.</exception>
    Task SaveAsync(Snapshot snapshot, CancellationToken cancellation);

    /// <summary>Writes changes of the state that was read, or that was last written as a whole. The cost does not depend on how many resources there are.</summary>
    /// <exception cref="IOException">They could not be written; what was saved before is still there.</exception>
    Task AppendAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation);
}
