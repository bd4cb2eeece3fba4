using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace MesosStack.Embedded.Protocol;

/// <summary>Property values from and to the <c>google.protobuf.Struct</c> form they have on Pulumi's wire.</summary>
public static class PropertyCodec
{
    /// <summary>Reads a struct; null reads as no properties.</summary>
    /// <exception cref="FormatException">A special value is malformed or of a kind this project does not speak (assets, archives that are no folder).</exception>
    public static PropertyMap FromStruct(Struct? value) =>
        value is null ? PropertyMap.Empty : PropertyMap.From(value.Fields.Select(f => KeyValuePair.Create(f.Key, FromValue(f.Value))));

    /// <summary>Reads one value.</summary>
    /// <exception cref="FormatException">As for <see cref="FromStruct"/>.</exception>
    public static PropertyValue FromValue(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.None or Value.KindOneofCase.NullValue => PropertyValue.Nothing,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.NumberValue => value.NumberValue,
        Value.KindOneofCase.StringValue => Signatures.Unknowns.Contains(value.StringValue) ? PropertyValue.NotKnown : value.StringValue,
        Value.KindOneofCase.ListValue => new PropertyValue.Array([.. value.ListValue.Values.Select(FromValue)]),
        Value.KindOneofCase.StructValue => FromStructValue(value.StructValue),
        _ => throw new FormatException($"unknown kind of value: {value.KindCase}"),
    };

    /// <summary>Writes properties with their secret marks, references and unknowns.</summary>
    public static Struct ToStruct(PropertyMap properties)
    {
        var result = new Struct();
        foreach (var (key, value) in properties)
        {
            result.Fields[key] = ToValue(value);
        }

        return result;
    }

    /// <summary>Writes one value.</summary>
    public static Value ToValue(PropertyValue value) => value switch
    {
        PropertyValue.Null => Value.ForNull(),
        PropertyValue.Bool b => Value.ForBool(b.Value),
        PropertyValue.Number n => Value.ForNumber(n.Value),
        PropertyValue.Text t => Value.ForString(t.Value),
        PropertyValue.Unknown => Value.ForString(Signatures.UnknownString),
        PropertyValue.Array a => Value.ForList([.. a.Items.Select(ToValue)]),
        PropertyValue.Object o => Value.ForStruct(ToStruct(o.Properties)),
        PropertyValue.Secret s => Special(Signatures.Secret, ("value", ToValue(s.Value))),
        PropertyValue.Reference r => Special(Signatures.ResourceReference, ("urn", Text(r.Urn)), ("id", Text(r.Id)), ("packageVersion", Text(r.PackageVersion))),
        PropertyValue.Archive a => Special(Signatures.Archive, ("path", Text(a.Path)), ("hash", a.Hash.Length > 0 ? Text(a.Hash) : null)),
        _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"cannot write a value of type {value.GetType().Name}")),
    };

    private static PropertyValue FromStructValue(Struct value)
    {
        if (!value.Fields.TryGetValue(Signatures.Key, out var signature))
        {
            return new PropertyValue.Object(FromStruct(value));
        }

        return signature.StringValue switch
        {
            Signatures.Secret => new PropertyValue.Secret(FromValue(Field(value, "value"))),
            Signatures.ResourceReference => new PropertyValue.Reference(
                Field(value, "urn").StringValue,
                value.Fields.TryGetValue("id", out var id) ? FromId(id) : null,
                value.Fields.TryGetValue("packageVersion", out var version) ? version.StringValue : null),
            Signatures.OutputValue => FromOutput(value),
            Signatures.Archive => FromArchive(value),
            Signatures.Asset => throw new FormatException("assets are not part of the embedded half"),
            _ => throw new FormatException($"unrecognized signature '{signature.StringValue}' in a property value"),
        };
    }

    private static string FromId(Value id) => Signatures.Unknowns.Contains(id.StringValue) ? "" : id.StringValue;

    private static PropertyValue FromOutput(Struct value)
    {
        var inner = value.Fields.TryGetValue("value", out var known) ? FromValue(known) : PropertyValue.NotKnown;
        return value.Fields.TryGetValue("secret", out var secret) && secret.BoolValue ? new PropertyValue.Secret(inner) : inner;
    }

    private static PropertyValue.Archive FromArchive(Struct value) =>
        value.Fields.TryGetValue("path", out var path) && path.StringValue.Length > 0
            ? new PropertyValue.Archive(path.StringValue, value.Fields.TryGetValue("hash", out var hash) ? hash.StringValue : "")
            : throw new FormatException("archives of assets and archives at an address are not part of the embedded half");

    private static Value Field(Struct value, string name) =>
        value.Fields.TryGetValue(name, out var field) ? field : throw new FormatException($"a special value lacks its field '{name}'");

    private static Value? Text(string? text) => text is null ? null : Value.ForString(text);

    private static Value Special(string signature, params ReadOnlySpan<(string Name, Value? Value)> fields)
    {
        var result = new Struct { Fields = { [Signatures.Key] = Value.ForString(signature) } };
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                result.Fields[name] = value;
            }
        }

        return Value.ForStruct(result);
    }
}
