using MesosStack.Embedded.Providers.Command;
using MesosStack.Embedded.Providers.DigitalOcean;
using MesosStack.Embedded.Providers.Random;

namespace MesosStack.Embedded.Providers;

/// <summary>The providers that come with the embedded engine.</summary>
public static class BuiltInProviders
{
    /// <summary>A fresh instance of each, by package; not configured yet.</summary>
    public static IReadOnlyDictionary<string, IProvider> All() =>
        new IProvider[] { new CommandProvider(), new DigitalOceanProvider(), new RandomProvider() }.ToDictionary(p => p.Package, StringComparer.Ordinal);
}
