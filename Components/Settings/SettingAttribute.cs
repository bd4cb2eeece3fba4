namespace MesosStack.Components.Settings;

/// <summary>
/// Declares a property of <see cref="ClusterSettings"/>, or of a record in it, as a setting. The property's summary is the setting's description; the rules beside it say
/// what is allowed. <c>Pulumi.yaml</c> and <c>docs/settings.md</c> are written from these declarations.
/// </summary>
/// <param name="key">The key in the project's configuration, without the namespace.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string key) : Attribute
{
    /// <summary>The key in the project's configuration, without the namespace.</summary>
    public string Key { get; } = key;

    /// <summary>The value where none is configured: a text, a whole number or an array of texts; null where a person must choose.</summary>
    public object? Default { get; init; }

    /// <summary>Whether the value is a secret. The property then tells only whether there is one.</summary>
    public bool Secret { get; init; }
}

/// <summary>The setting cannot be changed safely on a living cluster, so its first value is kept and another one refused.</summary>
/// <param name="reason">Why.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettledAttribute(string reason) : Attribute
{
    /// <summary>Why.</summary>
    public string Reason { get; } = reason;

    /// <summary>The key of the setting from which the property is derived; null where the property is the setting.</summary>
    public string? Key { get; init; }
}
