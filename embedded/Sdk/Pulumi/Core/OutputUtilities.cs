using System.Collections.Immutable;

namespace Pulumi.Utilities;

/// <summary>Looks into outputs; meant for tests and for libraries.</summary>
public static class OutputUtilities
{
    /// <summary>An unknown output of the value's type.</summary>
    public static Output<T> CreateUnknown<T>(T value) => Output<T>.FromTask(Task.FromResult(value), OutputFacts.Plain with { IsKnown = false });

    /// <summary>The resources the output depends on.</summary>
    public static async Task<ImmutableHashSet<Resource>> GetDependenciesAsync<T>(Output<T> output) => (await output.Data).Resources;

    /// <summary>The value; the type's default while it is unknown.</summary>
    public static async Task<T> GetValueAsync<T>(Output<T> output) => (await output.Data).KnownValue;

    /// <summary>Whether the value is known.</summary>
    public static async Task<bool> GetIsKnownAsync<T>(Output<T> output) => (await output.Data).IsKnown;
}
