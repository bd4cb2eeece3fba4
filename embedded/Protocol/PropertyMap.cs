using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MesosStack.Embedded.Protocol;

/// <summary>Properties by name, in ordinal order. Immutable; equality is by content.</summary>
public sealed class PropertyMap : IReadOnlyDictionary<string, PropertyValue>, IEquatable<PropertyMap>
{
    private readonly ImmutableSortedDictionary<string, PropertyValue> _values;

    private PropertyMap(ImmutableSortedDictionary<string, PropertyValue> values) => _values = values;

    /// <summary>No properties.</summary>
    public static PropertyMap Empty { get; } = new(ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal));

    /// <summary>A map of these properties.</summary>
    /// <exception cref="ArgumentException">A name comes twice with different values.</exception>
    public static PropertyMap From(IEnumerable<KeyValuePair<string, PropertyValue>> properties) =>
        new(Empty._values.AddRange(properties));

    /// <inheritdoc />
    public int Count => _values.Count;

    /// <inheritdoc />
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc />
    public IEnumerable<PropertyValue> Values => _values.Values;

    /// <inheritdoc />
    public PropertyValue this[string key] => _values[key];

    /// <summary>Whether an unknown value is anywhere inside.</summary>
    public bool ContainsUnknown => _values.Values.Any(v => v.ContainsUnknown);

    /// <summary>This map with one property set.</summary>
    public PropertyMap With(string key, PropertyValue value) => new(_values.SetItem(key, value));

    /// <summary>This map without one property.</summary>
    public PropertyMap Without(string key) => new(_values.Remove(key));

    /// <inheritdoc cref="PropertyValue.Map" />
    public PropertyMap Map(Func<PropertyValue, PropertyValue> replacement) => From(_values.Select(p => KeyValuePair.Create(p.Key, p.Value.Map(replacement))));

    /// <summary>The same properties with every secret mark taken off.</summary>
    public PropertyMap Unwrapped() => From(_values.Select(p => KeyValuePair.Create(p.Key, p.Value.Unwrapped())));

    /// <inheritdoc />
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc />
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out PropertyValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public bool Equals(PropertyMap? other) => other is not null && Count == other.Count && _values.SequenceEqual(other._values);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PropertyMap);

    /// <inheritdoc />
    public override int GetHashCode() => _values.Aggregate(17, (h, p) => HashCode.Combine(h, p.Key, p.Value));
}
