using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers.Inputs;

/// <summary>
/// What the official DigitalOcean and Random providers add to the inputs in a state: in each object <c>__defaults</c> names the
/// inputs that the provider filled in because the program did not give them. This engine writes no such marks, and the official
/// one does without them.
/// </summary>
internal static class BridgeMarks
{
    private const string FilledIn = "__defaults";

    /// <summary>The inputs of a state without the marks.</summary>
    public static PropertyMap Without(PropertyMap inputs) => Clear(inputs, null);

    /// <summary>The inputs of a state without the marks, and without what the provider filled in and the program does not give now either.</summary>
    public static PropertyMap WithoutFilledIn(PropertyMap inputs, PropertyMap given) => Clear(inputs, given);

    private static PropertyMap Clear(PropertyMap inputs, PropertyMap? given)
    {
        var filledIn = inputs.Texts(FilledIn);
        return PropertyMap.From(inputs
            .Where(i => i.Key != FilledIn && (given is null || !filledIn.Contains(i.Key) || given.Value(i.Key) is not null))
            .Select(i => KeyValuePair.Create(i.Key, Clear(i.Value, given is null ? null : given.Fields(i.Key) ?? PropertyMap.Empty))));
    }

    // The items of a list have no counterpart: many are sets.
    private static PropertyValue Clear(PropertyValue value, PropertyMap? given) => value switch
    {
        PropertyValue.Secret s => new PropertyValue.Secret(Clear(s.Value, given)),
        PropertyValue.Object o => new PropertyValue.Object(Clear(o.Properties, given)),
        PropertyValue.Array a => new PropertyValue.Array([.. a.Items.Select(item => Clear(item, given is null ? null : PropertyMap.Empty))]),
        _ => value,
    };
}
