using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Tests.Lab;

/// <summary>A client of the v2 API that shows status and body.</summary>
internal sealed class ApiClient : IDisposable
{
    public const string PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl test";

    public ApiClient(Uri address)
    {
        Http = new HttpClient { BaseAddress = address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "lab");
    }

    public HttpClient Http { get; }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "v2/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>The body of an answer that must be a success.</summary>
    public async Task<JsonNode?> DoAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.That((int)status, Is.InRange(200, 299), $"{method} {path}: {answer}");
        return answer;
    }

    public async Task<long> AddKeyAsync(string line = PublicKey) =>
        (long)(await DoAsync(HttpMethod.Post, "account/keys", new { name = "key", public_key = line }))!["ssh_key"]!["id"]!;

    public async Task<JsonNode> CreateDropletAsync(string name, long key, params string[] tags) =>
        (await DoAsync(HttpMethod.Post, "droplets", new { name, region = "lab1", size = "s-1vcpu-2gb", image = "debian-12-x64", ssh_keys = new[] { key }, tags }))!["droplet"]!;

    public async Task<JsonNode> DropletAsync(long id) => (await DoAsync(HttpMethod.Get, $"droplets/{id}"))!["droplet"]!;

    /// <summary>Does an action and waits for its end.</summary>
    public async Task<string> ActAsync(long id, string type)
    {
        var action = (long)(await DoAsync(HttpMethod.Post, $"droplets/{id}/actions", new { type }))!["action"]!["id"]!;
        string status;
        do
        {
            await Task.Delay(50);
            status = (string)(await DoAsync(HttpMethod.Get, $"actions/{action}"))!["action"]!["status"]!;
        }
        while (status == "in-progress");
        return status;
    }

    public async Task WaitForAsync(long id, string status)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while ((string)(await DropletAsync(id))["status"]! != status)
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), $"droplet {id} does not become {status}");
            await Task.Delay(50);
        }
    }

    public void Dispose() => Http.Dispose();
}
