using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>The settings of a stack as a program gets them: every value a text, objects and arrays as JSON, secrets in clear.</summary>
/// <param name="Values">The values by full key.</param>
/// <param name="SecretKeys">The keys whose values are, or hold, secrets.</param>
public sealed record StackConfiguration(IReadOnlyDictionary<string, string> Values, IReadOnlySet<string> SecretKeys)
{
    /// <summary>The opened texts, each by itself: a secret may be but a part of a value.</summary>
    public IReadOnlySet<string> Opened { get; init; } = FrozenSet<string>.Empty;

    /// <summary>How many bytes the settings may have in all. Linux takes 131,072 for one variable of the environment, and all settings travel in one.</summary>
    internal const int MostBytes = 131_000;

    /// <summary>Why larger ones are refused.</summary>
    internal static readonly string TooLarge =
        string.Create(CultureInfo.InvariantCulture, $"the settings have more than {MostBytes} bytes in all; the program gets them in one variable of its environment, and Linux takes no larger one");

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Puts a stack's file and the project's declarations together. Whether a value is of the right type, and whether one is missing, the program judges: it tells all faults in one message.</summary>
    /// <param name="project">The project.</param>
    /// <param name="stack">The stack's file.</param>
    /// <param name="open">Opens a sealed text.</param>
    /// <exception cref="ConfigurationException">The file holds what no setting can be; all faults are told, and no value is shown.</exception>
    /// <exception cref="SecretsException">There is no passphrase to open sealed values with, or it is the wrong one.</exception>
    public static StackConfiguration Load(Project project, StackFile stack, Func<string, string> open)
    {
        var faults = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var opened = new HashSet<string>(StringComparer.Ordinal);
        var reader = new YamlValues(ciphertext =>
        {
            var text = open(ciphertext);
            opened.Add(text);
            return text;
        });
        foreach (var (key, node) in stack.Settings)
        {
            var full = project.FullKey(key);
            if (values.ContainsKey(full))
            {
                faults.Add($"{stack.Name}: {Shown.Short(full)} stands there twice, with its namespace and without");
            }

            try
            {
                values[full] = TextOf(node, reader);
            }
            catch (ConfigurationException e) when (e.Message == TooLarge)
            {
                throw new ConfigurationException($"{stack.Name}: {TooLarge}", e);
            }
            catch (Exception e) when (e is ConfigurationException or MalformedSecretException)
            {
                faults.Add(FaultOf(stack, full, e));
                values[full] = "";
                continue;
            }

            if (YamlFile.ContainsSecure(node))
            {
                secrets.Add(full);
            }
            else if (project.Settings.TryGetValue(full, out var setting) && setting.Secret)
            {
                faults.Add($"{stack.Name}: {setting.Key} is a secret and stands there in clear; set it with: config set {setting.Key} --secret");
            }
        }

        AddDefaults(project, values, secrets);
        if (Encoding.UTF8.GetByteCount(Variable(values)) > MostBytes)
        {
            faults.Add($"{stack.Name}: {TooLarge}");
        }

        return faults.Count == 0
            ? new StackConfiguration(values.ToFrozenDictionary(StringComparer.Ordinal), secrets.ToFrozenSet(StringComparer.Ordinal)) { Opened = opened.ToFrozenSet(StringComparer.Ordinal) }
            : throw new ConfigurationException([.. faults.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Settings as the variable of the environment has them that a program reads.</summary>
    public static string Variable(IReadOnlyDictionary<string, string> values) => JsonSerializer.Serialize(values, Compact);

    /// <summary>What the providers of a state were configured with: enough to delete its resources, where the stack's file is gone.</summary>
    /// <param name="state">The state.</param>
    public static StackConfiguration OfProviders(Snapshot state)
    {
        var settings = state.Resources
            .Where(r => Urns.IsProvider(r.Type))
            .SelectMany(r => r.Inputs
                .Where(i => i.Key is not ("version" or "__internal"))
                .Select(i => (Key: $"{r.Type[(r.Type.LastIndexOf(':') + 1)..]}:{i.Key}", i.Value)))
            .Select(s => (s.Key, s.Value, Text: (s.Value is PropertyValue.Secret secret ? secret.Value : s.Value) as PropertyValue.Text))
            .Where(s => s.Text is not null)
            .GroupBy(s => s.Key, StringComparer.Ordinal)
            .Select(group => group.Last())
            .ToList();
        return new StackConfiguration(
            settings.ToFrozenDictionary(s => s.Key, s => s.Text!.Value, StringComparer.Ordinal),
            settings.Where(s => s.Value is PropertyValue.Secret).Select(s => s.Key).ToFrozenSet(StringComparer.Ordinal));
    }

    /// <summary>One setting, with nothing else checked or opened; null where neither the stack's file nor the project has it.</summary>
    /// <param name="project">The project.</param>
    /// <param name="stack">The stack's file.</param>
    /// <param name="key">The full key.</param>
    /// <param name="open">Opens a sealed text.</param>
    /// <exception cref="ConfigurationException">It is what no setting can be.</exception>
    /// <exception cref="SecretsException">It is sealed, and there is no passphrase to open it with, or it is the wrong one.</exception>
    public static string? Find(Project project, StackFile stack, string key, Func<string, string> open)
    {
        if (stack.Settings.FirstOrDefault(s => project.FullKey(s.Key) == key).Value is not { } node)
        {
            return project.Settings.TryGetValue(key, out var setting) && setting.Value is not null ? TextOf(setting.Value) : null;
        }

        try
        {
            return TextOf(node, new YamlValues(open));
        }
        catch (Exception e) when (e is ConfigurationException or MalformedSecretException)
        {
            throw new ConfigurationException(FaultOf(stack, key, e), e);
        }
    }

    private static void AddDefaults(Project project, Dictionary<string, string> values, HashSet<string> secrets)
    {
        foreach (var setting in project.Settings.Values.Where(s => s.Value is not null && !values.ContainsKey(s.Key)))
        {
            values[setting.Key] = TextOf(setting.Value);
            if (setting.Secret)
            {
                secrets.Add(setting.Key);
            }
        }
    }

    private static string FaultOf(StackFile stack, string key, Exception e) => e is MalformedSecretException
        ? $"{stack.Name}: {Shown.Short(key)}: {e.Message}; set it anew with: config set {Shown.Short(key)} --secret"
        : $"{stack.Name}: {Shown.Short(key)} {e.Message}";

    private static string TextOf(YamlNode node, YamlValues reader)
    {
        if (YamlFile.IsNull(node))
        {
            throw new ConfigurationException("has no value; write one, or \"\" for an empty text, or take the line out");
        }

        // A plain number is the text that stands there for Pulumi too.
        var value = reader.ToJson(node);
        return node is YamlScalarNode scalar && value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False) ? scalar.Value ?? "" : TextOf(value);
    }

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        JsonValue v when v.TryGetValue<double>(out var number) && v.GetValueKind() == JsonValueKind.Number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(Compact),
    };
}
