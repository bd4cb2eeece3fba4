using System.Net;
using System.Net.Sockets;

namespace MesosStack.Components.Settings;

/// <summary>What is allowed but known not to work today, or not to be safe.</summary>
public static class SettingsAdvice
{
    // Slugs that DigitalOcean once had; seen in October 2026: ubuntu-22-04-x64, ubuntu-24-04-x64, ubuntu-26-04-x64, debian-12-x64, debian-13-x64.
    private static readonly string[] GoneImages =
    [
        "ubuntu-12-04-x64", "ubuntu-14-04-x32", "ubuntu-14-04-x64", "ubuntu-16-04-x32", "ubuntu-16-04-x64", "ubuntu-18-04-x64", "ubuntu-20-04-x64",
        "debian-7-x64", "debian-8-x64", "debian-9-x64", "debian-10-x64",
    ];

    // Loopback, private and documentation ranges: no one on the internet can stand in for those.
    private static readonly IPNetwork[] LocalRanges =
    [
        .. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24" }.Select(IPNetwork.Parse),
    ];

    /// <summary>Warnings for a person, each with the lines to change.</summary>
    /// <param name="settings">Valid settings.</param>
    /// <param name="project">The project's name, which is the namespace of the keys.</param>
    /// <param name="stack">The stack's name.</param>
    public static IEnumerable<string> For(ClusterSettings settings, string project, string stack)
    {
        var file = $"Pulumi.{stack}.yaml";
        if (GoneImages.Contains(settings.Image))
        {
            yield return $"Image '{settings.Image}' is gone: DigitalOcean no longer offers it, and creating a droplet will fail. In {file} change the line '{project}:{SettingTable.Key(s => s.Image)}' "
                + "to the id of a custom image of that release, or to an image of today together with packages that are built for it.";
        }

        if (HostOf(settings.Packages.Url) is "repos.mesosphere.io" or "repos.mesosphere.com")
        {
            yield return $"Repository '{settings.Packages.Url}' must be taken as gone, as Apache Mesos was retired in August 2025. In {file} change the lines '{project}:{SettingTable.Key(s => s.Packages.Url)}', "
                + $"'{project}:{SettingTable.Key(s => s.Packages.Suite)}' and '{project}:{SettingTable.Key(s => s.Packages.Key.Id)}' with '{project}:{SettingTable.Key(s => s.Packages.Key.Fingerprint)}' to a mirror of yours and the key that signs it.";
        }

        if (settings.Packages.Key is { Url.Length: > 0, Fingerprint.Length: 0 } key && new Uri(key.Url) is { Scheme: "http" } address && !StaysLocal(address.Host))
        {
            yield return $"Signing key '{key.Url}' comes over plain http and is not checked: whoever sits on the way can put packages of their own on the hosts. "
                + $"In {file} set '{project}:{SettingTable.Key(s => s.Packages.Key.Fingerprint)}', or take an https address.";
        }
    }

    private static string? HostOf(string url) => Uri.TryCreate(url.Replace("{distro}", "", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri.Host : null;

    private static bool StaysLocal(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork
        && LocalRanges.Any(range => range.Contains(address));
}
