using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>The provider resources that a program does not declare: one per package and version, made when first used.</summary>
internal sealed class DefaultProviders(Ledger ledger, ProviderSet providers, SnapshotKeeper keeper, TimeProvider clock)
{
    private readonly Dictionary<string, string> _references = new(StringComparer.Ordinal);

    /// <summary>The reference (<c>urn::id</c>) to a package's provider.</summary>
    public string Reference(string package, string version)
    {
        var urn = ledger.Urn("", Urns.ProviderType(package), Name(version));
        if (_references.TryGetValue(urn, out var known))
        {
            return known;
        }

        var old = ledger.Unclaimed(urn);
        var state = Create(urn, package, version, old);
        if (old is not null)
        {
            ledger.Claim(old);
        }

        keeper.Put(state, old);
        return _references[urn] = $"{urn}::{state.Id}";
    }

    private static string Name(string version) =>
        version.Length == 0 ? "default" : "default_" + version.Replace('.', '_').Replace('-', '_').Replace('+', '_');

    private ResourceState Create(string urn, string package, string version, ResourceState? old)
    {
        var outputs = providers.Settings(package);
        var inputs = outputs;
        if (version.Length > 0)
        {
            outputs = outputs.With("version", version);
            inputs = outputs.With("__internal", new PropertyValue.Object(PropertyMap.Empty));
        }

        if (old is not null && old.Inputs.Equals(inputs))
        {
            return old;
        }

        var now = clock.GetUtcNow();
        return new ResourceState
        {
            Urn = urn,
            Type = Urns.ProviderType(package),
            Custom = true,
            Id = old?.Id ?? Guid.NewGuid().ToString(),
            Inputs = inputs,
            Outputs = outputs,
            Created = old?.Created ?? now,
            Modified = now,
        };
    }
}
