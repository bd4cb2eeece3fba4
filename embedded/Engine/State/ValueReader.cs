using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Reads values as they stand in a state.</summary>
/// <param name="seals">Opens secrets; null inside of a secret, which is sealed as a whole.</param>
internal sealed class ValueReader(SealedValues? seals)
{
    /// <summary>Reads an object.</summary>
    /// <param name="map">Its JSON.</param>
    /// <param name="place">Where it stands: resource and path.</param>
    public PropertyMap ReadMap(JsonElement map, string place) =>
        map.ValueKind != JsonValueKind.Object ? PropertyMap.Empty : PropertyMap.From(map.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, ReadValue(p.Value, $"{place}.{p.Name}"))));

    private PropertyValue ReadValue(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Null => PropertyValue.Nothing,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => Signatures.Unknowns.Contains(value.GetString()!) ? PropertyValue.NotKnown : value.GetString()!,
        JsonValueKind.Array => new PropertyValue.Array([.. value.EnumerateArray().Select((v, i) => ReadValue(v, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")))]),
        _ => ReadObject(value, place),
    };

    private PropertyValue ReadObject(JsonElement value, string place)
    {
        if (!value.TryGetProperty(Signatures.Key, out var signature))
        {
            return new PropertyValue.Object(ReadMap(value, place));
        }

        return signature.GetString() switch
        {
            Signatures.Secret => ReadSecret(value, place),
            Signatures.ResourceReference => new PropertyValue.Reference(
                DeploymentReader.Text(value, "urn"),
                value.TryGetProperty("id", out var id) ? id.GetString() : null,
                value.TryGetProperty("packageVersion", out var version) && version.GetString() is { Length: > 0 } v ? v : null),
            Signatures.Archive when DeploymentReader.Text(value, "path") is { Length: > 0 } path => new PropertyValue.Archive(path, DeploymentReader.Text(value, "hash")),
            Signatures.Asset or Signatures.Archive => throw new StateException($"{place} is an asset, or an archive that is no folder, which the embedded engine does not have"),
            _ => throw new StateException($"{place} is a special value of an unknown kind"),
        };
    }

    private PropertyValue.Secret ReadSecret(JsonElement value, string place)
    {
        // An export with --show-secrets holds secrets in clear. A secret inside a secret is not sealed a second time.
        var clear = DeploymentReader.Text(value, "plaintext") is { Length: > 0 } plain ? plain
            : DeploymentReader.Text(value, "ciphertext") is not { Length: > 0 } text ? throw new StateException($"{place} is a secret without a ciphertext")
            : seals is null ? text
            : seals.Open(place, text);
        using var inner = JsonDocument.Parse(clear, DeploymentReader.Options);
        return new PropertyValue.Secret(new ValueReader(null).ReadValue(inner.RootElement, place));
    }
}
