using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>What a valid app is, as far as Marathon would refuse it or could never run it.</summary>
internal static partial class AppRules
{
    private static readonly string Key = SettingTable.Key(s => s.Apps);

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

        foreach (var (app, index) in apps.Select((app, index) => (app, index)))
        {
            CheckOne(app, (field, value, allowed) => fault($"{Key}[{index}].{field}", value, allowed));
            foreach (var other in apps.Take(index).Where(other => other.Id == app.Id))
            {
                fault($"{Key}[{index}].id", app.Id, "is there twice; each app needs its own id");
            }

            if (apps.FirstOrDefault(other => app.Id.StartsWith(other.Id + "/", StringComparison.Ordinal)) is { } group)
            {
                fault($"{Key}[{index}].id", app.Id, $"lies below the app {group.Id}, which would have to be a group; give one of them another id");
            }
        }
    }

    private static void CheckOne(AppSettings app, Action<string, string?, string> fault)
    {
        var last = app.Id.Split('/')[^1];
        Require(IdPattern().IsMatch(app.Id), "id", app.Id, "must be lower-case letters, digits, dashes and dots between them, parts divided by slashes, such as hello or shop/web");
        Require(!Reserved.Contains(last), "id", app.Id, $"must not end in {string.Join(", ", Reserved)}, which are addresses of Marathon's own");
        var hasArgs = app.Further.ContainsKey("args");
        Require(app.Cmd.Length > 0 || hasArgs || app.Further.ContainsKey("container"), "cmd", null, "must be the command to run (or set args or container)");
        Require(app.Cmd.Length == 0 || !hasArgs, "args", null, "must not be set along with cmd; Marathon takes one of them");
        Require(app.Cpus is > 0 and <= 1000, "cpus", Text(app.Cpus), "must be more than 0");
        Require(app.Mem >= 4, "mem", Text(app.Mem), "must be at least 4 (MB)");
        Require(app.Disk >= 0, "disk", Text(app.Disk), "must be 0 or more (MB)");
        Require(app.Instances >= 0, "instances", Text(app.Instances), "must be 0 or more");
        Require(app.Ports.All(port => port is >= 0 and <= 65535), "ports", string.Join(", ", app.Ports), "must be 0 (any) to 65535");
        Require(app.Ports.Where(port => port != 0).GroupBy(port => port).All(same => same.Count() == 1), "ports", string.Join(", ", app.Ports), "must not name a port twice");
        Require(app.Ports.IsEmpty || !app.Further.ContainsKey("portDefinitions"), "ports", string.Join(", ", app.Ports), "must not be set along with portDefinitions; Marathon takes one of them");

        void Require(bool holds, string field, string? value, string allowed)
        {
            if (!holds)
            {
                fault(field, value, allowed);
            }
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    // Each part is made of host name labels, as Marathon's PathId wants it.
    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:[./][a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
