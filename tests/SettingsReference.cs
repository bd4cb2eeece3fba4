using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MesosStack.Components.Settings;

namespace MesosStack.Tests;

/// <summary>What Pulumi.yaml and docs/settings.md say of the settings, made from their declarations.</summary>
internal static partial class SettingsReference
{
    private const int Width = 125;

    /// <summary>The part <c>config</c> of Pulumi.yaml.</summary>
    public static string Schema()
    {
        var yaml = new StringBuilder("config:\n");
        foreach (var (setting, property) in SettingTable.All)
        {
            if (setting.Secret)
            {
                yaml.Append("  # A type that is marked secret could not have a default, so this one is only described as such.\n");
            }

            yaml.Append(CultureInfo.InvariantCulture, $"  {setting.Key}:\n    type: {Type(property)}\n");
            if (Item(property) is { } item)
            {
                yaml.Append(CultureInfo.InvariantCulture, $"    items:\n      type: {item}\n");
            }

            yaml.Append(CultureInfo.InvariantCulture, $"    description:{Folded(Description(property) + (property.IsDefined(typeof(SettledAttribute)) ? " Settled when the cluster is made." : ""))}\n");
            yaml.Append(setting.Default switch
            {
                null => "",
                string[] { Length: 0 } => "    default: []\n",
                string[] texts => $"    default:\n{string.Concat(texts.Select(text => $"      - {Scalar(text)}\n"))}",
                string text => $"    default: {Scalar(text)}\n",
                var number => string.Create(CultureInfo.InvariantCulture, $"    default: {number}\n"),
            });
        }

        return yaml.ToString();
    }

    /// <summary>The document docs/settings.md.</summary>
    public static string Document()
    {
        var text = new StringBuilder("""
            # Settings

            Each setting of the program, in the order of `Components/Settings/ClusterSettings.cs`, from which this page is written. `pulumi config set KEY VALUE` and
            `./mesos-stack config set KEY VALUE` write a setting to `Pulumi.<stack>.yaml`. A wrong setting stops before anything is touched, with every fault in one message.
            No text holds control characters, and none but the keys has more than one line.

            | key | type | default | what it is | what is allowed | on a living cluster |
            | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var (setting, property) in SettingTable.All)
        {
            var rules = SettingTable.Rules(property).Select(rule => rule is TextAttribute text ? string.Create(CultureInfo.InvariantCulture, $"at most {text.Most} characters{(text.Lines ? ", on several lines" : "")}") : rule.ErrorMessage!);
            text.Append(CultureInfo.InvariantCulture, $"| `{setting.Key}` | {Type(property)}{(Item(property) is { } item ? $" of {item}s" : "")}{(setting.Secret ? ", secret" : "")} | {Default(setting.Default)} ")
                .Append(CultureInfo.InvariantCulture, $"| {Escaped(Description(property))} | {Escaped(string.Join("; ", rules))} | {Escaped(Change(setting.Key))} |\n");
        }

        return text.ToString();
    }

    private static string Change(string key) => SettingTable.Settled.TryGetValue(key, out var reason) ? $"settled: {reason}" : "may change";

    private static string Type(PropertyInfo property) => property.PropertyType == typeof(int) ? "integer" : Item(property) is null ? "string" : "array";

    private static string? Item(PropertyInfo property) =>
        property.PropertyType == typeof(ImmutableArray<string>) ? "string" : property.PropertyType == typeof(ImmutableArray<AppSettings>) ? "object" : null;

    private static string Default(object? value) => value switch
    {
        null => "none, must be set",
        "" => "empty",
        string[] { Length: 0 } => "none",
        string[] texts => string.Join(", ", texts.Select(text => $"`{text}`")),
        _ => $"`{value}`",
    };

    // The summary of the declaration.
    private static string Description(PropertyInfo property)
    {
        var assembly = property.DeclaringType!.Assembly;
        var documentation = XDocument.Load(Path.Combine(TestContext.CurrentContext.TestDirectory, assembly.GetName().Name + ".xml"));
        var summary = documentation.Descendants("member").Single(member => (string?)member.Attribute("name") == $"P:{property.DeclaringType.FullName}.{property.Name}").Element("summary")!;
        Assert.That(summary.Elements(), Is.Empty, $"{property.Name}: a person reads the summary as plain text");
        return Blanks().Replace(summary.Value.Trim(), " ");
    }

    private static string Folded(string text)
    {
        if (text.Length + "    description: ".Length <= Width && !text.Contains(": ", StringComparison.Ordinal))
        {
            return " " + text;
        }

        var (lines, line) = (new StringBuilder(" >-"), "");
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length + 6 > Width)
            {
                lines.Append("\n      ").Append(line);
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + word;
        }

        return lines.Append("\n      ").Append(line).ToString();
    }

    private static string Scalar(string text) => Plain().IsMatch(text) ? text : JsonSerializer.Serialize(text);

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9./_-]*\z")]
    private static partial Regex Plain();
}
