using System.ComponentModel;

namespace Pulumi.DigitalOcean;

/// <summary>Regions by slug; any other slug goes as a text. Those of the official package that its users meet today.</summary>
[EnumType]
public readonly struct Region : IEquatable<Region>
{
    private readonly string _value;

    private Region(string value) => _value = value;

    /// <summary>New York 1.</summary>
    public static Region NYC1 { get; } = new("nyc1");

    /// <summary>New York 2.</summary>
    public static Region NYC2 { get; } = new("nyc2");

    /// <summary>New York 3.</summary>
    public static Region NYC3 { get; } = new("nyc3");

    /// <summary>Amsterdam 3.</summary>
    public static Region AMS3 { get; } = new("ams3");

    /// <summary>Frankfurt 1.</summary>
    public static Region FRA1 { get; } = new("fra1");

    /// <summary>London 1.</summary>
    public static Region LON1 { get; } = new("lon1");

    /// <summary>San Francisco 2.</summary>
    public static Region SFO2 { get; } = new("sfo2");

    /// <summary>San Francisco 3.</summary>
    public static Region SFO3 { get; } = new("sfo3");

    /// <summary>Singapore 1.</summary>
    public static Region SGP1 { get; } = new("sgp1");

    /// <summary>Sydney 1.</summary>
    public static Region SYD1 { get; } = new("syd1");

    /// <summary>Toronto 1.</summary>
    public static Region TOR1 { get; } = new("tor1");

    /// <summary>Bangalore 1.</summary>
    public static Region BLR1 { get; } = new("blr1");

    /// <summary>Whether both are the same value.</summary>
    public static bool operator ==(Region left, Region right) => left.Equals(right);

    /// <summary>Whether they are different values.</summary>
    public static bool operator !=(Region left, Region right) => !left.Equals(right);

    /// <summary>The value as it stands on the wire.</summary>
    public static explicit operator string(Region value) => value._value;

    /// <inheritdoc />
    public bool Equals(Region other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => obj is Region other && Equals(other);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc />
    public override string ToString() => _value;
}
