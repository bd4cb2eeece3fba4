using System.Globalization;
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
        [.. Of(settings).Where(now => kept.TryGetValue(now.Key, out var was) && was != now.Value).Select(now => $"{now.Key}: {kept[now.Key]} -> {now.Value}: {Reason(now.Key)}")];

    private static SortedDictionary<string, string> Of(ClusterSettings settings) => new(StringComparer.Ordinal)
    {
        [SettingKeys.Masters] = settings.Masters.ToString(CultureInfo.InvariantCulture),
        [SettingKeys.MasterSize] = settings.MasterSize,
        [SettingKeys.Addressing] = settings.Addressing == Addressing.Public ? "public" : "private",
        [SettingKeys.UiCidrs] = settings.ShowsInterfacesOutside ? "shown outside" : "not shown outside the private network",
        [SettingKeys.SshPublicKey] = settings.Ssh.IsGenerated ? "generated" : SshKeyPair.Fingerprint(settings.Ssh.PublicKey),
    };

    private static string Reason(string key) => key switch
    {
        SettingKeys.Masters => "more masters than twice the quorum less one can corrupt Mesos's registry; with fewer, the surplus masters must stop before the quorum falls, and one update cannot order that",
        SettingKeys.MasterSize => "resizing powers a droplet off, and all masters would be powered off at once",
        SettingKeys.UiCidrs => "every agent would get another host name; Mesos would take it for a new agent and its tasks for lost",
        SettingKeys.SshPublicKey => "the hosts accept the key that they were created with, and no other",
        _ => "every member's address would change at once, and two lists of ZooKeeper servers that differ by more than one can elect two leaders",
    };
}
