namespace Pulumi;

/// <summary>An input of one of two types. This slice takes values of the first alone.</summary>
/// <typeparam name="T0">The first type.</typeparam>
/// <typeparam name="T1">The second type.</typeparam>
public sealed class InputUnion<T0, T1> : Input<Union<T0, T1>>
{
    private InputUnion(Union<T0, T1> value)
        : base(Output.Create(value))
    {
    }

    /// <summary>An input with a plain value.</summary>
    public static implicit operator InputUnion<T0, T1>(T0 value) => new(new Union<T0, T1>(value));
}
