using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>Requests to the daemons, and waiting for what they come to say.</summary>
internal static class Web
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static async Task<(HttpStatusCode Status, string Text, Uri? Location)> SendAsync(HttpMethod method, string url, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    public static Task<(HttpStatusCode Status, string Text, Uri? Location)> GetAsync(string url) => SendAsync(HttpMethod.Get, url);

    public static async Task<JsonNode> JsonAsync(string url)
    {
        var (status, text, _) = await GetAsync(url);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Looks again and again until `wanted` holds; connections that are refused count as not yet.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> wanted, int seconds = 20, params Daemon[] daemons)
    {
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        Exception? last = null;
        while (DateTime.UtcNow < deadline)
        {
            try
            {
                if (await wanted())
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException)
            {
                last = error;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"Not within {seconds} s: {what}. {last?.Message}\n{string.Join("\n---\n", daemons.Select(daemon => daemon.Log))}");
    }
}
