namespace Pulumi;

/// <summary>Marks a member of an argument class with its name on the wire.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class InputAttribute : Attribute
{
    /// <summary>Names the input; a required one must not be null, and one sent as JSON travels as a text.</summary>
    public InputAttribute(string name, bool required = false, bool json = false)
    {
        Name = name;
        IsRequired = required;
        Json = json;
    }

    internal string Name { get; }

    internal bool IsRequired { get; }

    internal bool Json { get; }
}

/// <summary>Marks a property of a resource that is an output.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    /// <summary>Names the output; without a name it has the property's own.</summary>
    public OutputAttribute(string? name = null) => Name = name;

    /// <summary>The name on the wire, null for the property's own.</summary>
    public string? Name { get; }
}

/// <summary>Marks a class that outputs are read into, through its <see cref="OutputConstructorAttribute"/> constructor.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputTypeAttribute : Attribute;

/// <summary>Marks the constructor of an <see cref="OutputTypeAttribute"/> class; its parameters have the names on the wire.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class OutputConstructorAttribute : Attribute;

/// <summary>Marks a struct that is a set of named values; it converts explicitly to a text or a number.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class EnumTypeAttribute : Attribute;
