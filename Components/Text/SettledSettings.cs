using System.Reflection;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>What is settled when a cluster is created, because it cannot be changed safely on a living one.</summary>
public static class SettledSettings
{
    /// <summary>Key of the cluster's name, with which all names at DigitalOcean begin. It is settled, too, but another one is no reason to refuse: the first one stays.</summary>
    public const string NameKey = "name";

    /// <summary>What to keep, by the name of the setting.</summary>
    /// <param name="name">Name of the cluster.</param>
    /// <param name="settings">The settings it is created with.</param>
    public static IReadOnlyDictionary<string, string> Of(string name, ClusterSettings settings) => new SortedDictionary<string, string>(Of(settings), StringComparer.Ordinal) { [NameKey] = name };

    /// <summary>Why the settings cannot be applied to a cluster that was created with others; empty where they can.</summary>
    /// <param name="kept">What was kept.</param>
    /// <param name="settings">The settings now.</param>
    public static IReadOnlyList<string> Refusals(IReadOnlyDictionary<string, string> kept, ClusterSettings settings) =>
        [.. Declared(settings).Where(now => kept.TryGetValue(now.Key, out var was) && was != now.Value).Select(now => $"{now.Key}: {kept[now.Key]} -> {now.Value}: {now.Reason}")];

    private static SortedDictionary<string, string> Of(ClusterSettings settings) =>
        new(Declared(settings).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal), StringComparer.Ordinal);

    private static IEnumerable<(string Key, string Value, string Reason)> Declared(ClusterSettings settings) =>
        from entry in SettingTable.Values<SettledAttribute>(settings)
        select (entry.Attribute.Key ?? entry.Property.GetCustomAttribute<SettingAttribute>()!.Key, SettingTable.Text(entry.Value)!, entry.Attribute.Reason);
}
