using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>Compares properties value by value, whatever they mean. Whether a value is secret makes no difference.</summary>
internal static class InputDiff
{
    /// <summary>The differences by path; none of them replaces.</summary>
    public static ImmutableSortedDictionary<string, PropertyDiff> Compare(PropertyMap before, PropertyMap after)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, PropertyDiff>(StringComparer.Ordinal);
        CompareMaps("", before, after, found);
        return found.ToImmutable();
    }

    private static void CompareMaps(string path, PropertyMap before, PropertyMap after, IDictionary<string, PropertyDiff> found)
    {
        foreach (var key in before.Keys.Union(after.Keys, StringComparer.Ordinal))
        {
            CompareValues(PropertyPath.Below(path, key), before.GetValueOrDefault(key), after.GetValueOrDefault(key), found);
        }
    }

    private static void CompareValues(string path, PropertyValue? before, PropertyValue? after, IDictionary<string, PropertyDiff> found)
    {
        switch (Bare(before), Bare(after))
        {
            case (null, null):
                break;
            case (null, _):
                found[path] = new PropertyDiff(PropertyDiffKind.Add, false);
                break;
            case (_, null):
                found[path] = new PropertyDiff(PropertyDiffKind.Delete, false);
                break;
            case (PropertyValue.Object old, PropertyValue.Object @new):
                CompareMaps(path, old.Properties, @new.Properties, found);
                break;
            case (PropertyValue.Array old, PropertyValue.Array @new):
                for (var i = 0; i < Math.Max(old.Items.Length, @new.Items.Length); i++)
                {
                    CompareValues(PropertyPath.Below(path, i), old.Items.ElementAtOrDefault(i), @new.Items.ElementAtOrDefault(i), found);
                }

                break;
            case var (old, @new):
                if (!old.Equals(@new))
                {
                    found[path] = new PropertyDiff(PropertyDiffKind.Update, false);
                }

                break;
        }
    }

    private static PropertyValue? Bare(PropertyValue? value) => value is PropertyValue.Secret secret ? Bare(secret.Value) : value;
}
