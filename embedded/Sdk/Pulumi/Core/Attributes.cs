namespace Pulumi;

/// <summary>Marks a member of an argument class with its name on the wire.</summary>
/// <param name="name">The name on the wire.</param>
/// <param name="required">Whether it must not be null.</param>
/// <param name="json">Whether it travels as the text of its JSON.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class InputAttribute(string name, bool required = false, bool json = false) : Attribute
{
    internal string Name => name;

    internal bool IsRequired => required;

    internal bool Json => json;
}

/// <summary>Marks a property of a resource that is an output.</summary>
/// <param name="name">The name on the wire, null for the property's own.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute(string? name = null) : Attribute
{
    internal string? Name => name;
}

/// <summary>Marks a struct that is a set of named values; it converts explicitly to a text or a number.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class EnumTypeAttribute : Attribute;
