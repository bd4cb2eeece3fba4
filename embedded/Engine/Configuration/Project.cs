using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Embedded.Engine.Configuration;

/// <summary>A Pulumi project: what stands in Pulumi.yaml.</summary>
/// <param name="Directory">Where Pulumi.yaml lies.</param>
/// <param name="Name">The project's name, which is also the namespace of its settings.</param>
/// <param name="Binary">A built program to run, relative to the program's directory; null where the project gives none.</param>
/// <param name="Main">The program's directory, relative to the project's; "" for the same.</param>
/// <param name="Settings">The declared settings by full key.</param>
public sealed record Project(string Directory, string Name, string? Binary, string Main, IReadOnlyDictionary<string, Setting> Settings)
{
    /// <summary>The project's file.</summary>
    public const string FileName = "Pulumi.yaml";

    /// <summary>The file of a stack's settings.</summary>
    public string StackFile(string stack) => Path.Combine(Directory, $"Pulumi.{stack}.yaml");

    /// <summary>The full key of a setting: one without a namespace belongs to the project.</summary>
    public string FullKey(string key) => key.Contains(':', StringComparison.Ordinal) ? key : $"{Name}:{key}";

    /// <summary>Finds the project that a directory lies in.</summary>
    /// <exception cref="ConfigurationException">There is none, or its file has faults.</exception>
    public static Project Find(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, FileName);
            if (File.Exists(file))
            {
                return Parse(at.FullName, File.ReadAllText(file));
            }
        }

        throw new ConfigurationException($"no {FileName} in {directory} or above it");
    }

    /// <summary>Reads the text of a Pulumi.yaml.</summary>
    /// <exception cref="ConfigurationException">It has faults; all are told.</exception>
    public static Project Parse(string directory, string text)
    {
        var root = YamlFile.Parse(FileName, text);
        var faults = new List<string>();
        var name = (root.Get("name") as YamlScalarNode)?.Value ?? "";
        if (name.Length == 0)
        {
            faults.Add($"{FileName}: name is missing");
        }

        var runtime = root.Get("runtime");
        var runtimeName = (runtime switch { YamlMappingNode m => m.Get("name"), _ => runtime } as YamlScalarNode)?.Value ?? "";
        if (runtimeName != "dotnet")
        {
            faults.Add($"{FileName}: runtime is '{runtimeName}'; this engine runs 'dotnet'");
        }

        var binary = ((runtime as YamlMappingNode)?.Get("options") as YamlMappingNode)?.Get("binary") as YamlScalarNode;
        var main = root.Get("main") as YamlScalarNode;
        var settings = new Dictionary<string, Setting>(StringComparer.Ordinal);
        switch (root.Get("config"))
        {
            case YamlMappingNode declared:
                foreach (var (key, node) in declared.Children)
                {
                    var short_ = YamlFile.KeyOf(key);
                    var full = short_.Contains(':', StringComparison.Ordinal) ? short_ : $"{name}:{short_}";
                    settings[full] = Setting.Parse(full, own: full.StartsWith(name + ":", StringComparison.Ordinal), node, faults);
                }

                break;
            case null:
                break;
            default:
                faults.Add($"{FileName}: config must hold keys and values");
                break;
        }

        return faults.Count == 0 ? new Project(directory, name, binary?.Value, main?.Value ?? "", settings) : throw new ConfigurationException(faults);
    }
}

/// <summary>A setting as a project declares it.</summary>
/// <param name="Key">The full key.</param>
/// <param name="Type">What values it takes; null where the project does not say.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Secret">Whether a stack must seal it.</param>
/// <param name="Value">The value of stacks that do not set it; null where they have to.</param>
/// <param name="Own">Whether it belongs to the project (and not to a provider).</param>
public sealed record Setting(string Key, SettingType? Type, string Description, bool Secret, JsonNode? Value, bool Own)
{
    internal static Setting Parse(string key, bool own, YamlNode node, List<string> faults)
    {
        // The short form gives the value at once; a mapping is the long form.
        if (node is not YamlMappingNode mapping)
        {
            return new Setting(key, null, "", false, Clear(node), own);
        }

        void Fault(string what) => faults.Add($"{Project.FileName}: config {key}: {what}");
        var type = mapping.Get("type") is { } ? SettingType.Parse(mapping, Fault) : null;
        var (value, fallback) = (mapping.Get("value"), mapping.Get("default"));
        if (value is not null && fallback is not null)
        {
            Fault("has both a value and a default");
        }

        if (!own && (type is not null || fallback is not null))
        {
            Fault("belongs to a provider: it takes a value, no type and no default");
        }

        if (!own && value is null)
        {
            Fault("belongs to a provider: it needs a value");
        }

        var given = (value ?? fallback) is { } g ? Clear(g) : null;
        if (type is not null && given is not null && !type.Takes(given))
        {
            Fault($"its default is not of type {type}");
        }

        var secret = mapping.Get("secret") is YamlScalarNode { Value: "true" };
        return new Setting(key, type, (mapping.Get("description") as YamlScalarNode)?.Value ?? "", secret, given, own);
    }

    private static JsonNode? Clear(YamlNode node) => new YamlValues(static sealed_ => sealed_).ToJson(node);
}

/// <summary>What values a setting takes, in the words of Pulumi's project schema.</summary>
/// <param name="Name"><c>string</c>, <c>integer</c>, <c>boolean</c>, <c>object</c> or <c>array</c>.</param>
/// <param name="Items">What an array holds.</param>
public sealed record SettingType(string Name, SettingType? Items)
{
    /// <summary>Whether a value is of this type. Integers and truth values may also stand there as text.</summary>
    public bool Takes(JsonNode? value) => Name switch
    {
        "string" => value is JsonValue v && v.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "integer" => value is JsonValue v && (v.TryGetValue<long>(out _) || (v.TryGetValue<double>(out var d) && d == Math.Truncate(d)) || (v.TryGetValue<string>(out var s) && long.TryParse(s, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _))),
        "boolean" => value is JsonValue v && (v.TryGetValue<bool>(out _) || (v.TryGetValue<string>(out var s) && s is "true" or "false")),
        "object" => value is JsonObject,
        _ => value is JsonArray a && Items is not null && a.All(Items.Takes),
    };

    /// <inheritdoc />
    public override string ToString() => Items is null ? Name : $"{Name}<{Items}>";

    internal static SettingType? Parse(YamlMappingNode mapping, Action<string> fault)
    {
        var name = (mapping.Get("type") as YamlScalarNode)?.Value ?? "";
        if (name is not ("string" or "integer" or "boolean" or "object" or "array"))
        {
            fault($"'{name}' is no type; there are string, integer, boolean, array and object");
            return null;
        }

        var items = mapping.Get("items") is YamlMappingNode inner ? Parse(inner, fault) : null;
        if (name == "array" && items is null)
        {
            fault("an array needs the type of its items");
        }

        return new SettingType(name, name == "array" ? items : null);
    }
}
