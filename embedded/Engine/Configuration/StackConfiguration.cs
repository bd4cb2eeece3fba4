using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Engine.Secrets;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>The settings of a stack as a program gets them: every value a text, objects and arrays as JSON, secrets in clear.</summary>
/// <param name="Values">The values by full key.</param>
/// <param name="SecretKeys">The keys whose values are, or hold, secrets.</param>
public sealed record StackConfiguration(IReadOnlyDictionary<string, string> Values, IReadOnlySet<string> SecretKeys)
{
    /// <summary>The opened texts, each by itself: a secret may be but a part of a value.</summary>
    public IReadOnlySet<string> Opened { get; init; } = FrozenSet<string>.Empty;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Puts a stack's file and the project's declarations together.</summary>
    /// <param name="project">The project.</param>
    /// <param name="stack">The stack's file.</param>
    /// <param name="open">Opens a sealed text.</param>
    /// <exception cref="ConfigurationException">Values are missing or of the wrong type; all faults are told.</exception>
    /// <exception cref="SecretsException">A sealed value cannot be opened.</exception>
    public static StackConfiguration Load(Project project, StackFile stack, Func<string, string> open)
    {
        var faults = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var opened = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, node) in stack.Settings)
        {
            var full = project.FullKey(key);
            if (values.ContainsKey(full))
            {
                faults.Add($"{stack.Name}: {full} stands there twice, with its namespace and without");
            }

            var value = YamlFile.ToJson(node, ciphertext =>
            {
                var text = open(ciphertext);
                opened.Add(text);
                return text;
            });
            values[full] = node is YamlScalarNode scalar ? TextOf(scalar, value) : TextOf(value);
            if (YamlFile.ContainsSecure(node))
            {
                secrets.Add(full);
            }

            if (project.Settings.TryGetValue(full, out var setting))
            {
                Check(stack, setting, node, value, faults);
            }
        }

        foreach (var setting in project.Settings.Values.Where(s => !values.ContainsKey(s.Key)))
        {
            if (setting.Value is not null)
            {
                values[setting.Key] = TextOf(setting.Value);
                if (setting.Secret)
                {
                    secrets.Add(setting.Key);
                }
            }
            else if (setting.Own)
            {
                faults.Add($"{stack.Name}: {setting.Key} is missing{(setting.Description.Length > 0 ? $" ({setting.Description})" : "")}; set it with: config set {setting.Key[(project.Name.Length + 1)..]}{(setting.Secret ? " --secret" : "")}");
            }
        }

        return faults.Count == 0
            ? new StackConfiguration(values.ToFrozenDictionary(StringComparer.Ordinal), secrets.ToFrozenSet(StringComparer.Ordinal)) { Opened = opened.ToFrozenSet(StringComparer.Ordinal) }
            : throw new ConfigurationException([.. faults.Order(StringComparer.Ordinal)]);
    }

    /// <summary>One setting, with nothing else checked or opened; null where neither the stack's file nor the project has it.</summary>
    /// <param name="project">The project.</param>
    /// <param name="stack">The stack's file.</param>
    /// <param name="key">The full key.</param>
    /// <param name="open">Opens a sealed text.</param>
    /// <exception cref="SecretsException">It is sealed and cannot be opened.</exception>
    public static string? Find(Project project, StackFile stack, string key, Func<string, string> open) =>
        stack.Settings.FirstOrDefault(s => project.FullKey(s.Key) == key).Value is { } node
            ? node is YamlScalarNode scalar ? TextOf(scalar, YamlFile.ToJson(node, open)) : TextOf(YamlFile.ToJson(node, open))
            : project.Settings.TryGetValue(key, out var setting) && setting.Value is not null ? TextOf(setting.Value) : null;

    private static void Check(StackFile stack, Setting setting, YamlNode node, JsonNode? value, List<string> faults)
    {
        // A plain number where a text is declared is a text for Pulumi too.
        var read = setting.Type?.Name == "string" && node is YamlScalarNode scalar ? JsonValue.Create(scalar.Value) : value;
        if (setting.Type is { } type && !type.Takes(read))
        {
            var shown = setting.Secret || YamlFile.ContainsSecure(node) ? "[secret]" : TextOf(value);
            faults.Add($"{stack.Name}: {setting.Key} must be of type {type}, is '{shown}'");
        }

        if (setting.Secret && !YamlFile.ContainsSecure(node))
        {
            faults.Add($"{stack.Name}: {setting.Key} is a secret and stands there in clear; set it with: config set {setting.Key} --secret");
        }
    }

    private static string TextOf(YamlScalarNode scalar, JsonNode? value) =>
        value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? TextOf(value) : scalar.Value ?? "";

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        JsonValue v when v.TryGetValue<double>(out var number) && v.GetValueKind() == JsonValueKind.Number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(Compact),
    };
}
