using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Engine.State;

/// <summary>The rules that every state keeps; breaking one means that a file was damaged or edited by hand, or that the engine has a fault.</summary>
public static class SnapshotIntegrity
{
    /// <summary>The magic of a manifest: the SHA-256 of the version that wrote it, in hex; "" for no version.</summary>
    public static string Magic(string version) =>
        version.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)));

    /// <summary>Checks a manifest.</summary>
    /// <exception cref="StateException">The magic does not fit the version.</exception>
    public static void CheckManifest(string version, string magic)
    {
        if (magic != Magic(version))
        {
            throw new StateException($"the state is damaged: its manifest's magic does not fit its version '{version}'");
        }
    }

    /// <summary>Checks that every resource refers only to what stands before it.</summary>
    /// <exception cref="StateException">It does not; all faults are in the message.</exception>
    public static void Check(Snapshot snapshot)
    {
        var faults = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var living = new HashSet<string>(StringComparer.Ordinal);
        var providers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in snapshot.Resources)
        {
            var fault = (string what) => faults.Add($"{resource.Urn}: {what}");
            CheckOne(resource, fault);
            Refer("its parent", resource.Parent);
            Refer("what it is deleted with", resource.DeletedWith);
            foreach (var dependency in resource.Dependencies.Concat(resource.PropertyDependencies.Values.SelectMany(d => d)).Distinct(StringComparer.Ordinal))
            {
                Refer("its dependency", dependency);
            }

            if (resource.Provider.Length > 0 && !providers.Contains(resource.Provider))
            {
                fault($"its provider {resource.Provider} does not stand before it");
            }

            if (Urns.IsProvider(resource.Type))
            {
                providers.Add($"{resource.Urn}::{resource.Id}");
            }

            if (!resource.Delete && !living.Add(resource.Urn))
            {
                fault("it stands there twice");
            }

            seen.Add(resource.Urn);

            void Refer(string role, string urn)
            {
                if (urn.Length > 0 && !seen.Contains(urn))
                {
                    fault($"{role} {urn} does not stand before it");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw new StateException($"the state is inconsistent:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(f => "  " + f))}");
        }
    }

    private static void CheckOne(ResourceState resource, Action<string> fault)
    {
        if (!resource.Custom && resource.Id.Length > 0)
        {
            fault("a component has no id");
        }

        if (Urns.IsProvider(resource.Type) && resource.Id.Length == 0)
        {
            fault("a provider needs an id");
        }
    }
}
