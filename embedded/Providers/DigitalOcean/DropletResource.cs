using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>
/// A virtual machine. It counts as created once it is active, which is before its sshd answers. The image is never read back
/// (a slug moves on to other ids), and user data only as a hash.
/// </summary>
internal sealed class DropletResource(DigitalOceanApi api, Polling polling, TimeProvider time) : ApiResource(api, "digitalocean:index/droplet:Droplet", "droplets", "droplet",
[
    new("name", new(InputKind.Text), "name", droplet => droplet.Text("name")),
    new("image", new(InputKind.Text, Required: true, Replaces: true), "image") { Sent = JsonConversion.IdOrText },
    new("size", new(InputKind.Text, Required: true), "size", droplet => droplet.Text("size_slug")),
    new("region", new(InputKind.Text, Replaces: true), "region", droplet => droplet.Within("region").Text("slug")) { IsChosen = true },
    new("sshKeys", new(InputKind.Set, Replaces: true, Items: new(InputKind.Text)), "ssh_keys") { Sent = keys => JsonConversion.ToJson(keys, JsonConversion.IdOrText) },
    new("vpcUuid", new(InputKind.Text, Replaces: true), "vpc_uuid", droplet => droplet.Text("vpc_uuid")) { IsChosen = true },
    new("tags", new(InputKind.Set, Items: new(InputKind.Text)), "tags", droplet => droplet.List("tags")),
    new("userData", new(InputKind.Text, Replaces: true), "user_data"),
    new("monitoring", new(InputKind.Bool, Replaces: true), "monitoring"),
    new("resizeDisk", new(InputKind.Bool)),
    new("status", Live: droplet => droplet.Text("status")),
    new("locked", Live: droplet => droplet.Bool("locked")),
    new("createdAt", Live: droplet => droplet.Text("created_at")),
    new("dropletUrn", Live: droplet => $"do:droplet:{droplet.Text("id")}"),
    new("disk", Live: droplet => droplet.Number("disk")) { Follows = "size" },
    new("memory", Live: droplet => droplet.Number("memory")) { Follows = "size" },
    new("vcpus", Live: droplet => droplet.Number("vcpus")) { Follows = "size" },
    new("priceHourly", Live: droplet => droplet.Within("size").Number("price_hourly")) { Follows = "size" },
    new("priceMonthly", Live: droplet => droplet.Within("size").Number("price_monthly")) { Follows = "size" },
    new("volumeIds", Live: droplet => droplet.List("volume_ids")),
    new("ipv4Address", Live: droplet => Address(droplet, "v4", "public")),
    new("ipv4AddressPrivate", Live: droplet => Address(droplet, "v4", "private")),
    new("ipv6Address", Live: droplet => Address(droplet, "v6", "public")),
    new("ipv6", Live: droplet => droplet.Texts("features").Contains("ipv6")),
    new("publicNetworking", Live: droplet => Address(droplet, "v4", "public").Length > 0),
    new("privateNetworking", Live: droplet => Address(droplet, "v4", "private").Length > 0),
    new("gracefulShutdown", Live: _ => false),
])
{
    private readonly DropletActions _actions = new(api, polling, time);

    /// <summary>Whether the API lists every address that the droplet will have: DigitalOcean lists them a moment after the droplet is active.</summary>
    public static bool HasAddresses(JsonNode droplet) => Address(droplet, "v4", "public").Length > 0 && Address(droplet, "v4", "private").Length > 0;

    public override Task SettleAsync(string id, Action<string> status, CancellationToken cancellation) => _actions.NewbornAsync(id, status, cancellation);

    // Also goes on where an earlier update was cut off: an action of that one may run, or the droplet be off because of it.
    public override async Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation)
    {
        var now = await _actions.IdleAsync(id, status, cancellation);
        if (newInputs.RequiredText("name") is var name && name != now.Text("name"))
        {
            await _actions.RunAsync(id, new JsonObject { ["type"] = "rename", ["name"] = name }, status, cancellation);
        }

        await UpdateTagsAsync(id, [.. now.Texts("tags")], newInputs.Texts("tags"), cancellation);
        var resize = new DropletResize(_actions, time);
        if (newInputs.RequiredText("size") is var size && size != now.Text("size_slug"))
        {
            await resize.RunAsync(id, size, IsDiskResized(newInputs), status, cancellation);
        }
        else if (size != oldInputs.Text("size") && now.Text("status") == "off")
        {
            // Resized already, but not started again. One that somebody switched off otherwise stays off.
            await resize.StartAsync(id, status, cancellation);
        }
        else if (now.Text("status") == "active" && !HasAddresses(now))
        {
            // Created by an update that did not wait to the end.
            await _actions.ActiveAsync(id, status, cancellation);
        }
    }

    public override async Task DeleteAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        await polling.UntilAsync(
            async () =>
            {
                try
                {
                    await base.DeleteAsync(id, status, cancellation);
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
        await polling.UntilAsync(async () => await LiveAsync(id, cancellation) is null ? "gone" : null, cancellation);
    }

    protected override string Filter(PropertyMap inputs) => $"&name={Uri.EscapeDataString(inputs.RequiredText("name"))}";

    // Names of droplets are not unique. The other inputs are compared, so that another user's droplet is not taken.
    protected override bool IsMadeFrom(JsonNode item, PropertyMap inputs) =>
        inputs.Texts("tags").All(item.Texts("tags").Contains)
        && inputs.Text("size") == item.Text("size_slug")
        && inputs.Text("vpcUuid") is var vpc && (vpc is null || vpc == item.Text("vpc_uuid"));

    protected override PropertyMap Outputs(JsonNode live, PropertyMap inputs)
    {
        var outputs = base.Outputs(live, inputs).With("resizeDisk", IsDiskResized(inputs));

        // The official provider keeps a hash, too: it shows a change, and user data may be long.
        return inputs.Text("userData") is { } data ? outputs.With("userData", Hash(data)) : outputs;
    }

    private static bool IsDiskResized(PropertyMap inputs) => inputs.Bool("resizeDisk") ?? true;

    private async Task UpdateTagsAsync(string id, ImmutableArray<string> now, ImmutableArray<string> wanted, CancellationToken cancellation)
    {
        var body = new JsonObject { ["resources"] = new JsonArray(new JsonObject { ["resource_id"] = id, ["resource_type"] = "droplet" }) };
        foreach (var tag in wanted.Except(now, StringComparer.Ordinal))
        {
            await Api.PostAsync("tags", new JsonObject { ["name"] = tag }, cancellation);
            await Api.PostAsync($"tags/{Uri.EscapeDataString(tag)}/resources", body, cancellation);
        }

        foreach (var tag in now.Except(wanted, StringComparer.Ordinal))
        {
            await Api.DeleteAsync($"tags/{Uri.EscapeDataString(tag)}/resources", cancellation, body);
        }
    }

    private static string Address(JsonNode droplet, string family, string kind) =>
        droplet.Within("networks").Items(family).FirstOrDefault(network => network.Text("type") == kind)?.Text("ip_address") ?? "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
}
