using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>A rule that can say more of a wrong value than what is allowed.</summary>
public abstract class RuleAttribute : ValidationAttribute
{
    /// <summary>Makes a rule.</summary>
    /// <param name="message">What is allowed, and what to do.</param>
    protected RuleAttribute(string message) => ErrorMessage = message;

    /// <summary>What is allowed, and what is wrong with the value; null where nothing is.</summary>
    /// <param name="value">The value; one text of a list.</param>
    public abstract string? Fault(object? value);

    /// <inheritdoc />
    public sealed override bool IsValid(object? value) => Fault(value) is null;
}

/// <summary>A rule that every text and every list of texts has: how long it may be, and of what characters.</summary>
/// <param name="most">How many characters a text may have.</param>
/// <param name="lines">Whether it may have several lines, and tabs.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int most, bool lines = false) : RuleAttribute(TextRule.Allowed(most, lines))
{
    /// <summary>How many characters a text may have.</summary>
    public int Most { get; } = most;

    /// <summary>Whether it may have several lines, and tabs.</summary>
    public bool Lines { get; } = lines;

    /// <inheritdoc />
    // A secret is not among the settings, only whether there is one; whoever reads it applies the rule to its text.
    public override string? Fault(object? value) => value is string text ? TextRule.Fault(text, Most, Lines) : null;
}

/// <summary>A rule: the whole text, or each text of a list, matches a pattern.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute : RuleAttribute
{
    private readonly Regex _whole;

    /// <summary>Makes the rule.</summary>
    /// <param name="pattern">A regular expression without anchors.</param>
    /// <param name="message">What is allowed, and what to do.</param>
    public PatternAttribute(string pattern, string message)
        : base(message)
    {
        Pattern = pattern;
        _whole = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>A regular expression without anchors.</summary>
    public string Pattern { get; }

    /// <inheritdoc />
    public override string? Fault(object? value) => value is string text && _whole.IsMatch(text) ? null : ErrorMessage;
}

/// <summary>A rule: one of the methods of <see cref="SettingChecks"/> accepts the value, or each text of a list. The method gives a truth value, or what is wrong: null for nothing, an empty text where there is no more to say than what is allowed.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class MustAttribute : RuleAttribute
{
    /// <summary>Makes the rule.</summary>
    /// <param name="check">Name of the method.</param>
    /// <param name="message">What is allowed, and what to do.</param>
    public MustAttribute(string check, string message)
        : base(message) => Check = check;

    /// <summary>Name of the method.</summary>
    public string Check { get; }

    /// <summary>Whether it looks at a list as a whole, not at each text.</summary>
    public bool Together { get; init; }

    /// <inheritdoc />
    public override string? Fault(object? value) =>
        typeof(SettingChecks).GetMethod(Check, BindingFlags.Static | BindingFlags.Public)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [value], CultureInfo.InvariantCulture) switch
        {
            true or null => null,
            string { Length: > 0 } more => $"{ErrorMessage}; {more}",
            _ => ErrorMessage,
        };
}
