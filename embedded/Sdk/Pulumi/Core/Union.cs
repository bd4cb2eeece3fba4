namespace Pulumi;

/// <summary>A union whose types are not known at compile time.</summary>
internal interface IUnion
{
    object Value { get; }
}

/// <summary>A value of one of two types.</summary>
/// <typeparam name="T0">The first type.</typeparam>
/// <typeparam name="T1">The second type.</typeparam>
public readonly struct Union<T0, T1> : IEquatable<Union<T0, T1>>, IUnion
{
    private readonly T0 _value0;
    private readonly T1 _value1;
    private readonly bool _second;

    private Union(T0 value0, T1 value1, bool second)
    {
        _value0 = value0;
        _value1 = value1;
        _second = second;
    }

    /// <summary>The value, whichever type it is of.</summary>
    public object Value => _second ? _value1! : _value0!;

    /// <summary>A union of a value of the first type.</summary>
    public static implicit operator Union<T0, T1>(T0 t) => new(t, default!, false);

    /// <summary>A union of a value of the second type.</summary>
    public static implicit operator Union<T0, T1>(T1 t) => new(default!, t, true);

    /// <summary>Whether both hold the same type and equal values.</summary>
    public static bool operator ==(Union<T0, T1> left, Union<T0, T1> right) => left.Equals(right);

    /// <summary>Whether they differ in type or value.</summary>
    public static bool operator !=(Union<T0, T1> left, Union<T0, T1> right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(Union<T0, T1> other) => _second == other._second && Equals(Value, other.Value);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Union<T0, T1> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_second, Value);

    /// <inheritdoc />
    public override string ToString() => Value?.ToString() ?? "";
}
