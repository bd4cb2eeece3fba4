using System.Diagnostics.CodeAnalysis;

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

    private Union(T0 value0, T1 value1, bool second)
    {
        _value0 = value0;
        _value1 = value1;
        IsT1 = second;
    }

    /// <summary>The value, whichever type it is of.</summary>
    public object Value => IsT1 ? _value1! : _value0!;

    /// <summary>Whether the value is of the first type.</summary>
    public bool IsT0 => !IsT1;

    /// <summary>Whether the value is of the second type.</summary>
    public bool IsT1 { get; }

    /// <summary>The value as the first type.</summary>
    /// <exception cref="InvalidOperationException">It is of the second type.</exception>
    public T0 AsT0 => IsT0 ? _value0 : throw new InvalidOperationException("the union holds its second type");

    /// <summary>The value as the second type.</summary>
    /// <exception cref="InvalidOperationException">It is of the first type.</exception>
    public T1 AsT1 => IsT1 ? _value1 : throw new InvalidOperationException("the union holds its first type");

    /// <summary>A union of a value of the first type.</summary>
    public static implicit operator Union<T0, T1>(T0 t) => FromT0(t);

    /// <summary>A union of a value of the second type.</summary>
    public static implicit operator Union<T0, T1>(T1 t) => FromT1(t);

    /// <summary>Whether both hold the same type and equal values.</summary>
    public static bool operator ==(Union<T0, T1> left, Union<T0, T1> right) => left.Equals(right);

    /// <summary>Whether they differ in type or value.</summary>
    public static bool operator !=(Union<T0, T1> left, Union<T0, T1> right) => !left.Equals(right);

    /// <summary>A union of a value of the first type.</summary>
    public static Union<T0, T1> FromT0(T0 input) => new(input, default!, false);

    /// <summary>A union of a value of the second type.</summary>
    public static Union<T0, T1> FromT1(T1 input) => new(default!, input, true);

    /// <summary>Transforms the value by the function for its type.</summary>
    public TResult Match<TResult>(Func<T0, TResult> f0, Func<T1, TResult> f1) => IsT1 ? f1(_value1) : f0(_value0);

    /// <summary>Runs the action for the value's type.</summary>
    public void Switch(Action<T0> f0, Action<T1> f1)
    {
        if (IsT1)
        {
            f1(_value1);
        }
        else
        {
            f0(_value0);
        }
    }

    /// <summary>Transforms a value of the first type.</summary>
    public Union<TResult, T1> MapT0<TResult>(Func<T0, TResult> mapFunc) => IsT1 ? Union<TResult, T1>.FromT1(_value1) : Union<TResult, T1>.FromT0(mapFunc(_value0));

    /// <summary>Transforms a value of the second type.</summary>
    public Union<T0, TResult> MapT1<TResult>(Func<T1, TResult> mapFunc) => IsT1 ? Union<T0, TResult>.FromT1(mapFunc(_value1)) : Union<T0, TResult>.FromT0(_value0);

    /// <summary>Transforms a value of either type.</summary>
    public Union<TResult0, TResult1> Bimap<TResult0, TResult1>(Func<T0, TResult0> mapFunc0, Func<T1, TResult1> mapFunc1) =>
        IsT1 ? Union<TResult0, TResult1>.FromT1(mapFunc1(_value1)) : Union<TResult0, TResult1>.FromT0(mapFunc0(_value0));

    /// <summary>Takes the value if it is of the first type.</summary>
    public bool TryPickT0([MaybeNullWhen(false)] out T0 value, [MaybeNullWhen(true)] out T1 remainder)
    {
        value = _value0;
        remainder = _value1;
        return IsT0;
    }

    /// <summary>Takes the value if it is of the second type.</summary>
    public bool TryPickT1([MaybeNullWhen(false)] out T1 value, [MaybeNullWhen(true)] out T0 remainder)
    {
        value = _value1;
        remainder = _value0;
        return IsT1;
    }

    /// <inheritdoc />
    public bool Equals(Union<T0, T1> other) => IsT1 == other.IsT1 && Equals(Value, other.Value);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Union<T0, T1> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(IsT1, Value);

    /// <inheritdoc />
    public override string ToString() => Value?.ToString() ?? "";
}
