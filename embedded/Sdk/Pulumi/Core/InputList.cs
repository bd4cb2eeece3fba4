using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list of inputs. Each element keeps its own unknown or secret state on the wire.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable
{
    private Output<ImmutableArray<Input<T>>> _items;

    /// <summary>An empty list.</summary>
    public InputList()
        : this(Output.Create(ImmutableArray<Input<T>>.Empty))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> items) => _items = items;

    internal override Output<ImmutableArray<T>> Flat => _items.Apply(values => values.IsDefault ? Output.Create(default(ImmutableArray<T>)) : Output.All(values.Select(v => v.ToOutput())));

    private protected override IOutput Wire => _items;

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(T[] values) => Of(values);

    /// <summary>A list of these elements.</summary>
    public static implicit operator InputList<T>(List<T> values) => Of(values);

    /// <summary>A list of these elements. Of an array that was never set it is as that array is: it has no elements, and none can be added.</summary>
    public static implicit operator InputList<T>(ImmutableArray<T> values) => values.IsDefault ? new(Output.Create(default(ImmutableArray<Input<T>>))) : Of(values);

    /// <summary>Adds elements at the end.</summary>
    public void Add(params Input<T>[] inputs) => Add(new InputList<T>(Output.Create(inputs.ToImmutableArray())));

    /// <summary>Adds another list's elements at the end.</summary>
    public void Add(InputList<T> inputs) => _items = Concat(inputs)._items;

    /// <summary>A new list: this one's elements, then the other's.</summary>
    internal InputList<T> Concat(InputList<T> other) => new(Output.Tuple(_items, other._items).Apply(t => t.Item1.AddRange(t.Item2)));

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException("an InputList is not enumerated: its elements may not be known yet");

    private static InputList<T> Of(IEnumerable<T> values) => new(Output.Create(values.Select(v => (Input<T>)v).ToImmutableArray()));
}
