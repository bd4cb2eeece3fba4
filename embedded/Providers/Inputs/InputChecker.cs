using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.Inputs;

/// <summary>Finds names and kinds in a resource's inputs that its provider cannot work with. Faults never hold values.</summary>
internal static class InputChecker
{
    /// <summary>Every fault in <paramref name="inputs"/>; unknown values pass.</summary>
    public static IEnumerable<CheckFault> Check(ImmutableSortedDictionary<string, InputSpec> specs, PropertyMap inputs) => CheckFields("", specs, inputs);

    private static IEnumerable<CheckFault> CheckFields(string path, ImmutableSortedDictionary<string, InputSpec> specs, PropertyMap values)
    {
        foreach (var (name, value) in values)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!specs.TryGetValue(name, out var spec))
            {
                yield return new CheckFault(at, $"is not an input that this provider knows; it knows {string.Join(", ", specs.Keys)}");
                continue;
            }

            foreach (var fault in CheckValue(at, spec, value))
            {
                yield return fault;
            }
        }

        foreach (var (name, _) in specs.Where(s => s.Value.Required && values.Value(s.Key) is null))
        {
            yield return new CheckFault(path.Length == 0 ? name : $"{path}.{name}", "is required");
        }
    }

    private static IEnumerable<CheckFault> CheckValue(string path, InputSpec spec, PropertyValue value) => (spec.Kind, value) switch
    {
        (_, PropertyValue.Secret s) => CheckValue(path, spec, s.Value),
        (_, PropertyValue.Unknown or PropertyValue.Null) => [],
        (InputKind.Any, _) or (InputKind.Text, PropertyValue.Text) or (InputKind.Bool, PropertyValue.Bool) or (InputKind.Archive, PropertyValue.Archive) => [],
        (InputKind.Whole, PropertyValue.Number n) => double.IsInteger(n.Value) ? [] : [new CheckFault(path, "has to be a whole number")],
        (InputKind.List or InputKind.Set, PropertyValue.Array a) => a.Items.SelectMany((item, i) => CheckValue($"{path}[{i}]", spec.Items!, item)),
        (InputKind.Map, PropertyValue.Object o) => o.Properties.SelectMany(p => CheckValue($"{path}.{p.Key}", new InputSpec(InputKind.Text), p.Value)),
        (InputKind.Object, PropertyValue.Object o) => CheckFields(path, spec.Fields!, o.Properties),
        _ => [new CheckFault(path, $"has to be {Describe(spec.Kind)}")],
    };

    private static string Describe(InputKind kind) => kind switch
    {
        InputKind.Text => "a text",
        InputKind.Whole => "a whole number",
        InputKind.Bool => "true or false",
        InputKind.List or InputKind.Set => "a list",
        InputKind.Archive => "a FileArchive",
        _ => "an object",
    };
}
