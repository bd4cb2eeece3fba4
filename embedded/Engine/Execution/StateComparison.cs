using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Compares states by content; records compare their arrays by identity.</summary>
internal static class StateComparison
{
    /// <summary>Whether both would be written the same.</summary>
    public static bool Same(ResourceState a, ResourceState b) =>
        a.Urn == b.Urn && a.Type == b.Type && a.Custom == b.Custom && a.Id == b.Id && a.Delete == b.Delete
        && a.PendingReplacement == b.PendingReplacement && a.Parent == b.Parent && a.Protect == b.Protect
        && a.RetainOnDelete == b.RetainOnDelete && a.Provider == b.Provider && a.DeletedWith == b.DeletedWith
        && a.Created == b.Created && a.Modified == b.Modified && a.CustomTimeouts == b.CustomTimeouts
        && a.Inputs.Equals(b.Inputs) && a.Outputs.Equals(b.Outputs)
        && a.Dependencies.SequenceEqual(b.Dependencies) && Same(a.PropertyDependencies, b.PropertyDependencies)
        && a.AdditionalSecretOutputs.SequenceEqual(b.AdditionalSecretOutputs) && a.IgnoreChanges.SequenceEqual(b.IgnoreChanges)
        && a.ReplaceOnChanges.SequenceEqual(b.ReplaceOnChanges) && a.InitErrors.SequenceEqual(b.InitErrors)
        && a.Unused.SequenceEqual(b.Unused);

    private static bool Same(ImmutableSortedDictionary<string, ImmutableArray<string>> a, ImmutableSortedDictionary<string, ImmutableArray<string>> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First.Key == pair.Second.Key && pair.First.Value.SequenceEqual(pair.Second.Value));
}
