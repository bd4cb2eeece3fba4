using System.ComponentModel;

namespace Pulumi.DigitalOcean;

/// <summary>Sizes by slug; any other slug goes as a text. A few basic ones of the official package's list.</summary>
[EnumType]
public readonly struct DropletSlug : IEquatable<DropletSlug>
{
    private readonly string _value;

    private DropletSlug(string value) => _value = value;

    /// <summary>1 processor, 1 GB.</summary>
    public static DropletSlug DropletS1VCPU1GB { get; } = new("s-1vcpu-1gb");

    /// <summary>1 processor, 2 GB.</summary>
    public static DropletSlug DropletS1VCPU2GB { get; } = new("s-1vcpu-2gb");

    /// <summary>2 processors, 2 GB.</summary>
    public static DropletSlug DropletS2VCPU2GB { get; } = new("s-2vcpu-2gb");

    /// <summary>2 processors, 4 GB.</summary>
    public static DropletSlug DropletS2VCPU4GB { get; } = new("s-2vcpu-4gb");

    /// <summary>4 processors, 8 GB.</summary>
    public static DropletSlug DropletS4VCPU8GB { get; } = new("s-4vcpu-8gb");

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
