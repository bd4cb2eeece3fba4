using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>Turns configuration text into <see cref="ClusterSettings"/> and collects every fault on the way. Knows nothing of where the text comes from.</summary>
public sealed partial class SettingsReader
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    private readonly Func<string, string?> _get;
    private readonly List<SettingsFault> _faults = [];

    private SettingsReader(Func<string, string?> get) => _get = get;

    /// <summary>Reads all settings.</summary>
    /// <param name="get">Value of a key (without namespace) as configured, or null. Arrays are JSON text, as in <c>PULUMI_CONFIG</c>.</param>
    /// <param name="present">The keys that are configured, to find unknown ones.</param>
    /// <param name="read">Gives a file's text, or null where there is none; asked for the private key's path.</param>
    /// <returns>The settings, or null where there are faults.</returns>
    public static (ClusterSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(
        Func<string, string?> get, IEnumerable<string> present, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(get);
        var reader = new SettingsReader(get);
        reader.FindUnknown(present);
        var settings = (ClusterSettings)reader.Record(typeof(ClusterSettings));
        var privateKey = get(SettingTable.Key(s => s.Ssh.HasPrivateKey));

        // A value that could not be parsed is reported once. What stands in for it is not reported, too.
        var told = reader._faults.Select(fault => fault.Key).ToList();
        reader._faults.AddRange(SettingsRules.Check(settings, privateKey, read).Where(fault => !told.Exists(key => IsIn(fault.Key, key))));
        if (reader._faults.Count > 0)
        {
            return (null, reader._faults);
        }

        // Which key the hosts accept is known by its public half, however it is configured.
        return settings.Ssh is { IsGenerated: false, PublicKey: "" }
            ? (settings with { Ssh = settings.Ssh with { PublicKey = SshRules.PublicHalf(settings.Ssh, privateKey, read).Line } }, [])
            : (settings, []);
    }

    // Whether a key is another one, or lies in it, as apps[2].cpus lies in apps[2].
    private static bool IsIn(string key, string other) => key.StartsWith(other, StringComparison.Ordinal) && (key.Length == other.Length || key[other.Length] is '.' or '[');

    private void FindUnknown(IEnumerable<string> present)
    {
        foreach (var key in present.Except(SettingTable.Keys).Order(StringComparer.Ordinal))
        {
            var nearest = NearestName.Find(key, SettingTable.Keys);
            // Its value is not shown: a misspelt key may hold a secret.
            Fault(key, null, nearest is null
                ? $"is not a setting; known are {string.Join(", ", SettingTable.Keys)}"
                : $"is not a setting; did you mean {nearest}?");
        }
    }

    private object Record(Type type)
    {
        var record = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
            {
                property.SetValue(record, Value(setting, property));
            }
            else if (SettingTable.HoldsSettings(property))
            {
                property.SetValue(record, Record(property.PropertyType));
            }
        }

        return record;
    }

    private object Value(SettingAttribute setting, PropertyInfo property)
    {
        var type = property.PropertyType;
        return type == typeof(string) ? _get(setting.Key) ?? setting.Default ?? ""
            : type == typeof(int) ? Integer(setting)
            : type == typeof(bool) ? !string.IsNullOrEmpty(_get(setting.Key))
            : type == typeof(ImmutableArray<string>) ? Texts(setting)
            : type == typeof(ImmutableArray<AppSettings>) ? Apps(setting)
            : type.IsEnum ? Choice(setting, property)
            : throw new InvalidOperationException($"the setting {setting.Key} has the type {type}, which nothing reads");
    }

    private int Integer(SettingAttribute setting)
    {
        var otherwise = (int)setting.Default!;
        var text = _get(setting.Key);
        if (text is null)
        {
            return otherwise;
        }

        // The parser takes zero bytes at the end for blanks.
        if (WholeNumber().IsMatch(text))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : text[0] == '-' ? int.MinValue : int.MaxValue;
        }

        Fault(setting.Key, text, "must be a whole number");
        return otherwise;
    }

    private object Choice(SettingAttribute setting, PropertyInfo property)
    {
        var choices = Enum.GetValues(property.PropertyType).Cast<object>().ToDictionary(choice => SettingTable.Text(choice)!, StringComparer.Ordinal);
        var text = _get(setting.Key) ?? (string)setting.Default!;
        if (choices.TryGetValue(text, out var choice))
        {
            return choice;
        }

        Fault(setting.Key, text, property.GetCustomAttribute<EnumDataTypeAttribute>()!.ErrorMessage!);
        return choices.Values.First();
    }

    private ImmutableArray<string> Texts(SettingAttribute setting)
    {
        var key = setting.Key;
        if (_get(key) is not { } text)
        {
            return [.. (string[])setting.Default!];
        }

        if (Json(key, text) is not { } array)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in array.EnumerateArray())
        {
            if (JsonText.Text(item) is { } one)
            {
                texts.Add(one);
            }
            else
            {
                // Something stands in its place, so that the others keep their numbers.
                Fault($"{key}[{texts.Count}]", item.GetRawText(), "must be a list of texts; put it in quotes");
                texts.Add("");
            }
        }

        return texts.ToImmutable();
    }

    private JsonElement? Json(string key, string text)
    {
        var json = JsonText.Parse(text, out var fault);
        if (json is { ValueKind: JsonValueKind.Array })
        {
            return json;
        }

        // A list of objects is where people put passwords, so its text is not shown.
        Fault(key, SettingTable.MayHoldSecrets(key) ? null : text, fault.Length > 0 ? fault : "must be a list; write each item on its own line as '- item'");
        return null;
    }

    private ImmutableArray<AppSettings> Apps(SettingAttribute setting)
    {
        if (_get(setting.Key) is not { } text || Json(setting.Key, text) is not { } array)
        {
            return [];
        }

        var apps = ImmutableArray.CreateBuilder<AppSettings>();
        foreach (var item in array.EnumerateArray())
        {
            var path = $"{setting.Key}[{apps.Count}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                // Of what is wrong only a number is shown; anything else may be a password in the wrong place.
                apps.Add(AppReader.Read(path, item, (key, value, allowed) => Fault(key, IsNumber(value) ? value : null, allowed)));
            }
            else
            {
                // Something stands in its place, so that the others keep their numbers.
                Fault(path, null, "must be an app with at least id and cmd");
                apps.Add(AppReader.Read(path, Nothing, (_, _, _) => { }));
            }
        }

        return apps.ToImmutable();

        static bool IsNumber(string? value) => value is [>= '0' and <= '9' or '-', ..];
    }

    private void Fault(string key, string? value, string allowed) => _faults.Add(new SettingsFault(key, value, allowed));

    [GeneratedRegex(@"\A[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();
}
