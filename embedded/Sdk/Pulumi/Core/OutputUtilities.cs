namespace Pulumi.Utilities;

/// <summary>Looks into outputs; meant for tests and for libraries.</summary>
public static class OutputUtilities
{
    /// <summary>The value; the type's default while it is unknown.</summary>
    public static async Task<T> GetValueAsync<T>(Output<T> output) => (await output.Data).KnownValue;

    /// <summary>Whether the value is known.</summary>
    public static async Task<bool> GetIsKnownAsync<T>(Output<T> output) => (await output.Data).IsKnown;
}
