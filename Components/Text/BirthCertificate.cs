using System.Globalization;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>What is settled when a cluster is made, because it cannot be changed safely on a living one.</summary>
public static class BirthCertificate
{
    /// <summary>What the settings ask for, by the name of the setting.</summary>
    public static IReadOnlyDictionary<string, string> Of(ClusterSettings settings) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [SettingKeys.Masters] = settings.Masters.ToString(CultureInfo.InvariantCulture),
        [SettingKeys.MasterSize] = settings.MasterSize,
        [SettingKeys.Addressing] = settings.Addressing == Addressing.Public ? "public" : "private",
        [SettingKeys.UiCidrs] = settings.ShowsInterfacesOutside ? "shown outside" : "not shown outside the private network",
        [SettingKeys.SshPublicKey] = settings.Ssh.IsGenerated ? "generated" : SshKeyPair.Fingerprint(settings.Ssh.PublicKey),
    };

    /// <summary>Why the settings cannot be applied to a cluster that was made with <paramref name="born"/>; empty where they can.</summary>
    public static IReadOnlyList<string> Refusals(IReadOnlyDictionary<string, string> born, ClusterSettings settings) =>
        [.. Of(settings).Where(now => born.TryGetValue(now.Key, out var was) && was != now.Value).Select(now => $"{now.Key}: {born[now.Key]} -> {now.Value}: {Reason(now.Key)}")];

    private static string Reason(string key) => key switch
    {
        SettingKeys.Masters => "more masters than twice the quorum less one can corrupt Mesos's registry, and fewer need the surplus stopped before the quorum falls, which one update cannot order",
        SettingKeys.MasterSize => "resizing powers a droplet off, and all masters would go at once",
        SettingKeys.UiCidrs => "every agent would get another name, by which Mesos takes it for a stranger and its tasks for lost",
        SettingKeys.SshPublicKey => "the hosts let in the key that they were made with, and no other",
        _ => "every member's address would change at once, and two lists of ZooKeeper servers that differ by more than one can elect two leaders",
    };
}
