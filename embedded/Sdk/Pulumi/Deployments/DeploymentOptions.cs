namespace Pulumi.Deployments;

/// <summary>What a program is told about its deployment.</summary>
internal sealed record DeploymentOptions(string Project, string Stack, bool IsDryRun)
{
    /// <summary>Reads the variables that the engine sets.</summary>
    /// <param name="engine">The address of the engine's service.</param>
    /// <param name="monitor">The address of the resource monitor.</param>
    /// <exception cref="InvalidOperationException">One is missing or malformed.</exception>
    public static DeploymentOptions FromEnvironment(out string engine, out string monitor)
    {
        monitor = Required("PULUMI_MONITOR");
        engine = Required("PULUMI_ENGINE");
        return new(Required("PULUMI_PROJECT"), Required("PULUMI_STACK"), Truth("PULUMI_DRY_RUN"));
    }

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw NotRun($"{variable} is not set");

    private static bool Truth(string variable) =>
        bool.TryParse(Required(variable), out var value) ? value : throw NotRun($"{variable} is neither true nor false");

    private static InvalidOperationException NotRun(string reason) =>
        new($"This program was run without a Pulumi engine ({reason}). Run it with the `pulumi` CLI or with this project's launcher, for example `pulumi up`.");
}
