using Pulumi;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>What tests ask of outputs beyond the slice's public API.</summary>
internal static class Outputs
{
    /// <summary>An unknown output of the value's type.</summary>
    public static Output<T> Unknown<T>(T value) => Output<T>.FromTask(Task.FromResult(value), OutputFacts.Plain with { IsKnown = false });

    public static async Task<bool> IsSecretAsync<T>(Output<T> output) => (await output.Data).IsSecret;
}
