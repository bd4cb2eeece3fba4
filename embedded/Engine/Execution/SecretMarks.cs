using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Marks as secret what a provider gave back in clear though it should not be seen.</summary>
internal static class SecretMarks
{
    /// <summary>The outputs, with those marked that the program named and those whose input of the same name is secret.</summary>
    public static PropertyMap Mark(PropertyMap outputs, PropertyMap inputs, IReadOnlyCollection<string> named) =>
        PropertyMap.From(outputs.Select(o => KeyValuePair.Create(
            o.Key,
            named.Contains(o.Key) ? Sealed(o.Value) : inputs.TryGetValue(o.Key, out var input) ? MarkLike(o.Value, input) : o.Value)));

    private static PropertyValue MarkLike(PropertyValue output, PropertyValue input) => (output, input) switch
    {
        (PropertyValue.Secret, _) => output,
        (_, PropertyValue.Secret) => Sealed(output),
        (PropertyValue.Object o, PropertyValue.Object i) => new PropertyValue.Object(Mark(o.Properties, i.Properties, [])),
        (PropertyValue.Array o, PropertyValue.Array i) when o.Items.Length == i.Items.Length =>
            new PropertyValue.Array([.. o.Items.Zip(i.Items, MarkLike)]),
        _ => input.ContainsSecret ? Sealed(output) : output,
    };

    private static PropertyValue Sealed(PropertyValue value) => value is PropertyValue.Secret ? value : new PropertyValue.Secret(value);
}
