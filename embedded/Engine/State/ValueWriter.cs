using System.Globalization;
using System.Text;
using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Writes values as they stand in a state.</summary>
/// <param name="form">How secrets are written.</param>
/// <param name="seals">Seals them; null inside of a secret, which is sealed as a whole.</param>
internal sealed class ValueWriter(SecretsForm form, SealedValues? seals)
{
    private const string HiddenText = "[secret]";

    /// <summary>Writes an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="map">The object.</param>
    /// <param name="place">Where it stands: resource and path.</param>
    public void Write(Utf8JsonWriter json, PropertyMap map, string place)
    {
        json.WriteStartObject();
        foreach (var (name, value) in map)
        {
            json.WritePropertyName(name);
            Write(json, value, $"{place}.{name}");
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a value.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it stands: resource and path.</param>
    public void Write(Utf8JsonWriter json, PropertyValue value, string place)
    {
        switch (value)
        {
            case PropertyValue.Null:
                json.WriteNullValue();
                break;
            case PropertyValue.Bool b:
                json.WriteBooleanValue(b.Value);
                break;
            case PropertyValue.Number n:
                json.WriteNumberValue(n.Value);
                break;
            case PropertyValue.Text t:
                json.WriteStringValue(t.Value);
                break;
            case PropertyValue.Unknown:
                json.WriteStringValue(Signatures.UnknownString);
                break;
            case PropertyValue.Array array:
                json.WriteStartArray();
                for (var i = 0; i < array.Items.Length; i++)
                {
                    Write(json, array.Items[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"));
                }

                json.WriteEndArray();
                break;
            case PropertyValue.Object o:
                Write(json, o.Properties, place);
                break;
            case PropertyValue.Reference reference:
                WriteReference(json, reference);
                break;
            case PropertyValue.Archive archive:
                WriteArchive(json, archive);
                break;
            case PropertyValue.Secret secret:
                WriteSecret(json, secret, place);
                break;
            default:
                throw new NotSupportedException($"cannot write a value of type {value.GetType().Name}");
        }
    }

    private static void WriteReference(Utf8JsonWriter json, PropertyValue.Reference reference)
    {
        json.WriteStartObject();
        json.WriteString(Signatures.Key, Signatures.ResourceReference);
        json.WriteString("urn", reference.Urn);
        json.WriteString("packageVersion", reference.PackageVersion ?? "");
        if (reference.Id is not null)
        {
            json.WriteString("id", reference.Id);
        }

        json.WriteEndObject();
    }

    private static void WriteArchive(Utf8JsonWriter json, PropertyValue.Archive archive)
    {
        json.WriteStartObject();
        json.WriteString(Signatures.Key, Signatures.Archive);
        if (archive.Hash.Length > 0)
        {
            json.WriteString("hash", archive.Hash);
        }

        json.WriteString("path", archive.Path);
        json.WriteEndObject();
    }

    private void WriteSecret(Utf8JsonWriter json, PropertyValue.Secret secret, string place)
    {
        if (form == SecretsForm.Hidden)
        {
            json.WriteStringValue(HiddenText);
            return;
        }

        // The value is encrypted as a whole. A secret inside it is marked but not encrypted a second time.
        var inner = new ValueWriter(SecretsForm.Sealed, null);
        var clear = Encoding.UTF8.GetString(DeploymentWriter.WriteAside(indented: false, w => inner.Write(w, secret.Value, place)));
        json.WriteStartObject();
        json.WriteString(Signatures.Key, Signatures.Secret);
        if (form == SecretsForm.Clear)
        {
            json.WriteString("plaintext", clear);
        }
        else
        {
            json.WriteString("ciphertext", seals is null ? clear : seals.Seal(place, clear));
        }

        json.WriteEndObject();
    }
}
