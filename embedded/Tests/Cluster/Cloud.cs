using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>The lab's v2 API, as somebody beside the program uses it.</summary>
internal sealed class Cloud : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri("http://127.0.0.1:17900/v2/"), Timeout = TimeSpan.FromSeconds(30) };

    public Cloud() => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "cluster-test");

    /// <summary>Names and ids of all droplets; null where no lab runs.</summary>
    public async Task<Dictionary<string, long>?> DropletsAsync()
    {
        try
        {
            var answer = await _http.GetFromJsonAsync<JsonElement>("droplets?per_page=200");
            return answer.GetProperty("droplets").EnumerateArray().ToDictionary(d => d.GetProperty("name").GetString()!, d => d.GetProperty("id").GetInt64());
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
