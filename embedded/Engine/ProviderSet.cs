using System.Collections.Concurrent;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine;

/// <summary>The providers by package, each configured before its first use.</summary>
internal sealed class ProviderSet
{
    private readonly Operation _operation;
    private readonly Func<IProvider, PropertyMap, Task> _configure;
    private readonly ConcurrentDictionary<string, Lazy<Task<IProvider>>> _ready = new(StringComparer.Ordinal);

    /// <summary>The providers of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="configure">Configures a provider, if that was not done yet.</param>
    public ProviderSet(Operation operation, Func<IProvider, PropertyMap, Task> configure)
    {
        _operation = operation;
        _configure = configure;
    }

    /// <summary>The provider of a package, ready for use.</summary>
    /// <exception cref="ProviderException">There is none, or its settings are wrong.</exception>
    public Task<IProvider> GetAsync(string package) =>
        _ready.GetOrAdd(package, p => new Lazy<Task<IProvider>>(() => ConfigureAsync(p))).Value;

    /// <summary>The configuration of a package, secrets marked.</summary>
    public PropertyMap Settings(string package)
    {
        var prefix = package + ":";
        return PropertyMap.From(_operation.Configuration
            .Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(c => KeyValuePair.Create(
                c.Key[prefix.Length..],
                _operation.SecretKeys.Contains(c.Key) ? new PropertyValue.Secret(c.Value) : (PropertyValue)c.Value)));
    }

    private async Task<IProvider> ConfigureAsync(string package)
    {
        if (!_operation.Providers.TryGetValue(package, out var provider))
        {
            throw new ProviderException(
                $"there is no provider for the package '{package}' here; known are: {string.Join(", ", _operation.Providers.Keys.Order(StringComparer.Ordinal))}");
        }

        await _configure(provider, Settings(package));
        return provider;
    }
}
