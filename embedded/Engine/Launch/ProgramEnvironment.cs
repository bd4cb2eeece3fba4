using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Engine.Configuration;

namespace MesosStack.Embedded.Engine.Launch;

/// <summary>The environment variables by which a program finds its engine and its configuration.</summary>
internal static class ProgramEnvironment
{
    /// <summary>The variables for one run.</summary>
    /// <param name="operation">The operation the program runs for.</param>
    /// <param name="command">The program.</param>
    /// <param name="address">Where the engine listens, <c>host:port</c>.</param>
    public static IReadOnlyDictionary<string, string> Create(Operation operation, ProgramCommand command, string address) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PULUMI_MONITOR"] = address,
            ["PULUMI_ENGINE"] = address,
            ["PULUMI_ORGANIZATION"] = "organization",
            ["PULUMI_PROJECT"] = operation.Project,
            ["PULUMI_STACK"] = operation.Stack,
            ["PULUMI_DRY_RUN"] = operation.IsPreview ? "true" : "false",
            ["PULUMI_QUERY_MODE"] = "false",
            ["PULUMI_PARALLEL"] = operation.Parallel.ToString(CultureInfo.InvariantCulture),
            ["PULUMI_ROOT_DIRECTORY"] = command.ProjectDirectory,
            ["PULUMI_PWD"] = command.WorkingDirectory,
            ["PULUMI_CONFIG"] = StackConfiguration.Variable(operation.Configuration),
            ["PULUMI_CONFIG_SECRET_KEYS"] = JsonSerializer.Serialize(operation.SecretKeys),

            // The program is small and runs for seconds. Server garbage collection, with a heap for each core, would only use more memory.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
        };
}
