using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map of inputs, or an input of a map. Each value keeps its own unknown or secret state on the wire.</summary>
/// <typeparam name="TValue">The type of a value.</typeparam>
public sealed class InputMap<TValue> : Input<ImmutableDictionary<string, TValue>>, IEnumerable, IAsyncEnumerable<Input<KeyValuePair<string, TValue>>>
{
    private Output<ImmutableDictionary<string, Input<TValue>>> _items;

    /// <summary>An empty map.</summary>
    public InputMap()
        : this(Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> items) => _items = items;

    /// <summary>Sets a value; a key may be set twice only with equal values.</summary>
    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    internal override Output<ImmutableDictionary<string, TValue>> Flat => _items.Apply(Flatten);

    private protected override IOutput Wire => _items;

    /// <summary>A map of these values.</summary>
    /// <exception cref="ArgumentNullException">The dictionary is null.</exception>
    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values) => new(Output.Create(Inputs(values)));

    /// <summary>A map of these values; null stands for no map.</summary>
    public static implicit operator InputMap<TValue>(ImmutableDictionary<string, TValue> values) => Output.Create(values);

    /// <summary>A map with an output's values.</summary>
    public static implicit operator InputMap<TValue>(Output<Dictionary<string, TValue>> values) => new(values.Apply(Inputs));

    /// <summary>A map with an output's values.</summary>
    public static implicit operator InputMap<TValue>(Output<IDictionary<string, TValue>> values) => new(values.Apply(Inputs));

    /// <summary>A map with an output's values; a null stands for no map, as a resource has it that was given none.</summary>
    public static implicit operator InputMap<TValue>(Output<ImmutableDictionary<string, TValue>> values) =>
        new(values.Apply(v => v is null ? null! : Inputs(v)));

    /// <summary>Adds a value; a key may be added twice only with equal values, else the map faults when it is read.</summary>
    public void Add(string key, Input<TValue> value) =>
        _items = _items.Apply(values => values.TryGetValue(key, out var known)
            ? values.SetItem(key, Same(key, known, value))
            : values.Add(key, value));

    /// <summary>Adds another map's values; where both have a key the map faults when it is read.</summary>
    public void Add(InputMap<TValue> values) => AddRange(values);

    /// <summary>Adds another map's values; where both have a key the map faults when it is read.</summary>
    public void AddRange(InputMap<TValue> values) =>
        _items = Output.Tuple(_items, values._items).Apply(t => t.Item1.AddRange(t.Item2));

    /// <inheritdoc />
    public async IAsyncEnumerator<Input<KeyValuePair<string, TValue>>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var data = await Flat.Data.WaitAsync(cancellationToken);
        foreach (var value in data.KnownValue ?? [])
        {
            yield return value;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("an InputMap can only be enumerated asynchronously");

    private static ImmutableDictionary<string, Input<TValue>> Inputs(IEnumerable<KeyValuePair<string, TValue>> values) =>
        values.ToImmutableDictionary(p => p.Key, p => (Input<TValue>)p.Value);

    private static Output<ImmutableDictionary<string, TValue>>? Flatten(ImmutableDictionary<string, Input<TValue>>? values)
    {
        if (values is null)
        {
            return null;
        }

        var keys = values.Keys.ToArray();
        return Output.All(keys.Select(k => values[k])).Apply(all => keys.Zip(all).ToImmutableDictionary(p => p.First, p => p.Second));
    }

    private static Output<TValue> Same(string key, Input<TValue> first, Input<TValue> second) => Output.Tuple(first, second).Apply(t =>
        EqualityComparer<TValue>.Default.Equals(t.Item1, t.Item2)
            ? t.Item1
            : throw new ArgumentException($"the key '{key}' was added twice with different values", nameof(key)));
}
