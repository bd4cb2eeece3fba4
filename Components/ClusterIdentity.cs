using System.Collections.Immutable;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Random;

namespace MesosStack.Components;

/// <summary>What makes a cluster the same one for its whole life.</summary>
internal static class ClusterIdentity
{
    /// <summary>
    /// The cluster's name at DigitalOcean. What the first update settles is kept, whatever is configured later. Every name at DigitalOcean depends on this one, so Pulumi
    /// fails here before it touches anything.
    /// </summary>
    /// <exception cref="RunException">A settled setting has another value now; thrown where the name is used.</exception>
    public static Output<string> UniqueName(string name, ClusterSettings settings, Resource parent)
    {
        var suffix = new RandomId($"{name}-suffix", new RandomIdArgs
        {
            ByteLength = 3,
            Keepers = new Dictionary<string, string>(SettledSettings.Of(name, settings)),
        }, new CustomResourceOptions { Parent = parent, IgnoreChanges = { "keepers" } });
        return Output.Tuple(suffix.Keepers, suffix.Hex).Apply(both =>
        {
            var kept = both.Item1 ?? ImmutableDictionary<string, string>.Empty;
            var refusals = SettledSettings.Refusals(kept, settings);
            return refusals.Count == 0
                ? $"{kept.GetValueOrDefault(SettledSettings.NameKey, name)}-{both.Item2}"
                : throw new RunException($"This cluster lives, and what was settled when it was created cannot be changed; nothing was touched. Put it back, or make another stack:\n  {string.Join("\n  ", refusals)}");
        });
    }
}
