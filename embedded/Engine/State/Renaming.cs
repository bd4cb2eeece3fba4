using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Gives resources other URNs, wherever a state names them.</summary>
public static class Renaming
{
    /// <summary>The state of a stack under another name of the stack.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="from">The stack's name.</param>
    /// <param name="to">Its name to be.</param>
    public static Snapshot OfStack(Snapshot snapshot, string project, string from, string to)
    {
        var (prefix, newPrefix) = ($"urn:pulumi:{from}::{project}::", $"urn:pulumi:{to}::{project}::");
        var (root, newRoot) = (Urns.OfStack(project, from), Urns.OfStack(project, to));
        string Renamed(string urn) => urn == root ? newRoot : urn.StartsWith(prefix, StringComparison.Ordinal) ? newPrefix + urn[prefix.Length..] : urn;
        PropertyValue Value(PropertyValue value) => value is PropertyValue.Reference reference ? reference with { Urn = Renamed(reference.Urn) } : value;
        ResourceState Resource(ResourceState resource) => References(resource, Renamed) with
        {
            Urn = Renamed(resource.Urn),
            Inputs = resource.Inputs.Map(Value),
            Outputs = resource.Outputs.Map(Value),
        };
        return new Snapshot(
            [.. snapshot.Resources.Select(Resource)],
            [.. snapshot.PendingOperations.Select(operation => operation with { Resource = Resource(operation.Resource) })]);
    }

    /// <summary>A resource that names others by their new URNs.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="renamed">Gives the new URN. Of a reference to a provider it gets the URN and the id behind it.</param>
    public static ResourceState References(ResourceState resource, Func<string, string> renamed) => resource with
    {
        Parent = renamed(resource.Parent),
        Provider = renamed(resource.Provider),
        DeletedWith = renamed(resource.DeletedWith),
        Dependencies = [.. resource.Dependencies.Select(renamed)],
        PropertyDependencies = resource.PropertyDependencies.ToImmutableSortedDictionary(
            p => p.Key, p => p.Value.Select(renamed).ToImmutableArray(), StringComparer.Ordinal),
    };
}
