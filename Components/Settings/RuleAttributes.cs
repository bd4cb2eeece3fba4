using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

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
        _whole = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
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
