using System.Net.Http.Json;
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
        using var answer = await Http.PutAsJsonAsync(new Uri($"http://{master}:8080/v2/apps/{app}"), definition);
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

    /// <summary>One ensemble, one Mesos leader whom every master knows, so many agents, all apps running, and no rule broken on the way there.</summary>
    /// <param name="masters">The masters' addresses.</param>
    /// <param name="agents">How many agents there have to be.</param>
    /// <param name="within">How long each part may take.</param>
    /// <param name="modes">What the ZooKeepers say they are.</param>
    /// <param name="apps">The apps that have to run, and no others.</param>
    public static async Task MustBeWholeAsync(IReadOnlyList<string> masters, int agents, TimeSpan within, Func<Task<string[]>> modes, IReadOnlyList<string> apps)
    {
        string[] wanted = masters.Count == 1 ? ["standalone"] : [.. Enumerable.Repeat("follower", masters.Count - 1), "leader"];
        await EventuallyAsync("one ZooKeeper leader, all others followers", within, async () => (await modes()).Order().SequenceEqual(wanted));
        foreach (var master in masters)
        {
            await EventuallyAsync($"{agents} agents seen through {master}", within, async () =>
                (await JsonAsync($"http://{master}:5050/state")).GetProperty("activated_slaves").GetDouble() == agents);
            var violations = await JsonAsync($"http://{master}:5050/standin/violations");
            Assert.That(violations.GetArrayLength(), Is.Zero, () => $"seen through {master}: {violations}");
            await EventuallyAsync($"{string.Join(" and ", apps)} run, seen through {master}", within, async () => await RunningAsync(master) is var running && running.SequenceEqual(apps));
        }
    }

    /// <summary>The apps of which one task runs, those of which none or more run left out.</summary>
    public static async Task<string[]> RunningAsync(string master) =>
        [.. (await AppsAsync(master)).Where(app => app.GetProperty("tasksRunning").GetInt32() == 1).Select(app => app.GetProperty("id").GetString()!).Order()];

    /// <summary>The version of every app, which another definition of it would change.</summary>
    public static async Task<Dictionary<string, string>> VersionsAsync(string master) =>
        (await AppsAsync(master)).ToDictionary(app => app.GetProperty("id").GetString()!, app => app.GetProperty("version").GetString()!);

    /// <summary>The address of the Mesos master that leads, as another one tells; null where that knows none.</summary>
    public static async Task<string?> LeaderAsync(string master)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(3) };
        using var answer = await http.GetAsync(new Uri($"http://{master}:5050/redirect"));
        return answer.Headers.Location is { } place ? new Uri(new Uri("http://any"), place).Host : null;
    }

    /// <summary>The ids of the tasks of an app that run now.</summary>
    public static async Task<string[]> TasksAsync(string master, string app) =>
        [.. (await JsonAsync($"http://{master}:8080/v2/apps/{app}")).GetProperty("app").GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];

    private static async Task<IEnumerable<JsonElement>> AppsAsync(string master) => (await JsonAsync($"http://{master}:8080/v2/apps")).GetProperty("apps").EnumerateArray();
}
