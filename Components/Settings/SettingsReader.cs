using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>Turns configuration text into <see cref="ClusterSettings"/> and collects every fault on the way. Knows nothing of where the text comes from.</summary>
public sealed class SettingsReader
{
    private static readonly string[] AppFields = ["id", "cmd", "cpus", "mem", "disk", "instances", "ports"];

    // Fields of /v2/apps that are handed through; anything else is taken for a slip of the pen.
    private static readonly string[] FurtherAppFields =
    [
        "acceptedResourceRoles", "args", "backoffFactor", "backoffSeconds", "constraints", "container", "dependencies", "env", "executor", "fetch",
        "gpus", "healthChecks", "ipAddress", "killSelection", "labels", "maxLaunchDelaySeconds", "networks", "portDefinitions", "readinessChecks",
        "requirePorts", "residency", "secrets", "storeUrls", "taskKillGracePeriodSeconds", "unreachableStrategy", "upgradeStrategy", "uris", "user",
    ];

    private readonly Func<string, string?> _get;
    private readonly List<SettingsFault> _faults = [];

    private SettingsReader(Func<string, string?> get) => _get = get;

    /// <summary>Reads all settings.</summary>
    /// <param name="get">Value of a key (without namespace) as configured, or null. Arrays are JSON text, as in <c>PULUMI_CONFIG</c>.</param>
    /// <param name="present">The keys that are configured, to find unknown ones.</param>
    /// <param name="fileExists">Whether a file is there; asked for the private key's path.</param>
    /// <returns>The settings, or null where there are faults.</returns>
    public static (ClusterSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(
        Func<string, string?> get, IEnumerable<string> present, Func<string, bool> fileExists)
    {
        var reader = new SettingsReader(get);
        reader.FindUnknown(present);
        var settings = reader.ReadAll();

        // A key that could not even be parsed is told once, not a second time by the rule that its stand-in value breaks.
        var told = reader._faults.Select(fault => fault.Key).ToHashSet(StringComparer.Ordinal);
        reader._faults.AddRange(new SettingsRules(fileExists).Check(settings).Where(fault => !told.Contains(fault.Key)));
        return (reader._faults.Count == 0 ? settings : null, reader._faults);
    }

    private void FindUnknown(IEnumerable<string> present)
    {
        foreach (var key in present.Except(SettingKeys.All).Order(StringComparer.Ordinal))
        {
            var nearest = SettingKeys.Nearest(key, SettingKeys.All);
            // Its value is not shown: a misspelt key may hold a secret.
            Fault(key, null, nearest is null
                ? $"is not a setting; known are {string.Join(", ", SettingKeys.All)}"
                : $"is not a setting; did you mean {nearest}?");
        }
    }

    private ClusterSettings ReadAll() => new()
    {
        Region = Text(SettingKeys.Region, "nyc3"),
        Image = Text(SettingKeys.Image, ""),
        MasterSize = Text(SettingKeys.MasterSize, "s-2vcpu-4gb"),
        AgentSize = Text(SettingKeys.AgentSize, "s-2vcpu-4gb"),
        Masters = Integer(SettingKeys.Masters, 3),
        Agents = Integer(SettingKeys.Agents, 3),
        ClusterName = Text(SettingKeys.ClusterName, ""),
        Addressing = Addressing(),
        VpcCidr = Text(SettingKeys.VpcCidr, ""),
        SshCidrs = Texts(SettingKeys.SshCidrs, "0.0.0.0/0", "::/0"),
        UiCidrs = Texts(SettingKeys.UiCidrs),
        ZooKeeperSessionTimeout = Text(SettingKeys.ZooKeeperSessionTimeout, "30secs"),
        Packages = new PackageSettings
        {
            Url = Text(SettingKeys.RepositoryUrl, ""),
            Suite = Text(SettingKeys.RepositorySuite, ""),
            Component = Text(SettingKeys.RepositoryComponent, "main"),
            Key = new SigningKey
            {
                Inline = Text(SettingKeys.SigningKey, ""),
                Url = Text(SettingKeys.SigningKeyUrl, ""),
                Id = Text(SettingKeys.SigningKeyId, ""),
                Fingerprint = Text(SettingKeys.SigningKeyFingerprint, "").Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant(),
                Server = Text(SettingKeys.KeyServer, "keyserver.ubuntu.com"),
            },
            Master = Texts(SettingKeys.MasterPackages, "mesosphere", "zookeeper", "zookeeperd"),
            Agent = Texts(SettingKeys.AgentPackages, "mesos"),
        },
        Ssh = new SshSettings
        {
            PublicKey = Text(SettingKeys.SshPublicKey, "").Trim(),
            PrivateKeyPath = Text(SettingKeys.SshPrivateKeyPath, ""),
            HasPrivateKey = !string.IsNullOrEmpty(_get(SettingKeys.SshPrivateKey)),
        },
        Apps = Apps(),
    };

    private string Text(string key, string otherwise) => _get(key) ?? otherwise;

    private int Integer(string key, int otherwise)
    {
        var text = _get(key);
        if (text is null)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        Fault(key, text, "must be a whole number");
        return otherwise;
    }

    private Addressing Addressing()
    {
        var text = Text(SettingKeys.Addressing, "private");
        switch (text)
        {
            case "private":
                return Settings.Addressing.Private;
            case "public":
                return Settings.Addressing.Public;
            default:
                Fault(SettingKeys.Addressing, text, "must be private (services on the VPC address) or public (as in the tutorial)");
                return Settings.Addressing.Private;
        }
    }

    private ImmutableArray<string> Texts(string key, params string[] otherwise)
    {
        if (_get(key) is not { } text)
        {
            return [.. otherwise];
        }

        if (Json(key, text, JsonValueKind.Array) is not { } array)
        {
            return [];
        }

        foreach (var item in array.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.String))
        {
            Fault(key, item.GetRawText(), "must be a list of texts; put it in quotes");
        }

        return [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
    }

    private JsonElement? Json(string key, string text, JsonValueKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == kind)
            {
                return document.RootElement.Clone();
            }
        }
        catch (JsonException)
        {
            // Told below, as any other wrong type.
        }

