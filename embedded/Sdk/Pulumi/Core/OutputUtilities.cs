using System.Collections.Immutable;

namespace Pulumi.Utilities;

/// <summary>Looks into outputs; meant for tests and for libraries.</summary>
public static class OutputUtilities
{
    /// <summary>An unknown output that carries a value nonetheless.</summary>
    public static Output<T> CreateUnknown<T>(T value) => CreateUnknown(() => Task.FromResult(value));

    /// <summary>An unknown output that carries the result of a task nonetheless.</summary>
    public static Output<T> CreateUnknown<T>(Func<Task<T>> valueFactory) =>
        Output<T>.FromTask(valueFactory(), OutputFacts.Plain with { IsKnown = false });

    /// <summary>The same output, depending on one more resource.</summary>
    public static Output<T> WithDependency<T>(Output<T> output, Resource resource) =>
        output.With(f => f with { Resources = f.Resources.Add(resource) });

    /// <summary>The resources the output depends on.</summary>
    public static async Task<ImmutableHashSet<Resource>> GetDependenciesAsync<T>(Output<T> output) => (await output.Data).Resources;

    /// <summary>The value; the type's default while it is unknown.</summary>
    public static async Task<T> GetValueAsync<T>(Output<T> output) => (await output.Data).Value;

    /// <summary>Whether the value is known.</summary>
    public static async Task<bool> GetIsKnownAsync<T>(Output<T> output) => (await output.Data).IsKnown;
}
