using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using MesosStack.Components.Settings;

namespace MesosStack.Tests;

/// <summary>What every setting must have, also one that somebody adds.</summary>
public sealed partial class SettingRuleTests
{
    private static readonly IEnumerable<string> Texts = SettingTable.All.Where(entry => IsText(entry.Property) || entry.Setting.Secret).Select(entry => entry.Setting.Key);

    private static readonly IEnumerable<string> Lists = SettingTable.All.Where(entry => entry.Property.PropertyType.IsGenericType).Select(entry => entry.Setting.Key);

    [Test]
    public void Every_text_has_a_length_and_a_set_of_characters() =>
        Assert.That(SettingTable.All.Where(entry => IsText(entry.Property) || entry.Setting.Secret).Where(entry => !entry.Property.IsDefined(typeof(TextAttribute))).Select(entry => entry.Setting.Key), Is.Empty);

    [Test]
    public void Every_list_has_a_length() =>
        Assert.That(SettingTable.All.Where(entry => IsList(entry.Property)).Where(entry => !entry.Property.IsDefined(typeof(MaxLengthAttribute))).Select(entry => entry.Setting.Key), Is.Empty);

    [Test]
    public void Every_number_has_limits() =>
        Assert.That(
            SettingTable.All.Where(entry => entry.Property.PropertyType == typeof(int)).Where(entry => !entry.Property.IsDefined(typeof(System.ComponentModel.DataAnnotations.RangeAttribute)) && !entry.Property.IsDefined(typeof(AllowedValuesAttribute))).Select(entry => entry.Setting.Key),
            Is.Empty);

    [TestCaseSource(nameof(Texts))]
    public void No_text_is_endless_or_holds_what_cannot_be_typed(string key)
    {
        var (_, property) = SettingTable.All.Single(entry => entry.Setting.Key == key);
        var rule = property.GetCustomAttribute<TextAttribute>()!;
        foreach (var text in (string[])[new string('a', rule.Most + 1), "a\0", "a\u0085a", "a\u001bb", "a\u007f", "a\u2029b", .. rule.Lines ? (string[])[] : ["a\nb", "a\r\nb", "a\tb"]])
        {
            var value = property.PropertyType == typeof(ImmutableArray<string>) ? TestConfiguration.Json(text) : text;
            var faults = TestConfiguration.Read(TestConfiguration.Configuration((key, value))).Faults.Where(fault => fault.Key == key || fault.Key == $"{key}[0]");
            Assert.That(faults.Select(fault => fault.Allowed), Has.Some.Contains($"at most {rule.Most} characters"), TextRule.Fault(text, rule.Most, rule.Lines));
        }
    }

    [TestCaseSource(nameof(Lists))]
    public void No_list_is_endless(string key)
    {
        if (IsList(SettingTable.All.Single(entry => entry.Setting.Key == key).Property))
        {
            var faults = TestConfiguration.Read(TestConfiguration.Configuration((key, TestConfiguration.Json([.. Enumerable.Range(0, 101).Select(n => $"10.0.{n}.0/24")])))).Faults;
            Assert.That(faults.Select(fault => fault.Allowed), Has.Some.EqualTo("must name at most 100"));
        }
    }

    [Test]
    public void A_text_of_any_language_is_a_text() => Assert.That(TextRule.Fault("größer \U0001F600 مرحبا\n\t", 40, lines: true), Is.Null);

    [Test]
    public void A_text_with_half_a_surrogate_pair_is_none() =>
        Assert.That(TextRule.Fault("a\ud83d", 40), Is.EqualTo("must be at most 40 characters on one line, none of them a control character; character 2 is half of a surrogate pair"));

    /// <summary>"$" also matches before a line end at the end, so that "nyc3\n" would be a region.</summary>
    [Test]
    public void Every_pattern_takes_the_whole_text()
    {
        var generated =
            from type in typeof(ClusterSettings).Assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            let pattern = method.GetCustomAttribute<GeneratedRegexAttribute>()?.Pattern
            where pattern is not null
            select pattern;
        var all = generated.Concat(SettingTable.All.Select(entry => entry.Property.GetCustomAttribute<PatternAttribute>()?.Pattern).OfType<string>()).ToList();

        Assert.That(all, Has.Count.GreaterThan(15), "the patterns of the program");
        Assert.That(all.Where(pattern => Dollar().IsMatch(pattern)), Is.Empty);
    }

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*\$")]
    private static partial Regex Dollar();

    private static bool IsText(PropertyInfo property) => property.PropertyType == typeof(string) || property.PropertyType == typeof(ImmutableArray<string>);

    private static bool IsList(PropertyInfo property) => property.PropertyType == typeof(ImmutableArray<string>);
}
