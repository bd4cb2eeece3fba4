namespace Pulumi.Command.Remote;

/// <summary>Which outputs of a command are shown while it runs.</summary>
[EnumType]
public readonly struct Logging
{
    private readonly string _value;

    private Logging(string value) => _value = value;

    /// <summary>Standard error.</summary>
    public static Logging Stderr { get; } = new("stderr");

    /// <summary>Standard output and standard error.</summary>
    public static Logging StdoutAndStderr { get; } = new("stdoutAndStderr");

    /// <summary>The value as it stands on the wire.</summary>
    public static explicit operator string(Logging value) => value._value;

    /// <inheritdoc />
    public override string ToString() => _value;
}
