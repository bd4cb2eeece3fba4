using System.ComponentModel;

namespace Pulumi.Command.Remote;

/// <summary>Which outputs of a command are shown while it runs.</summary>
[EnumType]
public readonly struct Logging : IEquatable<Logging>
{
    private readonly string _value;

    private Logging(string value) => _value = value;

    /// <summary>Standard output.</summary>
    public static Logging Stdout { get; } = new("stdout");

    /// <summary>Standard error.</summary>
    public static Logging Stderr { get; } = new("stderr");

    /// <summary>Both.</summary>
    public static Logging StdoutAndStderr { get; } = new("stdoutAndStderr");

    /// <summary>Neither.</summary>
    public static Logging None { get; } = new("none");

    /// <summary>Whether both are the same value.</summary>
    public static bool operator ==(Logging left, Logging right) => left.Equals(right);

    /// <summary>Whether they are different values.</summary>
    public static bool operator !=(Logging left, Logging right) => !left.Equals(right);

    /// <summary>The value as it stands on the wire.</summary>
    public static explicit operator string(Logging value) => value._value;

    /// <inheritdoc />
    public bool Equals(Logging other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => obj is Logging other && Equals(other);

    /// <inheritdoc />
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc />
    public override string ToString() => _value;
}
