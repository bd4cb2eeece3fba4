using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>What a valid app is, as far as Marathon would refuse it or could never run it.</summary>
internal static partial class AppRules
{
    private static readonly string Key = SettingTable.Key(s => s.Apps);

    // Marathon makes the ids of tasks of it, and they name folders.
    private const int LongestId = 150;

    // Linux takes no argument and no variable of 128 KiB.
    private const int LongestText = 100_000;

    private const int MostInstances = 100_000;

    // A petabyte.
    private const double LargestSize = 1e9;

    // The last parts of addresses below /v2/apps/{id}.
    private static readonly string[] Reserved = ["tasks", "versions", "restart"];

    /// <summary>Checks all apps.</summary>
    /// <param name="apps">The apps.</param>
    /// <param name="agents">How many agents there are to run them.</param>
    /// <param name="fault">Takes what is wrong: key, value, what is allowed.</param>
    public static void Check(ImmutableArray<AppSettings> apps, int agents, Action<string, string?, string> fault)
    {
        if (!apps.IsEmpty && agents == 0)
        {
            fault(Key, null, $"needs agents to run on; set {SettingTable.Key(s => s.Agents)} to 1 or more, or leave the apps out");
        }

        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var steps = new Dictionary<string, string>(StringComparer.Ordinal);
        var ports = new Dictionary<int, string>();
        foreach (var (app, index) in apps.Select((app, index) => (app, index)))
        {
            CheckOne(app, Fault);
            CheckId(app.Id, Fault);
            foreach (var port in ServicePorts(app).Distinct().Where(port => !ports.TryAdd(port, app.Id)))
            {
                Fault("ports", Text(port), $"is a service port of the app {ports[port]} too; Marathon gives a port to one app only; take another, or 0 for any");
            }

            void Fault(string field, string? value, string allowed) => fault($"{Key}[{index}].{field}", value, allowed);
        }

        foreach (var (app, index) in apps.Select((app, index) => (app, index)))
        {
            if (Groups(app.Id).FirstOrDefault(ids.ContainsKey) is { } group)
            {
                fault($"{Key}[{index}].id", app.Id, $"lies below the app {group}, which would have to be a group; give one of them another id");
            }
        }

        AppDependencies.Check(apps, (index, field, value, allowed) => fault($"{Key}[{index}].{field}", value, allowed));

        void CheckId(string id, Action<string, string?, string> fault)
        {
            if (!ids.TryAdd(id, id))
            {
                fault("id", id, "is there twice; each app needs its own id");
            }
            else if (!steps.TryAdd(StepName(id), id))
            {
                fault("id", id, $"is too like {steps[StepName(id)]}: the names of their steps would be the same; give one of them another id");
            }
        }
    }

    /// <summary>What an app's step is called, after the name of the cluster.</summary>
    public static string StepName(string id) => id.Replace('/', '-');

    private static void CheckOne(AppSettings app, Action<string, string?, string> fault)
    {
        var last = app.Id.Split('/')[^1];
        Require(app.Id.Length <= LongestId && IdPattern().IsMatch(app.Id), "id", app.Id, $"must be lower-case letters, digits, dashes and dots between them, parts divided by slashes, such as hello or shop/web, and at most {LongestId} characters");
        Require(!Reserved.Contains(last), "id", app.Id, $"must not end in {string.Join(", ", Reserved)}, which are addresses of Marathon's own");
        var hasArgs = app.Further.ContainsKey("args");
        Require(app.Cmd.Length > 0 || hasArgs || app.Further.ContainsKey("container"), "cmd", null, "must be the command to run (or set args or container)");
        Require(app.Cmd.Length == 0 || !hasArgs, "args", null, "must not be set along with cmd; Marathon takes one of them");
        Require(app.Cpus is > 0 and <= 1000, "cpus", Text(app.Cpus), "must be more than 0 and at most 1000");
        Require(app.Mem is >= 4 and <= LargestSize, "mem", Text(app.Mem), "must be at least 4 (MB), and less than the largest agent has");
        Require(app.Disk is >= 0 and <= LargestSize, "disk", Text(app.Disk), "must be 0 or more (MB), and less than the largest agent has");
        Require(app.Instances is >= 0 and <= MostInstances, "instances", Text(app.Instances), $"must be 0 or more and at most {MostInstances}");
        Require(app.Ports.All(port => port is >= 0 and <= 65535), "ports", Ports(), "must be 0 (any) to 65535");
        Require(ServicePorts(app).GroupBy(port => port).All(same => same.Count() == 1), "ports", Ports(), "must not name a port twice");
        Require(app.Ports.IsEmpty || !app.Further.ContainsKey("portDefinitions"), "ports", Ports(), "must not be set along with portDefinitions; Marathon takes one of them");
        Require(Number(app.Further.GetValueOrDefault("gpus")) is null or 0, "gpus", null, "must be 0: the agents of this cluster offer no GPU");
        if (app.Further.TryGetValue("container", out var container))
        {
            var type = Member(container, "type") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
            Require(type == "MESOS", "container.type", type, "must be MESOS: the agents of this cluster have Mesos's own containers only (Marathon takes DOCKER where none is named)");
            Require(Member(container, "docker") is null, "container.docker", null, "must not be set: no agent of this cluster can run a Docker image; name what the command needs in fetch");
        }

        foreach (var (field, why) in Texts(app).Select(one => (one.Field, Why: TextRule.Fault(one.Text, LongestText, lines: true))).Where(one => one.Why is not null).DistinctBy(one => one.Field))
        {
            // The text may be a secret.
            fault(field, null, why!);
        }

        string Ports() => string.Join(", ", app.Ports.Take(10));

        void Require(bool holds, string field, string? value, string allowed)
        {
            if (!holds)
            {
                fault(field, value, allowed);
            }
        }
    }

    // The ports by which others find the app; 0 stands for one that Marathon chooses.
    private static IEnumerable<int> ServicePorts(AppSettings app) =>
        app.Ports
            .Concat(Items(app.Further.GetValueOrDefault("portDefinitions")).Select(one => Number(Member(one, "port"))).OfType<int>())
            .Concat(Items(Member(app.Further.GetValueOrDefault("container"), "portMappings")).Select(one => Number(Member(one, "servicePort"))).OfType<int>())
            .Where(port => port != 0);

    // The groups that an app is in, the outermost first.
    private static IEnumerable<string> Groups(string id)
    {
        for (var at = id.IndexOf('/', StringComparison.Ordinal); at > 0; at = id.IndexOf('/', at + 1))
        {
            yield return id[..at];
        }
    }

    // The texts of an app, each with the field of the app that it is in; the id has a rule of its own.
    private static IEnumerable<(string Field, string Text)> Texts(AppSettings app) =>
        app.Further.SelectMany(field => Texts(field.Value).Select(text => (field.Key, text))).Prepend(("cmd", app.Cmd));

    /// <summary>All texts in a value, the names of fields too.</summary>
    /// <exception cref="InvalidOperationException">One of them holds half a character.</exception>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value).Prepend(member.Name)),
        _ => [],
    };

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement? value) => value is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    private static int? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var whole) ? whole : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    // Each part is made of host name labels, as Marathon's PathId wants it.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:[./][a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
