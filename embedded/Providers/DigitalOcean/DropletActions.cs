using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>What is under way on droplets: starts actions and waits for them.</summary>
internal sealed class DropletActions(DigitalOceanApi api, Polling polling)
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

    /// <summary>The droplet once it is active.</summary>
    public Task<JsonNode> ActiveAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        var looks = 0;
        return polling.UntilAsync(
            async () =>
            {
                var droplet = await DropletAsync(id, cancellation);
                var now = droplet.Text("status");
                if (now == "active")
                {
                    return droplet;
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
