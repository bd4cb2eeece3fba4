using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Protocol;

namespace Pulumi.Serialization;

/// <summary>A property as read from the wire: texts, doubles, truth values, immutable arrays and dictionaries, archives, resources.</summary>
internal readonly record struct Deserialized(object? Value, bool IsKnown, bool IsSecret)
{
    /// <summary>Whether it is known and not null.</summary>
    public bool HasValue => IsKnown && Value is not null;
}

/// <summary>Reads values from the wire. One unknown or secret anywhere makes the whole property so.</summary>
internal static class Deserializer
{
    public static Deserialized Deserialize(Value value, Func<string, Resource> resolve)
    {
        var (known, secret) = (true, false);
        var result = Read(value);
        return new(known ? result : null, known, secret);

        object? Read(Value v)
        {
            switch (v.KindCase)
            {
                case Value.KindOneofCase.BoolValue:
                    return v.BoolValue;
                case Value.KindOneofCase.NumberValue:
                    return v.NumberValue;
                case Value.KindOneofCase.StringValue:
                    known &= v.StringValue != Signatures.UnknownString;
                    return v.StringValue;
                case Value.KindOneofCase.ListValue:
                    return v.ListValue.Values.Select(Read).ToImmutableArray();
                case Value.KindOneofCase.StructValue:
                    return ReadStruct(v.StructValue);
                default:
                    return null;
            }
        }

        object? ReadStruct(Struct s)
        {
            if (!s.Fields.TryGetValue(Signatures.Key, out var signature))
            {
                return s.Fields
                    .Where(f => !f.Key.StartsWith("__", StringComparison.Ordinal))
                    .ToImmutableDictionary(f => f.Key, f => Read(f.Value), StringComparer.Ordinal);
            }

            switch (signature.StringValue)
            {
                case Signatures.Secret:
                    secret = true;
                    return s.Fields.TryGetValue("value", out var inner) ? Read(inner) : throw new FormatException("a secret came without its value");
                case Signatures.ResourceReference:
                    return resolve(s.Fields["urn"].StringValue);
                case Signatures.Archive when s.Fields.TryGetValue("path", out var path):
                    return new FileArchive(path.StringValue);
                default:
                    throw new NotSupportedException($"a special value with the signature {signature.StringValue} is not part of the embedded SDK");
            }
        }
    }
}
