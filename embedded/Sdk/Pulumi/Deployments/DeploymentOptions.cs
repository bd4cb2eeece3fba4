using System.Globalization;

namespace Pulumi.Deployments;

/// <summary>What a program is told about its deployment.</summary>
internal sealed record DeploymentOptions(string Project, string Stack, string Organization, string? RootDirectory, bool IsDryRun)
{
    public const string DefaultOrganization = "organization";

    /// <summary>Reads the variables that the engine sets.</summary>
    /// <param name="engine">The address of the engine's service.</param>
    /// <param name="monitor">The address of the resource monitor.</param>
    /// <exception cref="InvalidOperationException">One is missing or malformed.</exception>
    public static DeploymentOptions FromEnvironment(out string engine, out string monitor)
    {
        monitor = Required("PULUMI_MONITOR");
        engine = Required("PULUMI_ENGINE");
        _ = Read("PULUMI_QUERY_MODE", bool.Parse);
        _ = Read("PULUMI_PARALLEL", s => int.Parse(s, CultureInfo.InvariantCulture));
        return new(
            Required("PULUMI_PROJECT"),
            Required("PULUMI_STACK"),
            Optional("PULUMI_ORGANIZATION") ?? DefaultOrganization,
            Optional("PULUMI_ROOT_DIRECTORY"),
            Read("PULUMI_DRY_RUN", bool.Parse));
    }

    private static string? Optional(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static string Required(string variable) => Optional(variable) ?? throw NotRun($"{variable} is not set");

    private static T Read<T>(string variable, Func<string, T> parse)
    {
        try
        {
            return parse(Required(variable));
        }
        catch (FormatException e)
        {
            throw NotRun($"{variable}: {e.Message}");
        }
    }

    private static InvalidOperationException NotRun(string reason) =>
        new($"This program was run without a Pulumi engine ({reason}). Run it with the `pulumi` CLI or with this project's launcher, for example `pulumi up`.");
}
