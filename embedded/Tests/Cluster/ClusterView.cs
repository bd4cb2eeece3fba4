using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>Looks at a running cluster through what it serves.</summary>
internal static class ClusterView
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static Task<JsonElement> JsonAsync(string address) => Http.GetFromJsonAsync<JsonElement>(new Uri(address));

    /// <summary>Makes an app by hand, through Marathon's API.</summary>
    public static async Task PutAppAsync(string master, string app, object definition)
    {
        // With a length, which the stand-in needs; PutAsJsonAsync sends in chunks.
        using var body = new StringContent(JsonSerializer.Serialize(definition), Encoding.UTF8, "application/json");
        using var answer = await Http.PutAsync(new Uri($"http://{master}:8080/v2/apps/{app}"), body);
        answer.EnsureSuccessStatusCode();
    }

    public static async Task DeleteAppAsync(string master, string app)
    {
        using var answer = await Http.DeleteAsync(new Uri($"http://{master}:8080/v2/apps/{app}"));
        answer.EnsureSuccessStatusCode();
    }

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
    /// <param name="masters">The masters' addresses.</param>
    /// <param name="agents">How many agents there have to be.</param>
    /// <param name="within">How long each part may take.</param>
    /// <param name="modes">What the ZooKeepers say they are; asked on the hosts, since the firewall lets nobody else.</param>
    public static async Task MustBeWholeAsync(IReadOnlyList<string> masters, int agents, TimeSpan within, Func<Task<string[]>> modes)
    {
        await EventuallyAsync("one ZooKeeper leader, all others followers", within, async () =>
            (await modes()).Order().SequenceEqual([.. Enumerable.Repeat("follower", masters.Count - 1), "leader"]));
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
}
