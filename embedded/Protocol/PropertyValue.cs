using System.Collections.Immutable;

namespace MesosStack.Embedded.Protocol;

/// <summary>A property of a resource as the engine and the providers see it. Equality is by content.</summary>
public abstract record PropertyValue
{
    private PropertyValue()
    {
    }

    /// <summary>No value, inside an object or array.</summary>
    public static PropertyValue Nothing { get; } = new Null();

    /// <summary>A value that is known only after an update.</summary>
    public static PropertyValue NotKnown { get; } = new Unknown();

    /// <summary>The absent value.</summary>
    public sealed record Null : PropertyValue;

    /// <summary>A value that is known only after an update.</summary>
    public sealed record Unknown : PropertyValue;

    /// <summary>A truth value.</summary>
    public sealed record Bool(bool Value) : PropertyValue;

    /// <summary>A number; the wire knows only doubles.</summary>
    public sealed record Number(double Value) : PropertyValue;

    /// <summary>A text.</summary>
    public sealed record Text(string Value) : PropertyValue;

    /// <summary>A value that must never be seen in clear outside a program and a provider.</summary>
    public sealed record Secret(PropertyValue Value) : PropertyValue
    {
        /// <summary>Does not print the value.</summary>
        public override string ToString() => "[secret]";
    }

    /// <summary>A reference to another resource; <paramref name="Id"/> is null for components, "" while unknown.</summary>
    public sealed record Reference(string Urn, string? Id, string? PackageVersion = null) : PropertyValue;

    /// <summary>
    /// A folder on the machine that runs the program. Two are equal where their files are, wherever they lie: equality is by
    /// <paramref name="Hash"/> alone.
    /// </summary>
    /// <param name="Path">The folder as the program names it: a relative path starts at the program's directory.</param>
    /// <param name="Hash">SHA-256 of the files in lower hexadecimal digits; "" as long as nobody has read them.</param>
    public sealed record Archive(string Path, string Hash) : PropertyValue
    {
        /// <inheritdoc />
        public bool Equals(Archive? other) => other is not null && Hash == other.Hash;

        /// <inheritdoc />
        public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Values in order.</summary>
    public sealed record Array(ImmutableArray<PropertyValue> Items) : PropertyValue
    {
        /// <inheritdoc />
        public bool Equals(Array? other) => other is not null && Items.SequenceEqual(other.Items);

        /// <inheritdoc />
        public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);
    }

    /// <summary>Values by name.</summary>
    public sealed record Object(PropertyMap Properties) : PropertyValue
    {
        /// <inheritdoc />
        public bool Equals(Object? other) => other is not null && Properties.Equals(other.Properties);

        /// <inheritdoc />
        public override int GetHashCode() => Properties.GetHashCode();
    }

    /// <summary>A text as a value.</summary>
    public static implicit operator PropertyValue(string value) => new Text(value);

    /// <summary>A number as a value.</summary>
    public static implicit operator PropertyValue(double value) => new Number(value);

    /// <summary>A truth value as a value.</summary>
    public static implicit operator PropertyValue(bool value) => new Bool(value);

    /// <summary>Whether an unknown value is anywhere inside.</summary>
    public bool ContainsUnknown => this switch
    {
        Unknown => true,
        Secret s => s.Value.ContainsUnknown,
        Array a => a.Items.Any(i => i.ContainsUnknown),
        Object o => o.Properties.ContainsUnknown,
        _ => false,
    };

    /// <summary>Whether a secret is anywhere inside.</summary>
    public bool ContainsSecret => this switch
    {
        Secret => true,
        Array a => a.Items.Any(i => i.ContainsSecret),
        Object o => o.Properties.Values.Any(v => v.ContainsSecret),
        _ => false,
    };

    /// <summary>The same value with each value inside that holds no others replaced.</summary>
    public PropertyValue Map(Func<PropertyValue, PropertyValue> replacement) => this switch
    {
        Secret s => new Secret(s.Value.Map(replacement)),
        Array a => new Array([.. a.Items.Select(i => i.Map(replacement))]),
        Object o => new Object(o.Properties.Map(replacement)),
        _ => replacement(this),
    };

    /// <summary>The same value with every secret mark taken off.</summary>
    public PropertyValue Unwrapped() => this switch
    {
        Secret s => s.Value.Unwrapped(),
        Array a => new Array([.. a.Items.Select(i => i.Unwrapped())]),
        Object o => new Object(o.Properties.Unwrapped()),
        _ => this,
    };
}
