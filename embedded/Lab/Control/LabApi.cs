using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>The v2 API of the lab that runs, as the lab's own verbs use it.</summary>
internal sealed class LabApi : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;

    public LabApi(LabOptions options)
        : this(options.ApiAddress)
    {
    }

    public LabApi(Uri address)
    {
        _http = new HttpClient { BaseAddress = new Uri(address, "v2/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "lab");
    }

    /// <summary>Switches a droplet on and waits until it is on; false where it was.</summary>
    public async Task<bool> PowerOnAsync(long droplet)
    {
        if ((string?)(await SendAsync(HttpMethod.Get, $"droplets/{droplet}"))!["droplet"]!["status"] == "active")
        {
            return false;
        }

        var action = (await SendAsync(HttpMethod.Post, $"droplets/{droplet}/actions", new { type = "power_on" }))!["action"]!;
        for (var end = DateTime.UtcNow + Limit; (string?)action["status"] == ActionRecord.InProgress;)
        {
            if (DateTime.UtcNow > end)
            {
                throw new LabException($"The droplet is not on after {Limit.TotalSeconds:0} s.");
            }

            await Task.Delay(Pause);
            action = (await SendAsync(HttpMethod.Get, $"actions/{action["id"]}"))!["action"]!;
        }

        return (string?)action["status"] == ActionRecord.Completed ? true : throw new LabException($"The droplet was not switched on: {action["message"]}");
    }

    /// <summary>Deletes droplets, then the networks, firewalls and tags that no other droplet has.</summary>
    public async Task RemoveAsync(IReadOnlyList<long> droplets, Action<string> progress)
    {
        var all = (await SendAsync(HttpMethod.Get, "droplets"))!["droplets"]!.AsArray();
        var (gone, kept) = (all.Where(IsGone).ToList(), all.Where(droplet => !IsGone(droplet)).ToList());
        foreach (var droplet in gone)
        {
            progress($"deleting {droplet!["name"]}");
            await SendAsync(HttpMethod.Delete, $"droplets/{droplet["id"]}");
        }

        var tags = gone.SelectMany(Tags).Except(kept.SelectMany(Tags)).ToHashSet();
        foreach (var firewall in (await SendAsync(HttpMethod.Get, "firewalls"))!["firewalls"]!.AsArray().Where(firewall => Tags(firewall).ToList() is { Count: > 0 } own && own.TrueForAll(tags.Contains)))
        {
            await SendAsync(HttpMethod.Delete, $"firewalls/{firewall!["id"]}");
        }

        foreach (var tag in tags)
        {
            await SendAsync(HttpMethod.Delete, $"tags/{tag}");
        }

        foreach (var network in gone.Select(Network).Except(kept.Select(Network)))
        {
            await RemoveNetworkAsync(network);
        }

        bool IsGone(JsonNode? droplet) => droplets.Contains((long)droplet!["id"]!);
        static IEnumerable<string> Tags(JsonNode? thing) => thing!["tags"]!.AsArray().Select(tag => (string)tag!);
        static string Network(JsonNode? droplet) => (string)droplet!["vpc_uuid"]!;
    }

    public void Dispose() => _http.Dispose();

    // A droplet is a member until nothing of it is left on this machine.
    private async Task RemoveNetworkAsync(string network)
    {
        if ((bool)(await SendAsync(HttpMethod.Get, $"vpcs/{network}"))!["vpc"]!["default"]!)
        {
            return;
        }

        for (var end = DateTime.UtcNow + Limit; (await SendAsync(HttpMethod.Get, $"vpcs/{network}/members"))!["members"]!.AsArray().Count > 0;)
        {
            if (DateTime.UtcNow > end)
            {
                throw new LabException($"The droplets are not gone after {Limit.TotalSeconds:0} s; the lab's log says why.");
            }

            await Task.Delay(Pause);
        }

        await SendAsync(HttpMethod.Delete, $"vpcs/{network}");
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        try
        {
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode && !(method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound))
            {
                throw new LabException(string.Create(CultureInfo.InvariantCulture, $"The lab refused {method} {path}: {(int)response.StatusCode} {text}"));
            }

            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (HttpRequestException e)
        {
            throw new LabException($"The lab does not answer at {_http.BaseAddress}: {e.Message}", e);
        }
    }
}
