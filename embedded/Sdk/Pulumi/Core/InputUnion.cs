namespace Pulumi;

/// <summary>An input of one of two types.</summary>
/// <typeparam name="T0">The first type.</typeparam>
/// <typeparam name="T1">The second type.</typeparam>
public sealed class InputUnion<T0, T1> : Input<Union<T0, T1>>
{
    /// <summary>An input with the first type's default.</summary>
    public InputUnion()
        : this(Output.Create(default(Union<T0, T1>)))
    {
    }

    private InputUnion(Output<Union<T0, T1>> output)
        : base(output)
    {
    }

    /// <summary>An input with a plain value.</summary>
    public static implicit operator InputUnion<T0, T1>(T0 value) => new(Output.Create((Union<T0, T1>)value));

    /// <summary>An input with a plain value.</summary>
    public static implicit operator InputUnion<T0, T1>(T1 value) => new(Output.Create((Union<T0, T1>)value));

    /// <summary>An input with a plain value.</summary>
    public static implicit operator InputUnion<T0, T1>(Union<T0, T1> value) => new(Output.Create(value));

    /// <summary>An input with an output's value.</summary>
    public static implicit operator InputUnion<T0, T1>(Output<T0> value) => new(value.Apply(v => (Union<T0, T1>)v));

    /// <summary>An input with an output's value.</summary>
    public static implicit operator InputUnion<T0, T1>(Output<T1> value) => new(value.Apply(v => (Union<T0, T1>)v));

    /// <summary>An input with an output's value.</summary>
    public static implicit operator InputUnion<T0, T1>(Output<Union<T0, T1>> value) => new(value);

    /// <summary>An input with another input's value.</summary>
    public static implicit operator InputUnion<T0, T1>(Input<T0> value) => new(value.Apply(v => (Union<T0, T1>)v));

    /// <summary>An input with another input's value.</summary>
    public static implicit operator InputUnion<T0, T1>(Input<T1> value) => new(value.Apply(v => (Union<T0, T1>)v));
}
