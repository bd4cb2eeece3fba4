using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

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

/// <summary>A rule: the whole text, or each text of a list, matches a pattern.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute : ValidationAttribute
{
    private readonly Regex _whole;

    /// <summary>Makes the rule.</summary>
    /// <param name="pattern">A regular expression without anchors.</param>
    /// <param name="message">What is allowed, and what to do.</param>
    public PatternAttribute(string pattern, string message)
    {
        Pattern = pattern;
        ErrorMessage = message;
        _whole = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);
    }

    /// <summary>A regular expression without anchors.</summary>
    public string Pattern { get; }

    /// <inheritdoc />
    public override bool IsValid(object? value) => value is string text && _whole.IsMatch(text);
}

/// <summary>A rule: one of the methods of <see cref="SettingChecks"/> accepts the value, or each text of a list.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class MustAttribute : ValidationAttribute
{
    /// <summary>Makes the rule.</summary>
    /// <param name="check">Name of the method.</param>
    /// <param name="message">What is allowed, and what to do.</param>
    public MustAttribute(string check, string message)
    {
        Check = check;
        ErrorMessage = message;
    }

    /// <summary>Name of the method.</summary>
    public string Check { get; }

    /// <inheritdoc />
    public override bool IsValid(object? value) =>
        (bool)typeof(SettingChecks).GetMethod(Check, BindingFlags.Static | BindingFlags.Public)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [value], CultureInfo.InvariantCulture)!;
}
