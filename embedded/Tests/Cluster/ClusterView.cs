using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>Looks at a running cluster through what it serves.</summary>
internal static partial class ClusterView
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>What a ZooKeeper says it is: leader, follower or standalone; nothing where it does not answer.</summary>
    public static async Task<string> ZooKeeperModeAsync(string host)
    {
        try
        {
            using var client = new TcpClient();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await client.ConnectAsync(host, 2181, limit.Token);
            await client.GetStream().WriteAsync("srvr"u8.ToArray(), limit.Token);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            return Mode().Match(await reader.ReadToEndAsync(limit.Token)).Groups[1].Value;
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException or OperationCanceledException)
        {
            return "";
        }
    }

    public static Task<JsonElement> JsonAsync(string address) => Http.GetFromJsonAsync<JsonElement>(new Uri(address));

    /// <summary>Waits until a check passes; its last failure is the error.</summary>
    public static async Task EventuallyAsync(string what, TimeSpan within, Func<Task<bool>> check)
    {
        var until = DateTime.UtcNow + within;
        Exception? last = null;
        while (DateTime.UtcNow < until)
        {
            try
            {
                if (await check())
                {
                    return;
                }

                last = null;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
            {
                last = notYet;
            }

            await Task.Delay(500);
        }

        Assert.Fail($"not within {within.TotalSeconds} s: {what}. {last?.Message}");
    }

    /// <summary>One ensemble, one Mesos leader whom every master knows, so many agents, both apps running.</summary>
    public static async Task MustBeWholeAsync(IReadOnlyList<string> masters, int agents, TimeSpan within)
    {
        await EventuallyAsync("one ZooKeeper leader, all others followers", within, async () =>
            (await Task.WhenAll(masters.Select(ZooKeeperModeAsync))).Order().SequenceEqual([.. Enumerable.Repeat("follower", masters.Count - 1), "leader"]));
        foreach (var master in masters)
        {
            await EventuallyAsync($"{agents} agents seen through {master}", within, async () =>
                (await JsonAsync($"http://{master}:5050/state")).GetProperty("activated_slaves").GetDouble() == agents);
            await EventuallyAsync($"both apps run, seen through {master}", within, async () =>
                (await JsonAsync($"http://{master}:8080/v2/apps")).GetProperty("apps").EnumerateArray()
                    .Where(app => app.GetProperty("tasksRunning").GetInt32() == 1)
                    .Select(app => app.GetProperty("id").GetString()).Order().SequenceEqual(["/hello", "/hello2"]));
        }

        var state = await JsonAsync($"http://{masters[0]}:5050/state");
        Assert.That(!state.TryGetProperty("standin_violations", out var violations) || violations.GetArrayLength() == 0, $"violations: {violations}");
    }

    /// <summary>The ids of the tasks of an app that run now.</summary>
    public static async Task<string[]> TasksAsync(string master, string app) =>
        [.. (await JsonAsync($"http://{master}:8080/v2/apps/{app}")).GetProperty("app").GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];

    [GeneratedRegex(@"^Mode: (\w+)", RegexOptions.Multiline)]
    private static partial Regex Mode();
}
