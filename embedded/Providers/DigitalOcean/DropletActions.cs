using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>What is under way on droplets: starts actions and waits for them.</summary>
/// <param name="api">The API.</param>
/// <param name="polling">How it is asked again and again.</param>
/// <param name="time">The clock of time limits.</param>
internal sealed class DropletActions(DigitalOceanApi api, Polling polling, TimeProvider time)
{
    // How many reads of a droplet come before its actions are read. A create seldom fails, and the API limits requests.
    private const int LooksPerActions = 5;

    /// <summary>Starts an action and waits until it is completed.</summary>
    /// <exception cref="ProviderException">It failed, or the API refused it.</exception>
    public async Task RunAsync(string id, JsonObject action, Action<string> status, CancellationToken cancellation)
    {
        var type = action.Text("type");
        status($"{type.Replace('_', ' ')} …");
        var started = (await api.PostAsync($"droplets/{id}/actions", action, cancellation)).Wrapped("action");
        await polling.UntilAsync(
            async () =>
            {
                var now = (await api.GetAsync($"actions/{started.Text("id")}", cancellation))?["action"] ?? started;
                return now.Text("status") switch
                {
                    "completed" => now,
                    "errored" => throw new ProviderException($"the action {type} on the droplet failed"),
                    _ => null,
                };
            },
            cancellation);
    }

    /// <summary>The droplet once it is active and its addresses are listed. Soon after its creation the API may not find it, which is waited out.</summary>
    /// <exception cref="ProviderException">Its creation failed, it is off, or it is gone.</exception>
    public async Task<JsonNode> NewbornAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        var unlisted = time.GetUtcNow() + FirstReads.Limit;
        await polling.UntilAsync(
            async () =>
            {
                status("droplet is not listed yet");
                return await api.GetAsync($"droplets/{id}", cancellation) ?? (time.GetUtcNow() < unlisted ? null : throw FirstReads.Missed());
            },
            cancellation);
        return await ActiveAsync(id, status, cancellation, refusesOff: true);
    }

    /// <summary>The droplet once it is active and its addresses are listed.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="status">Takes what it waits for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="refusesOff">Whether a droplet that is off ends the wait, since nothing is under way that would start it.</param>
    public Task<JsonNode> ActiveAsync(string id, Action<string> status, CancellationToken cancellation, bool refusesOff = false)
    {
        var looks = 0;
        return polling.UntilAsync(
            async () =>
            {
                var droplet = await DropletAsync(id, cancellation);
                var now = droplet.Text("status");
                if (now == "active")
                {
                    if (DropletResource.HasAddresses(droplet))
                    {
                        return droplet;
                    }

                    status("droplet is active, its addresses are not listed yet");
                    return null;
                }

                if (now == "off" && refusesOff)
                {
                    throw new ProviderException($"the droplet came up off; switch it on (in DigitalOcean's control panel, or: doctl compute droplet-action power-on {id}), then update once more with --refresh");
                }

                if (now == "new" && ++looks % LooksPerActions == 0)
                {
                    RefuseStillborn(await ActionsAsync(id, cancellation));
                }

                status($"droplet is {now}");
                return null;
            },
            cancellation);
    }

    /// <summary>The droplet once nothing is under way on it: until then the API takes no action, and status and size are those from before.</summary>
    public Task<JsonNode> IdleAsync(string id, Action<string> status, CancellationToken cancellation) => polling.UntilAsync(
        async () =>
        {
            var actions = await ActionsAsync(id, cancellation);
            var droplet = await DropletAsync(id, cancellation);
            var isNew = droplet.Text("status") == "new";
            if (isNew)
            {
                RefuseStillborn(actions);
            }

            if (actions.FirstOrDefault(a => a.Text("status") == "in-progress") is not { } busy)
            {
                return isNew ? null : droplet;
            }

            status($"waiting for {busy.Text("type").Replace('_', ' ')} to end …");
            return null;
        },
        cancellation);

    private async Task<JsonNode> DropletAsync(string id, CancellationToken cancellation) =>
        (await api.GetAsync($"droplets/{id}", cancellation))?["droplet"] ?? throw new ProviderException("the droplet is gone");

    // The newest come first, and those before the first page are over.
    private async Task<ImmutableArray<JsonNode>> ActionsAsync(string id, CancellationToken cancellation) =>
        [.. (await api.GetAsync($"droplets/{id}/actions?per_page=50", cancellation))?.Items("actions") ?? []];

    private static void RefuseStillborn(ImmutableArray<JsonNode> actions)
    {
        if (actions.Any(a => a.Text("type") == "create" && a.Text("status") == "errored"))
        {
            throw new ProviderException("it will never be active, its create action failed at DigitalOcean; delete the droplet there, and an update with a refresh makes another");
        }
    }
}
