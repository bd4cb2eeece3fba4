using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Compares states by content; records compare their arrays by identity.</summary>
internal static class StateComparison
{
    /// <summary>Whether both would be written the same.</summary>
    public static bool Same(ResourceState a, ResourceState b) => ResourceFields.All.All(field => field.IsSame(a, b)) && a.Unused.SequenceEqual(b.Unused);
}
