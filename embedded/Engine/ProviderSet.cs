using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine;

/// <summary>The providers by package, each configured before its first use.</summary>
/// <param name="operation">The operation.</param>
/// <param name="configure">Configures a provider, if that was not done yet.</param>
internal sealed class ProviderSet(Operation operation, Func<IProvider, PropertyMap, Task> configure)
{
    /// <summary>The provider of a package, ready for use.</summary>
    /// <exception cref="ProviderException">There is none, or its settings are wrong.</exception>
    public async Task<IProvider> GetAsync(string package)
    {
        if (!operation.Providers.TryGetValue(package, out var provider))
        {
            throw new ProviderException(
                $"there is no provider for the package '{package}' here; known are: {string.Join(", ", operation.Providers.Keys.Order(StringComparer.Ordinal))}");
        }

        await configure(provider, Settings(package));
        return provider;
    }

    /// <summary>The configuration of a package, secrets marked.</summary>
    public PropertyMap Settings(string package)
    {
        var prefix = package + ":";
        return PropertyMap.From(operation.Configuration
            .Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(c => KeyValuePair.Create(
                c.Key[prefix.Length..],
                operation.SecretKeys.Contains(c.Key) ? new PropertyValue.Secret(c.Value) : (PropertyValue)c.Value)));
    }
}
