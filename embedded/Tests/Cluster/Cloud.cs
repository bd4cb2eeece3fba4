using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MesosStack.Embedded.Lab.Control;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>The lab's v2 API, as somebody beside the program uses it.</summary>
internal sealed class Cloud : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri("http://127.0.0.1:17900/v2/"), Timeout = TimeSpan.FromSeconds(30) };

    public Cloud() => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "cluster-test");

    /// <summary>Names and ids of all droplets; null where no lab runs.</summary>
    public async Task<Dictionary<string, long>?> DropletsAsync() =>
        (await ListAsync())?.ToDictionary(d => d.GetProperty("name").GetString()!, d => d.GetProperty("id").GetInt64());

    /// <summary>Ignores the test where no lab can run or somebody else uses it; takes away what a run of these tests left that was ended from outside.</summary>
    public async Task MustBeFreeAsync(Launcher launcher)
    {
        if (LabController.WhyNotHere() is { } reason)
        {
            Assert.Ignore($"no lab can run here: {reason}");
        }

        if (await StrangersAsync() is { } strangers)
        {
            if (strangers.Count > 0)
            {
                Assert.Ignore($"the lab of this machine is in use by somebody else: {string.Join(", ", strangers)}");
            }

            await launcher.MustAsync("lab", "stop", "--all");
        }
    }

    // Droplets whose private address is not of the tests' own range; null where no lab runs.
    private async Task<List<string>?> StrangersAsync() =>
        (await ListAsync())?.Where(d => !d.GetProperty("networks").GetProperty("v4").EnumerateArray().Any(n => n.GetProperty("ip_address").GetString()!.StartsWith(Launcher.PrivateRange, StringComparison.Ordinal)))
            .Select(d => d.GetProperty("name").GetString()!).ToList();

    private async Task<List<JsonElement>?> ListAsync()
    {
        try
        {
            return [.. (await _http.GetFromJsonAsync<JsonElement>("droplets?per_page=200")).GetProperty("droplets").EnumerateArray()];
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
    }

    public async Task DeleteAsync(long droplet) => (await _http.DeleteAsync(new Uri($"droplets/{droplet}", UriKind.Relative))).EnsureSuccessStatusCode();

    public async Task ActAsync(long droplet, string type) =>
        (await _http.PostAsJsonAsync(new Uri($"droplets/{droplet}/actions", UriKind.Relative), new { type })).EnsureSuccessStatusCode();

    public void Dispose() => _http.Dispose();
}
