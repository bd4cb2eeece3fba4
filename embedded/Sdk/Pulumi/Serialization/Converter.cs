using System.Collections.Immutable;

namespace Pulumi.Serialization;

/// <summary>Converts what was read from the wire to the types that resources declare.</summary>
internal static class Converter
{
    private static readonly Type[] Served = [typeof(string), typeof(bool), typeof(double), typeof(object), typeof(ImmutableDictionary<string, string>)];

    /// <summary>Converts; a value of another kind is warned of, in the resource's name, and becomes the type's default.</summary>
    /// <exception cref="NotSupportedException">The type is not one that outputs have here.</exception>
    public static T Convert<T>(string context, object? value, Resource resource)
    {
        if (!Served.Contains(typeof(T)))
        {
            throw new NotSupportedException($"{context}: outputs of the type {typeof(T)} are not part of the embedded SDK");
        }

        switch (value)
        {
            case null:
                return default!;
            case T wanted:
                return wanted;
            case ImmutableDictionary<string, object?> map when typeof(T) == typeof(ImmutableDictionary<string, string>):
                return (T)(object)map.ToImmutableDictionary(p => p.Key, p => Convert<string>($"{context}.{p.Key}", p.Value, resource));
            default:
                Log.Warn($"Expected {typeof(T)} but got {value.GetType()} deserializing {context}", resource);
                return default!;
        }
    }
}
