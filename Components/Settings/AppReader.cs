using System.Collections.Immutable;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>Turns one item of the setting <c>apps</c> into <see cref="AppSettings"/>: which fields there are and of which type. What may be in them is the business of <see cref="AppRules"/>.</summary>
internal sealed class AppReader
{
    private static readonly string[] OwnFields = ["id", "cmd", "cpus", "mem", "disk", "instances", "ports"];

    // Fields of /v2/apps that are passed on to Marathon, by their type there. Any other field is reported as unknown.
    private static readonly Dictionary<string, Shape> FurtherFields = new(StringComparer.Ordinal)
    {
        ["acceptedResourceRoles"] = Shape.Texts,
        ["args"] = Shape.Texts,
        ["backoffFactor"] = Shape.Number,
        ["backoffSeconds"] = Shape.Number,
        ["constraints"] = Shape.ListsOfTexts,
        ["container"] = Shape.Object,
        ["dependencies"] = Shape.Texts,
        ["env"] = Shape.TextsOrSecretsByName,
        ["executor"] = Shape.Text,
        ["fetch"] = Shape.Objects,
        ["gpus"] = Shape.Number,
        ["healthChecks"] = Shape.Objects,
        ["ipAddress"] = Shape.Object,
        ["killSelection"] = Shape.Text,
        ["labels"] = Shape.TextsByName,
        ["maxLaunchDelaySeconds"] = Shape.Number,
        ["networks"] = Shape.Objects,
        ["portDefinitions"] = Shape.Objects,
        ["readinessChecks"] = Shape.Objects,
        ["requirePorts"] = Shape.Truth,
        ["residency"] = Shape.Object,
        ["secrets"] = Shape.Object,
        ["storeUrls"] = Shape.Texts,
        ["taskKillGracePeriodSeconds"] = Shape.Number,
        ["unreachableStrategy"] = Shape.ObjectOrText,
        ["upgradeStrategy"] = Shape.Object,
        ["uris"] = Shape.Texts,
        ["user"] = Shape.Text,
    };

    private readonly string _path;
    private readonly Action<string, string?, string> _fault;
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    private AppReader(string path, JsonElement item, Action<string, string?, string> fault)
    {
        (_path, _fault) = (path, fault);
        foreach (var field in item.EnumerateObject())
        {
            _fields[field.Name] = field.Value;
        }
    }

    // It stands in for an app that could not be read, and raises no fault of its own.
    private static AppSettings Nothing => new() { Id = "unreadable", Cmd = "true", Cpus = 1, Mem = 16, Disk = 0, Instances = 1, Ports = [], Further = ImmutableSortedDictionary<string, JsonElement>.Empty };

    private enum Shape
    {
        Text,
        Number,
        Truth,
        Object,
        ObjectOrText,
        Texts,
        Objects,
        ListsOfTexts,
        TextsByName,
        TextsOrSecretsByName,
    }

    /// <summary>Reads an app.</summary>
    /// <param name="path">Where it stands, such as <c>apps[2]</c>.</param>
    /// <param name="item">A JSON object.</param>
    /// <param name="fault">Takes what is wrong: key, value, what is allowed.</param>
    public static AppSettings Read(string path, JsonElement item, Action<string, string?, string> fault)
    {
        try
        {
            // Every text is read once, so that nothing below meets one that cannot be.
            _ = AppRules.Texts(item).Count();
        }
        catch (InvalidOperationException)
        {
            // JSON can write half a character, which no text can hold.
            fault(path, null, "holds half a character, such as \\ud800 alone; write the whole one");
            return Nothing;
        }

        return new AppReader(path, item, fault).Read();
    }

    private AppSettings Read()
    {
        FindUnknown();
        var further = _fields.Where(field => FurtherFields.TryGetValue(field.Key, out var shape) && Has(field.Key, field.Value, shape));
        return new AppSettings
        {
            Id = Text("id").TrimStart('/'),
            Cmd = Text("cmd"),
            Cpus = Number("cpus", 0.1),
            Mem = Number("mem", 16),
            Disk = Number("disk", 0),
            Instances = Whole("instances", 1),
            Ports = Ports(),
            Further = further.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    private void FindUnknown()
    {
        string[] known = [.. OwnFields, .. FurtherFields.Keys];
        foreach (var name in _fields.Keys.Except(known))
        {
            var nearest = NearestName.Find(name, known);
            _fault($"{_path}.{name}", null, nearest is null ? "is not a field of an app that this program knows" : $"is not a field of an app; did you mean {nearest}?");
        }
    }

    private bool Has(string name, JsonElement value, Shape shape)
    {
        var (fits, allowed) = shape switch
        {
            Shape.Text => (IsText(value), "must be a text"),
            Shape.Number => (value.ValueKind == JsonValueKind.Number, "must be a number, without quotes"),
            Shape.Truth => (value.ValueKind is JsonValueKind.True or JsonValueKind.False, "must be true or false"),
            Shape.Object => (IsObject(value), "must be an object: fields with their values"),
            Shape.ObjectOrText => (IsObject(value) || IsText(value), "must be an object: fields with their values"),
            Shape.Texts => (IsList(value, IsText), "must be a list of texts; put each in quotes"),
            Shape.Objects => (IsList(value, IsObject), "must be a list of objects"),
            Shape.ListsOfTexts => (IsList(value, inner => IsList(inner, IsText)), "must be a list of lists of texts, such as [[hostname, UNIQUE]]"),
            Shape.TextsByName => (IsObject(value) && value.EnumerateObject().All(one => IsText(one.Value)), "must be names with texts; put each value in quotes"),
            _ => (IsObject(value) && value.EnumerateObject().All(one => IsText(one.Value) || IsObject(one.Value)), "must be names with texts; put each value in quotes"),
        };
        if (!fits)
        {
            // Its value is not shown: the environment of an app is where people put passwords.
            _fault($"{_path}.{name}", null, allowed);
        }

        return fits;

        static bool IsText(JsonElement one) => one.ValueKind == JsonValueKind.String;

        static bool IsObject(JsonElement one) => one.ValueKind == JsonValueKind.Object;

        static bool IsList(JsonElement one, Func<JsonElement, bool> all) => one.ValueKind == JsonValueKind.Array && one.EnumerateArray().All(all);
    }

    private string Text(string name)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return "";
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        _fault($"{_path}.{name}", value.GetRawText(), "must be a text; put it in quotes");
        return "";
    }

    private double Number(string name, double otherwise)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
        {
            return number;
        }

        _fault($"{_path}.{name}", value.GetRawText(), "must be a number, without quotes");
        return otherwise;
    }

    private int Whole(string name, int otherwise)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        _fault($"{_path}.{name}", value.GetRawText(), "must be a whole number, without quotes");
        return otherwise;
    }

    private ImmutableArray<int> Ports()
    {
        if (!_fields.TryGetValue("ports", out var value))
        {
            // Apps that name their ports elsewhere, or have an address of their own; together with ports Marathon refuses those.
            return _fields.Keys.Any(name => name is "portDefinitions" or "container" or "ipAddress" or "networks") ? [] : [0];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(port => port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out _)))
        {
            return [.. value.EnumerateArray().Select(port => port.GetInt32())];
        }

        _fault($"{_path}.ports", value.GetRawText(), "must be a list of port numbers, 0 for any");
        return [];
    }
}
