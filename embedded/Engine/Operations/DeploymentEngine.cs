using System.Collections.Concurrent;
using MesosStack.Embedded.Engine.Launch;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Operations;

/// <summary>
/// Runs operations in this process: serves the program Pulumi's resource monitor protocol, plans steps from its registrations,
/// takes them through the providers, and saves the state after each. Takes a preview and the update after it with the same providers.
/// </summary>
public sealed class DeploymentEngine : IEngine
{
    private readonly IProgramHost _host;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<IProvider, Lazy<Configured>> _configured = new(ReferenceEqualityComparer.Instance);

    /// <summary>An engine that runs programs as processes of this machine.</summary>
    public DeploymentEngine()
        : this(new ProgramProcessHost(), TimeProvider.System)
    {
    }

    internal DeploymentEngine(IProgramHost host, TimeProvider clock) => (_host, _clock) = (host, clock);

    /// <inheritdoc />
    public async Task<OperationResult> RunAsync(Operation operation, Action<EngineEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(events);
        using var run = new OperationRun(operation, _host, new ProviderSet(operation, ConfigureAsync), events, _clock);
        return await run.ExecuteAsync(cancellation);
    }

    // A provider takes its settings once in its life.
    private Task ConfigureAsync(IProvider provider, PropertyMap settings)
    {
        var configured = _configured.GetOrAdd(
            provider, p => new Lazy<Configured>(() => new Configured(settings, p.ConfigureAsync(settings, CancellationToken.None)))).Value;
        return configured.Settings.Equals(settings)
            ? configured.Done
            : throw new ProviderException($"the settings of the package '{provider.Package}' changed while the engine ran");
    }

    private sealed record Configured(PropertyMap Settings, Task Done);
}
