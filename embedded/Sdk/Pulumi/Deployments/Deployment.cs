using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Pulumi.Deployments;
using Pulumi.Testing;

namespace Pulumi;

/// <summary>Runs a program that describes a stack.</summary>
public sealed class Deployment
{
    private static readonly AsyncLocal<Deployment?> Running = new();

    private readonly ConcurrentDictionary<string, Task<bool>> _features = new(StringComparer.Ordinal);

    private Deployment(DeploymentOptions options, IEngine engine, IMonitor monitor)
    {
        Options = options;
        Monitor = monitor;
        Runner = new(this);
        Logger = new(this, engine);
        Config = ReadConfig();
    }

    /// <summary>The running deployment.</summary>
    /// <exception cref="InvalidOperationException">None is running.</exception>
    public static DeploymentInstance Instance => new(Current);

    internal static Deployment Current => CurrentOrNull
        ?? throw new InvalidOperationException("no deployment is running: resources, configuration and log exist only inside of Deployment.RunAsync and Deployment.TestAsync");

    internal static Deployment? CurrentOrNull => Running.Value;

    internal DeploymentOptions Options { get; }

    internal IMonitor Monitor { get; }

    internal Runner Runner { get; }

    internal EngineLogger Logger { get; }

    internal ImmutableDictionary<string, string> Config { get; }

    internal Stack? Stack { get; set; }

    /// <summary>Runs a program that returns the stack's outputs.</summary>
    /// <returns>The exit code for the process: 0, 1 where errors were logged, 32 where a failure was reported.</returns>
    public static async Task<int> RunAsync(Func<IDictionary<string, object?>> func)
    {
        var options = DeploymentOptions.FromEnvironment(out var engine, out var monitor);
        var connection = new GrpcConnection(engine, monitor);
        Enter(new(options, connection, connection));
        var code = await Current.Runner.RunAsync(() => _ = new Stack(func));

        // For a program whose Main does not return the exit code.
        Environment.ExitCode = code;
        return code;
    }

    /// <summary>Runs a program with outputs against mocks.</summary>
    /// <returns>All resources but the stack, and the outputs.</returns>
    /// <exception cref="RunException">The program failed or logged an error; for several an <see cref="AggregateException"/>.</exception>
    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources)
    {
        var options = new DeploymentOptions(testOptions.ProjectName ?? "project", testOptions.StackName ?? "stack", testOptions.IsPreview ?? true);
        var connection = new MockConnection(testMocks, options);
        Enter(new(options, connection, connection));
        IDictionary<string, object?> outputs = ImmutableDictionary<string, object?>.Empty;
        await Current.Runner.RunAsync(() => _ = new Stack(() =>
        {
            outputs = createResources();
            return ImmutableDictionary<string, object?>.Empty;
        }));
        connection.ThrowErrors();
        return ([.. connection.Resources.Where(r => r is not Pulumi.Stack)], outputs);
    }

    /// <summary>Whether the engine has a feature. The answer is kept; those who need it first at the same time may each ask.</summary>
    internal Task<bool> SupportsFeatureAsync(string id) => _features.GetOrAdd(id, Monitor.SupportsFeatureAsync);

    // The value belongs to this asynchronous call, so that one run does not see another one's deployment.
    private static void Enter(Deployment deployment) => Running.Value = CurrentOrNull is null
        ? deployment
        : throw new InvalidOperationException("a deployment is running already: Deployment.RunAsync and Deployment.TestAsync must not be called inside of one");

    private static ImmutableDictionary<string, string> ReadConfig()
    {
        var config = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var json = Environment.GetEnvironmentVariable("PULUMI_CONFIG") is { Length: > 0 } given ? given : "{}";
        foreach (var setting in JsonElement.Parse(json).EnumerateObject())
        {
            // One key may stand there in both forms: the last wins.
            config[NormalizeKey(setting.Name)] = setting.Value.ToString();
        }

        return config.ToImmutable();
    }

    // Older engines write "a:config:b" for "a:b".
    private static string NormalizeKey(string key) => key.Split(':', 3) is [var name, "config", var rest] ? $"{name}:{rest}" : key;
}

/// <summary>The running deployment.</summary>
public sealed class DeploymentInstance
{
    private readonly DeploymentOptions _options;

    internal DeploymentInstance(Deployment deployment) => _options = deployment.Options;

    /// <summary>Whether this is a preview, which changes nothing.</summary>
    public bool IsDryRun => _options.IsDryRun;

    /// <summary>The project's name.</summary>
    public string ProjectName => _options.Project;

    /// <summary>The stack's name.</summary>
    public string StackName => _options.Stack;
}
