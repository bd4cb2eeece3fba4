using System.Collections.Immutable;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A virtual machine. It counts as created once it is active, which is before its sshd answers.</summary>
internal sealed class DropletResource(DigitalOceanApi api, Polling polling) : IDigitalOceanResource
{
    // The time to start a droplet after a resize. It does not count against the limit of the update, because the droplet would stay off.
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(2);

    // How many reads of a droplet come before its actions are read. A create seldom fails, and the API limits requests.
    private const int LooksPerActions = 5;

    private static readonly ImmutableArray<string> OfSize = ["disk", "memory", "priceHourly", "priceMonthly", "vcpus"];

    public string Type => "digitalocean:index/droplet:Droplet";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
        ("image", new(InputKind.Text, Required: true, Replaces: true)),
        ("size", new(InputKind.Text, Required: true)),
        ("region", new(InputKind.Text, Replaces: true)),
        ("name", new(InputKind.Text)),
        ("sshKeys", new(InputKind.Set, Replaces: true, Items: new(InputKind.Text))),
        ("vpcUuid", new(InputKind.Text, Replaces: true)),
        ("userData", new(InputKind.Text, Replaces: true)),
        ("tags", new(InputKind.Set, Items: new(InputKind.Text))),
        ("monitoring", new(InputKind.Bool, Replaces: true)),
        ("dropletAgent", new(InputKind.Bool, Replaces: true)),
        ("ipv6", new(InputKind.Bool)),
        ("resizeDisk", new(InputKind.Bool)),
        ("gracefulShutdown", new(InputKind.Bool)));

    public ImmutableArray<string> Computed { get; } =
    [
        "createdAt", "dropletUrn", "ipv4Address", "ipv4AddressPrivate", "ipv6Address", "locked", "privateNetworking", "publicNetworking", "region", "status", "volumeIds", "vpcUuid", .. OfSize,
    ];

    // The image is never read back (a slug moves on to other ids), and user data only as a hash.
    public ImmutableArray<string> Unreadable { get; } = ["image", "sshKeys", "userData", "monitoring", "dropletAgent", "resizeDisk", "gracefulShutdown"];

    public bool Replaces(string path, PropertyMap oldInputs, PropertyMap newInputs) => path == "ipv6" && newInputs.Bool("ipv6") != true;

    public IEnumerable<string> ComputedAfter(PropertyMap oldInputs, PropertyMap newInputs) =>
        [.. oldInputs.Text("size") == newInputs.Text("size") ? [] : OfSize, .. oldInputs.Bool("ipv6") == newInputs.Bool("ipv6") ? [] : new[] { "ipv6Address" }];

    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation)
    {
        var name = inputs.RequiredText("name");
        await foreach (var droplet in api.ListAsync($"droplets?per_page=200&name={Uri.EscapeDataString(name)}", "droplets", cancellation))
        {
            // Names of droplets are not unique. The other inputs are compared, so that another user's droplet is not taken.
            if (!known.Contains(droplet.Text("id"))
                && droplet.Text("name") == name
                && inputs.Texts("tags").All(droplet.Texts("tags").Contains)
                && inputs.Text("size") == droplet.Text("size_slug")
                && inputs.Text("vpcUuid") is var vpc && (vpc is null || vpc == droplet.Text("vpc_uuid")))
            {
                return droplet.Text("id");
            }
        }

        return null;
    }

    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["name"] = inputs.RequiredText("name"),
            ["size"] = inputs.RequiredText("size"),
            ["image"] = JsonReading.IdOrText(inputs.RequiredText("image")),
            ["ssh_keys"] = new JsonArray([.. inputs.Texts("sshKeys").Select(JsonReading.IdOrText)]),
            ["tags"] = JsonReading.ToJson(inputs.Texts("tags")),
        };
        foreach (var (input, field) in new[] { ("region", "region"), ("vpcUuid", "vpc_uuid"), ("userData", "user_data") })
        {
            if (inputs.Text(input) is { } text)
            {
                body[field] = text;
            }
        }

        foreach (var (input, field) in new[] { ("monitoring", "monitoring"), ("ipv6", "ipv6"), ("dropletAgent", "with_droplet_agent") })
        {
            if (inputs.Bool(input) is { } value)
            {
                body[field] = value;
            }
        }

        return (await api.PostAsync("droplets", body, cancellation)).Wrapped("droplet").Text("id");
    }

    public Task SettleAsync(string id, Action<string> status, CancellationToken cancellation)
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

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation)
    {
        if ((await api.GetAsync($"droplets/{id}", cancellation))?["droplet"] is not { } droplet)
        {
            return null;
        }

        var publicAddress = Address(droplet, "v4", "public");
        var outputs = inputs
            .With("name", droplet.Text("name"))
            .With("region", (droplet["region"] ?? new JsonObject()).Text("slug"))
            .With("size", droplet.Text("size_slug"))
            .With("tags", JsonReading.ToList(droplet.Texts("tags")))
            .With("vpcUuid", droplet.Text("vpc_uuid"))
            .With("volumeIds", JsonReading.ToList(droplet.Texts("volume_ids")))
            .With("status", droplet.Text("status"))
            .With("locked", droplet.Bool("locked"))
            .With("createdAt", droplet.Text("created_at"))
            .With("disk", droplet.Number("disk"))
            .With("memory", droplet.Number("memory"))
            .With("vcpus", droplet.Number("vcpus"))
            .With("priceHourly", (droplet["size"] ?? new JsonObject()).Number("price_hourly"))
            .With("priceMonthly", (droplet["size"] ?? new JsonObject()).Number("price_monthly"))
            .With("dropletUrn", $"do:droplet:{id}")
            .With("ipv4Address", publicAddress)
            .With("ipv4AddressPrivate", Address(droplet, "v4", "private"))
            .With("ipv6Address", Address(droplet, "v6", "public"))
            .With("ipv6", droplet.Texts("features").Contains("ipv6"))
            .With("publicNetworking", publicAddress.Length > 0)
            .With("privateNetworking", Address(droplet, "v4", "private").Length > 0)
            .With("resizeDisk", inputs.Bool("resizeDisk") ?? true)
            .With("gracefulShutdown", inputs.Bool("gracefulShutdown") ?? false);

        // The official provider keeps a hash, too: it shows a change, and user data may be long.
        return inputs.Text("userData") is { } data ? outputs.With("userData", Hash(data)) : outputs;
    }

    // Also goes on where an earlier update was cut off: an action of that one may run, or the droplet be off because of it.
    public async Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation)
    {
        var now = await IdleAsync(id, status, cancellation);
        if (newInputs.RequiredText("name") is var name && name != now.Text("name"))
        {
            await ActAsync(id, new JsonObject { ["type"] = "rename", ["name"] = name }, status, cancellation);
        }

        if (newInputs.Bool("ipv6") == true && !now.Texts("features").Contains("ipv6"))
        {
            await ActAsync(id, new JsonObject { ["type"] = "enable_ipv6" }, status, cancellation);
        }

        await UpdateTagsAsync(id, [.. now.Texts("tags")], newInputs.Texts("tags"), cancellation);
        if (newInputs.RequiredText("size") is var size && size != now.Text("size_slug"))
        {
            await ResizeAsync(id, size, now.Text("status") == "off", newInputs, status, cancellation);
        }
        else if (size != oldInputs.Text("size") && now.Text("status") == "off")
        {
            // Resized already, but not started again. One that somebody switched off otherwise stays off.
            await StartAsync(id, status, cancellation);
        }
    }

    public async Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation)
    {
        if (inputs.Bool("gracefulShutdown") == true && (await api.GetAsync($"droplets/{id}", cancellation))?["droplet"] is { } droplet && droplet.Text("status") == "active")
        {
            await ActAsync(id, new JsonObject { ["type"] = "shutdown" }, status, cancellation);
        }

        await polling.UntilAsync(
            async () =>
            {
                try
                {
                    await api.DeleteAsync($"droplets/{id}", cancellation);
                    return "asked";
                }
                catch (DigitalOceanException e) when (e.Status == HttpStatusCode.UnprocessableEntity)
                {
                    // Another action on the droplet is not over yet.
                    status(e.Message);
                    return null;
                }
            },
            cancellation);
        await polling.UntilAsync(async () => await api.GetAsync($"droplets/{id}", cancellation) is null ? "gone" : null, cancellation);
    }

    private async Task UpdateTagsAsync(string id, ImmutableArray<string> now, ImmutableArray<string> wanted, CancellationToken cancellation)
    {
        var body = new JsonObject { ["resources"] = new JsonArray(new JsonObject { ["resource_id"] = id, ["resource_type"] = "droplet" }) };
        foreach (var tag in wanted.Except(now, StringComparer.Ordinal))
        {
            await api.PostAsync("tags", new JsonObject { ["name"] = tag }, cancellation);
            await api.PostAsync($"tags/{Uri.EscapeDataString(tag)}/resources", body.DeepClone(), cancellation);
        }

        foreach (var tag in now.Except(wanted, StringComparer.Ordinal))
        {
            await api.DeleteAsync($"tags/{Uri.EscapeDataString(tag)}/resources", cancellation, body.DeepClone());
        }
    }

    // The size changes only while the droplet is off; it is started again whether that went well or not, in time of its own.
    private async Task ResizeAsync(string id, string size, bool off, PropertyMap inputs, Action<string> status, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            if (!off)
            {
                await SwitchOffAsync(id, inputs, status, cancellation);
            }

            await ActAsync(id, new JsonObject { ["type"] = "resize", ["size"] = size, ["disk"] = inputs.Bool("resizeDisk") ?? true }, status, cancellation);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        using var time = new CancellationTokenSource(TimeToStart);
        try
        {
            await StartAsync(id, status, time.Token);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            var before = failure?.SourceException switch
            {
                null => "it was resized",
                OperationCanceledException => "its resize was not waited for to the end",
                var reason => reason.Message,
            };
            throw new ProviderException($"{before}; then it could not be started again ({(e is OperationCanceledException ? $"not within {TimeToStart}" : e.Message)}), which the next update tries once more", e);
        }

        failure?.Throw();
    }

    private async Task SwitchOffAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation)
    {
        try
        {
            await ActAsync(id, new JsonObject { ["type"] = inputs.Bool("gracefulShutdown") == true ? "shutdown" : "power_off" }, status, cancellation);
        }
        catch (DigitalOceanException e) when (e.Status == HttpStatusCode.UnprocessableEntity)
        {
            // The API refuses to switch off a droplet that is off already.
            if ((await IdleAsync(id, status, cancellation)).Text("status") != "off")
            {
                throw;
            }
        }
    }

    private async Task StartAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        if ((await IdleAsync(id, status, cancellation)).Text("status") == "off")
        {
            await ActAsync(id, new JsonObject { ["type"] = "power_on" }, status, cancellation);
        }

        await SettleAsync(id, status, cancellation);
    }

    // The droplet once nothing is under way on it: until then the API takes no action, and status and size are those from before.
    private Task<JsonNode> IdleAsync(string id, Action<string> status, CancellationToken cancellation) => polling.UntilAsync(
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
        [.. ((await api.GetAsync($"droplets/{id}/actions?per_page=50", cancellation))?["actions"] as JsonArray ?? []).OfType<JsonNode>()];

    private static void RefuseStillborn(ImmutableArray<JsonNode> actions)
    {
        if (actions.Any(a => a.Text("type") == "create" && a.Text("status") == "errored"))
        {
            throw new ProviderException("it will never be active, its create action failed at DigitalOcean; delete the droplet there, and an update with a refresh makes another");
        }
    }

    private async Task ActAsync(string id, JsonObject action, Action<string> status, CancellationToken cancellation)
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

    private static string Address(JsonNode droplet, string family, string kind) =>
        (droplet["networks"]?[family] as JsonArray ?? []).FirstOrDefault(n => n!.Text("type") == kind)?.Text("ip_address") ?? "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
}
