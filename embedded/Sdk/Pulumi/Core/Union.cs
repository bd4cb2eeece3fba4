namespace Pulumi;

/// <summary>A union whose types are not known at compile time.</summary>
internal interface IUnion
{
    object? Value { get; }
}

/// <summary>A value of one of two types. This slice has values of the first alone.</summary>
/// <typeparam name="T0">The first type.</typeparam>
/// <typeparam name="T1">The second type.</typeparam>
public readonly struct Union<T0, T1> : IUnion
{
    private readonly T0 _value;

    internal Union(T0 value) => _value = value;

    object? IUnion.Value => _value;

    /// <inheritdoc />
    public override string ToString() => _value?.ToString() ?? "";
}
