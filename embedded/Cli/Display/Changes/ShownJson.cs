using System.Text.Json;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>Reads values from JSON in which secrets are hidden.</summary>
internal static class ShownJson
{
    private static readonly PropertyValue.Secret Hidden = new(PropertyValue.Nothing);

    public static PropertyMap Map(JsonElement map) =>
        PropertyMap.From(map.EnumerateObject().DistinctBy(p => p.Name, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Name, Value(p.Value))));

    public static PropertyValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => PropertyValue.Nothing,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() is DisplayText.Secret ? Hidden : Signatures.Unknowns.Contains(value.GetString()!) ? PropertyValue.NotKnown : value.GetString()!,
        JsonValueKind.Array => new PropertyValue.Array([.. value.EnumerateArray().Select(Value)]),
        _ => Text(value, Signatures.Key) switch
        {
            Signatures.Archive when Text(value, "path") is { } path => new PropertyValue.Archive(path, Text(value, "hash") ?? ""),
            Signatures.ResourceReference when Text(value, "urn") is { } urn => new PropertyValue.Reference(urn, Text(value, "id")),
            Signatures.Secret => Hidden,
            _ => new PropertyValue.Object(Map(value)),
        },
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
