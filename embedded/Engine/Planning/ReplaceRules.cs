using System.Collections.Immutable;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>Applies the option replaceOnChanges.</summary>
internal static class ReplaceRules
{
    /// <summary>The same differences, those at or below one of the paths marked as replacing.</summary>
    public static ImmutableSortedDictionary<string, PropertyDiff> Apply(ImmutableSortedDictionary<string, PropertyDiff> diff, IReadOnlyCollection<string> replaceOnChanges)
    {
        if (diff.IsEmpty || replaceOnChanges.Count == 0)
        {
            return diff;
        }

        var patterns = replaceOnChanges.Select(PropertyPath.Parse).ToArray();
        return diff.ToImmutableSortedDictionary(d => d.Key, d => Matches(d.Key) ? d.Value with { Replaces = true } : d.Value, StringComparer.Ordinal);

        bool Matches(string path)
        {
            var place = PropertyPath.Parse(path);
            return patterns.Any(p => p.Contains(place));
        }
    }
}