        Fault(key, text, "must be a list; write each item on its own line as '- item'");
        return null;
    }

    private ImmutableArray<AppSettings> Apps()
    {
        if (_get(SettingKeys.Apps) is not { } text || Json(SettingKeys.Apps, text, JsonValueKind.Array) is not { } array)
        {
            return [];
        }

        var apps = ImmutableArray.CreateBuilder<AppSettings>();
        foreach (var (item, index) in array.EnumerateArray().Select((item, index) => (item, index)))
        {
            var path = $"{SettingKeys.Apps}[{index}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                apps.Add(App(path, item));
            }
            else
            {
                Fault(path, item.GetRawText(), "must be an app with at least id and cmd");
            }
        }

        return apps.ToImmutable();
    }

    private AppSettings App(string path, JsonElement item)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in item.EnumerateObject())
        {
            fields[field.Name] = field.Value;
        }

        string[] known = [.. AppFields, .. FurtherAppFields];
        foreach (var name in fields.Keys.Except(known))
        {
            var nearest = SettingKeys.Nearest(name, known);
            Fault($"{path}.{name}", null, nearest is null ? "is not a field of an app that this program knows" : $"is not a field of an app; did you mean {nearest}?");
        }

        return new AppSettings
        {
            Id = AppText("id").TrimStart('/'),
            Cmd = AppText("cmd"),
            Cpus = Number("cpus", 0.1),
            Mem = Number("mem", 16),
            Disk = Number("disk", 0),
            Instances = Whole("instances", 1),
            Ports = Ports(),
            Further = fields.Where(field => FurtherAppFields.Contains(field.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

        string AppText(string name)
        {
            if (fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.String)
            {
                Fault($"{path}.{name}", value.GetRawText(), "must be a text; put it in quotes");
                return "";
            }

            return value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }

        double Number(string name, double otherwise)
        {
            if (!fields.TryGetValue(name, out var value))
            {
                return otherwise;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
            {
                return number;
            }

            Fault($"{path}.{name}", value.GetRawText(), "must be a number, without quotes");
            return otherwise;
        }

        int Whole(string name, int otherwise)
        {
            if (!fields.TryGetValue(name, out var value))
            {
                return otherwise;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
            {
                return number;
            }

            Fault($"{path}.{name}", value.GetRawText(), "must be a whole number, without quotes");
            return otherwise;
        }

        ImmutableArray<int> Ports()
        {
            if (!fields.TryGetValue("ports", out var value))
            {
                // Newer apps name their ports in portDefinitions; both together are refused by Marathon.
                return fields.ContainsKey("portDefinitions") || fields.ContainsKey("container") ? [] : [0];
            }

            if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(port => port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out _)))
            {
                return [.. value.EnumerateArray().Select(port => port.GetInt32())];
            }

            Fault($"{path}.ports", value.GetRawText(), "must be a list of port numbers, 0 for any");
            return [];
        }
    }

    private void Fault(string key, string? value, string allowed) => _faults.Add(new SettingsFault(key, value, allowed));
}
