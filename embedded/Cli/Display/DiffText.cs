using System.Globalization;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>The differences of a step, property by property; secrets are never shown, unknown values are told as such.</summary>
internal static class DiffText
{
    private const string Unknown = "[known after the update]";
    private const string Secret = "[secret]";

    /// <summary>The lines for one step.</summary>
    public static IEnumerable<string> Lines(Step step)
    {
        yield return $"{Words.Sign(step.Kind),-2} {Words.Type(step.Type)} {Words.Name(step.Urn)}: {Words.Operation(step.Kind)}";
        yield return $"     [urn={step.Urn}]";
        var replaces = step.Details.Where(d => d.Value.Replaces).Select(d => d.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var line in Compare(step.Old?.Inputs ?? PropertyMap.Empty, step.New?.Inputs ?? PropertyMap.Empty, "     ", replaces, ""))
        {
            yield return line;
        }
    }

    /// <summary>A value in one line.</summary>
    public static string Show(PropertyValue value) => value switch
    {
        PropertyValue.Secret => Secret,
        PropertyValue.Unknown => Unknown,
        PropertyValue.Null => "null",
        PropertyValue.Array a => "[" + string.Join(", ", a.Items.Select(Show)) + "]",
        PropertyValue.Object o => "{" + string.Join(", ", o.Properties.Select(p => $"{p.Key}: {Show(p.Value)}")) + "}",
        PropertyValue.Reference r => r.Urn,
        PropertyValue.Archive a => PropertyText.Archive(a),
        _ => DeploymentWriter.ToJson(value, SecretsForm.Hidden),
    };

    private static IEnumerable<string> Compare(PropertyMap old, PropertyMap @new, string indent, IReadOnlySet<string> replaces, string path)
    {
        foreach (var key in old.Keys.Union(@new.Keys, StringComparer.Ordinal).Where(k => !k.StartsWith("__", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var before = old.TryGetValue(key, out var b) ? b : null;
            var after = @new.TryGetValue(key, out var a) ? a : null;
            var at = path.Length == 0 ? key : $"{path}.{key}";
            foreach (var line in Compare(key, before, after, indent, replaces, at))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Compare(string key, PropertyValue? before, PropertyValue? after, string indent, IReadOnlySet<string> replaces, string path)
    {
        if (Equals(before, after))
        {
            return [];
        }

        return (before, after) switch
        {
            (PropertyValue.Object o, PropertyValue.Object n) => [$"{indent}~ {key}:", .. Compare(o.Properties, n.Properties, indent + "    ", replaces, path)],
            (PropertyValue.Array o, PropertyValue.Array n) => [$"{indent}~ {key}:", .. CompareItems(o, n, indent + "    ", replaces, path)],
            (PropertyValue.Archive o, PropertyValue.Archive n) => [$"{indent}~ {key}: {PropertyText.Archive(o, n)}"],
            (null, { } n) => [$"{indent}+ {key}: {Show(n)}"],
            ({ } o, null) => [$"{indent}- {key}: {Show(o)}"],
            ({ } o, { } n) => [$"{indent}~ {key}: {Show(o)} => {Show(n)}{(replaces.Contains(path) ? " (replaces)" : "")}"],
            _ => [],
        };
    }

    private static IEnumerable<string> CompareItems(PropertyValue.Array old, PropertyValue.Array @new, string indent, IReadOnlySet<string> replaces, string path) =>
        Enumerable.Range(0, Math.Max(old.Items.Length, @new.Items.Length)).SelectMany(i => Compare(
            string.Create(CultureInfo.InvariantCulture, $"[{i}]"),
            i < old.Items.Length ? old.Items[i] : null,
            i < @new.Items.Length ? @new.Items[i] : null,
            indent,
            replaces,
            string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")));
}
