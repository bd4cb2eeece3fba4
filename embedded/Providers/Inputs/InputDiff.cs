using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.Inputs;

/// <summary>Compares a resource's inputs field by field. Secret marks make no difference, null is the same as absent, and so is what only the official provider filled in.</summary>
internal static class InputDiff
{
    /// <summary>The differences by path.</summary>
    public static ImmutableSortedDictionary<string, PropertyDiff> Compare(ImmutableSortedDictionary<string, InputSpec> specs, PropertyMap before, PropertyMap after)
    {
        before = BridgeMarks.WithoutFilledIn(before, after);
        var found = ImmutableSortedDictionary.CreateBuilder<string, PropertyDiff>(StringComparer.Ordinal);
        foreach (var name in before.Keys.Union(after.Keys))
        {
            var spec = specs.GetValueOrDefault(name) ?? new InputSpec(InputKind.Any);
            CompareValues(name, spec, before.Value(name), after.Value(name), (path, kind) => found[path] = new PropertyDiff(kind, spec.Replaces));
        }

        return found.ToImmutable();
    }

    /// <summary>Whether two lists hold the same items in any order.</summary>
    public static bool SameItems(PropertyValue.Array a, PropertyValue.Array b)
    {
        var rest = b.Items.ToList();
        return a.Items.Length == rest.Count && a.Items.All(rest.Remove);
    }

    private static void CompareValues(string path, InputSpec? spec, PropertyValue? before, PropertyValue? after, Action<string, PropertyDiffKind> report)
    {
        switch (before, after)
        {
            case (null, null):
                break;
            case (null, _):
                report(path, PropertyDiffKind.Add);
                break;
            case (_, null):
                report(path, PropertyDiffKind.Delete);
                break;
            case (PropertyValue.Array a, PropertyValue.Array b) when spec?.Kind == InputKind.Set && SameItems(a, b):
                break;
            case (PropertyValue.Array a, PropertyValue.Array b):
                for (var i = 0; i < Math.Max(a.Items.Length, b.Items.Length); i++)
                {
                    CompareValues($"{path}[{i}]", spec?.Items, a.Items.ElementAtOrDefault(i), b.Items.ElementAtOrDefault(i), report);
                }

                break;
            case (PropertyValue.Object a, PropertyValue.Object b):
                foreach (var name in a.Properties.Keys.Union(b.Properties.Keys))
                {
                    CompareValues($"{path}.{name}", spec?.Fields?.GetValueOrDefault(name), a.Properties.Value(name), b.Properties.Value(name), report);
                }

                break;
            default:
                if (before is PropertyValue.Unknown || !before.Equals(after))
                {
                    report(path, PropertyDiffKind.Update);
                }

                break;
        }
    }
}
