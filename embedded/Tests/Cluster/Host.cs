using System.Globalization;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>A host of the cluster, looked at from the inside.</summary>
internal sealed class Host(Launcher launcher, string name, string address)
{
    /// <summary>Its name in the cluster, such as master-1.</summary>
    public string Name { get; } = name;

    public string Address { get; } = address;

    /// <summary>The number that its name ends in.</summary>
    public string Number => Name[(Name.LastIndexOf('-') + 1)..];

    /// <summary>Runs a script and gives what it printed, without the last newline.</summary>
    public async Task<string> OnAsync(string script) => (await launcher.OnAsync(Name, script)).TrimEnd('\n');

    /// <summary>Runs scripts one after the other, at one go, and gives what each printed, by its name.</summary>
    public async Task<Dictionary<string, string>> AskAsync(Dictionary<string, string> scripts)
    {
        const char Mark = '\u0001';
        var said = await OnAsync("set -e; " + string.Join("; ", scripts.Select(script => $"printf '\\001{script.Key}\\n'; {script.Value}")));
        return said.Split(Mark, StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', 2)).ToDictionary(part => part[0], part => part[1].TrimEnd('\n'));
    }

    /// <summary>When a unit was last started, on the clock that all hosts of this machine share.</summary>
    public async Task<TimeSpan> StartedAsync(string unit) =>
        TimeSpan.FromMicroseconds(long.Parse(await OnAsync($"systemctl show -P ActiveEnterTimestampMonotonic {unit}"), CultureInfo.InvariantCulture));

    /// <summary>What ZooKeeper says it is: leader, follower or standalone. Asked on the host, since the firewall lets nobody else.</summary>
    public async Task<string> ModeAsync() =>
        (await launcher.RunAsync("lab", "ssh", Name, $"exec 3<>/dev/tcp/{Address}/2181 && printf srvr >&3 && timeout 3 cat <&3 | sed -n 's/^Mode: //p'")).Output.Trim();

    /// <summary>When it booted; null where it cannot be asked.</summary>
    public async Task<string?> BootAsync()
    {
        var said = await launcher.RunAsync("lab", "ssh", Name, "cut -d' ' -f22 /proc/1/stat");
        return said.Code == 0 ? said.Output.Trim() : null;
    }

    /// <summary>How often somebody logged in by SSH.</summary>
    public async Task<int> LoginsAsync() =>
        int.Parse(await OnAsync("journalctl -u ssh --no-pager | grep -c Accepted || true"), CultureInfo.InvariantCulture);
}
