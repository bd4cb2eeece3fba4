using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map of inputs. Each value keeps its own unknown or secret state on the wire.</summary>
/// <typeparam name="TValue">The type of a value.</typeparam>
public sealed class InputMap<TValue> : Input<ImmutableDictionary<string, TValue>>, IEnumerable
{
    private Output<ImmutableDictionary<string, Input<TValue>>> _items = Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty);

    internal override Output<ImmutableDictionary<string, TValue>> Flat => _items.Apply(Flatten);

    private protected override IOutput Wire => _items;

    /// <summary>A map of these values.</summary>
    /// <exception cref="ArgumentNullException">The dictionary is null.</exception>
    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values) =>
        new() { _items = Output.Create(values.ToImmutableDictionary(p => p.Key, p => (Input<TValue>)p.Value)) };

    /// <summary>Adds a value; a key may be added twice only with equal values, else the map faults when it is read.</summary>
    public void Add(string key, Input<TValue> value) =>
        _items = _items.Apply(values => values.SetItem(key, values.TryGetValue(key, out var known) ? Same(key, known, value) : value));

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("an InputMap is not enumerated: its values may not be known yet");

    private static Output<ImmutableDictionary<string, TValue>> Flatten(ImmutableDictionary<string, Input<TValue>> values)
    {
        var keys = values.Keys.ToArray();
        return Output.All(keys.Select(k => values[k].ToOutput())).Apply(all => keys.Zip(all).ToImmutableDictionary(p => p.First, p => p.Second));
    }

    private static Output<TValue> Same(string key, Input<TValue> first, Input<TValue> second) => Output.Tuple(first.ToOutput(), second.ToOutput()).Apply(t =>
        EqualityComparer<TValue>.Default.Equals(t.Item1, t.Item2)
            ? t.Item1
            : throw new ArgumentException($"the key '{key}' was added twice with different values", nameof(key)));
}
