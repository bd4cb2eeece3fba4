using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
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
        var settings = (ClusterSettings)reader.Record(typeof(ClusterSettings));

        // A value that could not be parsed is reported once. The default value that stands in for it is not reported, too.
        var told = reader._faults.Select(fault => fault.Key).ToHashSet(StringComparer.Ordinal);
        reader._faults.AddRange(SettingsRules.Check(settings, fileExists).Where(fault => !told.Contains(fault.Key)));
        return (reader._faults.Count == 0 ? settings : null, reader._faults);
    }

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

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
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
            // The fault is reported below, like any other wrong type.
        }

        Fault(key, text, "must be a list; write each item on its own line as '- item'");
        return null;
    }

    private ImmutableArray<AppSettings> Apps(SettingAttribute setting)
    {
        if (_get(setting.Key) is not { } text || Json(setting.Key, text, JsonValueKind.Array) is not { } array)
        {
            return [];
        }

        var apps = ImmutableArray.CreateBuilder<AppSettings>();
        foreach (var (item, index) in array.EnumerateArray().Select((item, index) => (item, index)))
        {
            var path = $"{setting.Key}[{index}]";
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
