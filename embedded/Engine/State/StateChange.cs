namespace MesosStack.Embedded.Engine.State;

/// <summary>One change of a stack's state in a run. Resources of the state at the start of the run are named by their place in it, those that the run has taken in by the order in which it did.</summary>
public abstract record StateChange
{
    private StateChange()
    {
    }

    /// <summary>An operation begins.</summary>
    /// <param name="Number">The operation's number. Those that were under way at the start have the first ones, in their order.</param>
    /// <param name="Operation">The operation.</param>
    public sealed record Began(int Number, PendingOperation Operation) : StateChange;

    /// <summary>An operation ended.</summary>
    /// <param name="Number">The operation's number.</param>
    public sealed record Ended(int Number) : StateChange;

    /// <summary>The run took in a resource as it was at the start.</summary>
    /// <param name="Old">Its place at the start.</param>
    public sealed record Kept(int Old) : StateChange;

    /// <summary>The run took in a resource with a new state.</summary>
    /// <param name="State">The new state.</param>
    /// <param name="Old">Place of the state that it takes the place of; null for a new resource.</param>
    /// <param name="KeepsOld">The old one still has to be deleted.</param>
    /// <param name="EndsOperations">Every operation on this resource that was under way has ended.</param>
    public sealed record Took(ResourceState State, int? Old, bool KeepsOld, bool EndsOperations) : StateChange;

    /// <summary>A resource that the run has taken in has other outputs.</summary>
    /// <param name="Place">Its place among those.</param>
    /// <param name="State">The resource with them.</param>
    public sealed record Changed(int Place, ResourceState State) : StateChange;

    /// <summary>A resource of the start counts as deleted until its replacement is there.</summary>
    /// <param name="Old">Its place at the start.</param>
    public sealed record AwaitsReplacement(int Old) : StateChange;

    /// <summary>A resource of the start is gone.</summary>
    /// <param name="Old">Its place at the start.</param>
    public sealed record Gone(int Old) : StateChange;
}
