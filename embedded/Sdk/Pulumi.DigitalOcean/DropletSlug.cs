using System.ComponentModel;

namespace Pulumi.DigitalOcean;

/// <summary>A size of the official package's list, which inputs name beside a text. This slice has none of the list: give the slug as a text.</summary>
[EnumType]
public readonly struct DropletSlug : IEquatable<DropletSlug>
{
    private readonly string _value;

    private DropletSlug(string value) => _value = value;

    /// <summary>Whether both are the same value.</summary>
    public static bool operator ==(DropletSlug left, DropletSlug right) => left.Equals(right);

    /// <summary>Whether they are different values.</summary>
    public static bool operator !=(DropletSlug left, DropletSlug right) => !left.Equals(right);

    /// <summary>The value as it stands on the wire.</summary>
    public static explicit operator string(DropletSlug value) => value._value;

    /// <inheritdoc />
    public bool Equals(DropletSlug other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => obj is DropletSlug other && Equals(other);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc />
    public override string ToString() => _value;
}
