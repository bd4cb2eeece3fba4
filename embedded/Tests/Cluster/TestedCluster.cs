using System.Text.Json;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>The one cluster that the tests work on: what it is made with, and where its hosts are.</summary>
internal sealed class TestedCluster(Launcher launcher)
{
    public static readonly string[] BothApps = ["/hello", "/hello2"];

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<Host> Masters { get; private set; } = [];

    public IReadOnlyList<Host> Agents { get; private set; } = [];

    public IEnumerable<Host> Hosts => Masters.Concat(Agents);

    public IReadOnlyList<string> MasterAddresses => [.. Masters.Select(master => master.Address)];

    /// <summary>The ensemble's address, without a path.</summary>
    public string Url => "zk://" + string.Join(',', MasterAddresses.Select(address => address + ":2181"));

    /// <summary>What is set as zkSessionTimeout.</summary>
    public string SessionTimeout { get; set; } = "30secs";

    public async Task UpAsync(params string[] options)
    {
        await launcher.MustAsync(["up", "--yes", .. options]);
        await LearnAddressesAsync();
    }

    /// <summary>Waits until all of it works together, apps included.</summary>
    public Task MustBeWholeAsync(TimeSpan within, params string[] apps) =>
        ClusterView.MustBeWholeAsync(MasterAddresses, Agents.Count, within, () => Task.WhenAll(Masters.Select(master => master.ModeAsync())), apps.Length > 0 ? apps : BothApps);

    /// <summary>The state with all secrets open.</summary>
    public async Task<IEnumerable<JsonElement>> ResourcesAsync() =>
        JsonDocument.Parse(await launcher.MustAsync("stack", "export", "--show-secrets")).RootElement.GetProperty("deployment").GetProperty("resources").EnumerateArray();

    /// <summary>A text of the state with all secrets open, were it secret or not.</summary>
    public static string Plain(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : JsonSerializer.Deserialize<string>(value.GetProperty("plaintext").GetString()!)!;

    private async Task LearnAddressesAsync()
    {
        var outputs = await launcher.OutputsAsync();
        (Masters, Agents) = (Read("masters"), Read("agents"));

        Host[] Read(string name) => [.. outputs.GetProperty(name).Deserialize<Dictionary<string, string>>()!.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new Host(launcher, pair.Key, pair.Value))];
    }
}
