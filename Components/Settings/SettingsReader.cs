using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>Turns configuration text into <see cref="ClusterSettings"/> and collects every fault on the way. Knows nothing of where the text comes from.</summary>
public sealed class SettingsReader
{
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
                apps.Add(AppReader.Read(path, item, Fault));
            }
            else
            {
                Fault(path, item.GetRawText(), "must be an app with at least id and cmd");
            }
        }

        return apps.ToImmutable();
    }

    private void Fault(string key, string? value, string allowed) => _faults.Add(new SettingsFault(key, value, allowed));
}
