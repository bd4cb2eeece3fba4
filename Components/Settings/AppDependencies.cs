using System.Collections.Immutable;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>What apps name in <c>dependencies</c>: other apps of these settings, or groups of them, and never in a circle.</summary>
internal sealed class AppDependencies
{
    private const string Field = "dependencies";

    // So many names are told where one is unknown, and so many circles.
    private const int Few = 10;

    private readonly ImmutableArray<AppSettings> _apps;
    private readonly ILookup<string, string> _meant;
    private readonly Dictionary<string, List<string>> _needs = new(StringComparer.Ordinal);

    private AppDependencies(ImmutableArray<AppSettings> apps)
    {
        _apps = apps;

        // A name means an app, or all apps of a group.
        _meant = apps.SelectMany(app => Beginnings(app.Id).Select(name => (Name: name, app.Id))).ToLookup(pair => pair.Name, pair => pair.Id, StringComparer.Ordinal);
        foreach (var app in apps)
        {
            _needs[app.Id] = [.. Named(app).Where(named => named.Id != app.Id).SelectMany(named => _meant[named.Id]).Where(id => id != app.Id).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Checks all apps.</summary>
    /// <param name="apps">The apps.</param>
    /// <param name="fault">Takes what is wrong: the app's place, field, value, what is allowed.</param>
    public static void Check(ImmutableArray<AppSettings> apps, Action<int, string, string?, string> fault)
    {
        var dependencies = new AppDependencies(apps);
        dependencies.CheckNames(fault);
        dependencies.CheckCircles(fault);
    }

    private void CheckNames(Action<int, string, string?, string> fault)
    {
        foreach (var (app, index) in _apps.Select((app, index) => (app, index)))
        {
            foreach (var (written, id) in Named(app))
            {
                if (id == app.Id)
                {
                    fault(index, Field, written, "is the app itself; name other apps");
                }
                else if (!_meant.Contains(id))
                {
                    fault(index, Field, written, $"is no app of these settings; there are {string.Join(", ", _apps.Take(Few).Select(other => $"/{other.Id}"))}{(_apps.Length > Few ? " and others" : "")}");
                }
            }
        }
    }

    private void CheckCircles(Action<int, string, string?, string> fault)
    {
        for (var told = 0; told < Few && Circle() is { } circle; told++)
        {
            // It is told at that of its apps which stands first.
            var first = _apps.Select((app, index) => (app.Id, index)).First(app => circle.Contains(app.Id));
            var at = circle.IndexOf(first.Id);
            fault(first.index, Field, null, $"go in a circle: {string.Join(" needs ", circle[at..].Concat(circle[..at]).Append(first.Id).Select(id => $"/{id}"))}; Marathon starts an app after those that it needs");
            circle.ForEach(id => _needs.Remove(id));
        }
    }

    private List<string>? Circle()
    {
        // What needs nothing, or only what was taken away before, is in no circle.
        var left = new HashSet<string>(_needs.Keys, StringComparer.Ordinal);
        while (left.RemoveWhere(id => !_needs[id].Any(left.Contains)) > 0)
        {
        }

        if (left.Count == 0)
        {
            return null;
        }

        // Each of the rest needs one of the rest, so that a way among them comes back to itself.
        var way = new List<string> { left.First() };
        while (true)
        {
            var next = _needs[way[^1]].First(left.Contains);
            if (way.IndexOf(next) is >= 0 and var at)
            {
                return way[at..];
            }

            way.Add(next);
        }
    }

    private static IEnumerable<string> Beginnings(string id)
    {
        var parts = id.Split('/');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count)));
    }

    private static IEnumerable<(string Written, string Id)> Named(AppSettings app) =>
        app.Further.TryGetValue(Field, out var list) ? list.EnumerateArray().Select(one => (one.GetString()!, Resolve(app.Id, one.GetString()!))) : [];

    // A name without a leading slash begins at the app, as Marathon's PathId has it: ../db of /shop/web is /shop/db.
    private static string Resolve(string from, string name)
    {
        var parts = new List<string>(name.StartsWith('/') ? [] : from.Split('/'));
        foreach (var part in name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join('/', parts);
    }
}
