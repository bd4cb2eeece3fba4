using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list of inputs, or an input of a list. Each element keeps its own unknown or secret state on the wire.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable, IAsyncEnumerable<Input<T>>
{
    private Output<ImmutableArray<Input<T>>> _items;

    /// <summary>An empty list.</summary>
    public InputList()
        : this(Output.Create(ImmutableArray<Input<T>>.Empty))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> items) => _items = items;

    internal override Output<ImmutableArray<T>> Flat => _items.Apply(values => Output.All(values));

    private protected override IOutput Wire => _items;

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(T value) => ImmutableArray.Create<Input<T>>(value);

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(Output<T> value) => ImmutableArray.Create<Input<T>>(value);

    /// <summary>A list of one element.</summary>
    public static implicit operator InputList<T>(Input<T> value) => ImmutableArray.Create(value);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(T[] values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(Output<T>[] values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(Input<T>[] values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<T> values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<Output<T>> values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<Input<T>> values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<T> values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<Output<T>> values) => List(values, v => v);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(ImmutableArray<Input<T>> values) => new(Output.Create(values));

    /// <summary>A list with an output's elements.</summary>
    public static implicit operator InputList<T>(Output<T[]> values) => List<T[]>(values);

    /// <summary>A list with an output's elements.</summary>
    public static implicit operator InputList<T>(Output<List<T>> values) => List<List<T>>(values);

    /// <summary>A list with an output's elements.</summary>
    public static implicit operator InputList<T>(Output<IEnumerable<T>> values) => List<IEnumerable<T>>(values);

    /// <summary>A list with an output's elements.</summary>
    public static implicit operator InputList<T>(Output<ImmutableArray<T>> values) => List<ImmutableArray<T>>(values);

    /// <summary>Adds elements at the end.</summary>
    public void Add(params Input<T>[] inputs) => AddRange(inputs);

    /// <summary>Adds another list's elements at the end.</summary>
    public void Add(InputList<T> inputs) => AddRange(inputs);

    /// <summary>Adds another list's elements at the end.</summary>
    public void AddRange(InputList<T> inputs) => _items = Joined(inputs);

    /// <summary>A new list: this one's elements, then the other's.</summary>
    public InputList<T> Concat(InputList<T> other) => new(Joined(other));

    /// <inheritdoc />
    public async IAsyncEnumerator<Input<T>> GetAsyncEnumerator(CancellationToken cancellationToken)
    {
        var data = await Flat.Data.WaitAsync(cancellationToken);
        foreach (var value in data.IsKnown ? data.Value : [])
        {
            yield return value;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("an InputList can only be enumerated asynchronously");

    private static InputList<T> List<TItem>(IEnumerable<TItem> values, Func<TItem, Input<T>> convert) =>
        new(Output.Create(values is ImmutableArray<TItem> { IsDefault: true } ? [] : values.Select(convert).ToImmutableArray()));

    private static InputList<T> List<TValues>(Output<TValues> values)
        where TValues : IEnumerable<T> =>
        new(values.Apply(v => v is ImmutableArray<T> { IsDefault: true } ? [] : v.Select(i => (Input<T>)i).ToImmutableArray()));

    private Output<ImmutableArray<Input<T>>> Joined(InputList<T> other) =>
        Output.Tuple(_items, other._items).Apply(t => t.Item1.AddRange(t.Item2));
}
