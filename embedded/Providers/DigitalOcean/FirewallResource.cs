using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A firewall in front of droplets. Its rules, droplets and tags have no order.</summary>
internal sealed class FirewallResource(DigitalOceanApi api) : IDigitalOceanResource
{
    private static readonly InputSpec Texts = new(InputKind.Set, Items: new(InputKind.Text));
    private static readonly InputSpec Numbers = new(InputKind.Set, Items: new(InputKind.Whole));

    // The ends of a rule: after its prefix in Pulumi's names, and in the API's object.
    private static readonly ImmutableArray<(string Suffix, string Field, InputSpec Spec)> Ends =
    [
        ("Addresses", "addresses", Texts),
        ("DropletIds", "droplet_ids", Numbers),
        ("KubernetesIds", "kubernetes_ids", Texts),
        ("LoadBalancerUids", "load_balancer_uids", Texts),
        ("Tags", "tags", Texts),
    ];

    private static readonly ImmutableArray<(string Input, string Field, string Prefix, string Side)> Directions =
    [
        ("inboundRules", "inbound_rules", "source", "sources"),
        ("outboundRules", "outbound_rules", "destination", "destinations"),
    ];

    public string Type => "digitalocean:index/firewall:Firewall";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
    [
        ("name", new InputSpec(InputKind.Text)),
        ("dropletIds", Numbers),
        ("tags", Texts),
        .. Directions.Select(d => (d.Input, new InputSpec(InputKind.Set, Items: new(InputKind.Object, Fields: InputSpec.Of(
        [
            ("protocol", new InputSpec(InputKind.Text, Required: true)),
            ("portRange", new InputSpec(InputKind.Text)),
            .. Ends.Select(e => (d.Prefix + e.Suffix, e.Spec)),
        ]))))),
    ]);

    public ImmutableArray<string> Computed { get; } = ["createdAt", "pendingChanges", "status"];

    public IEnumerable<CheckFault> Faults(PropertyMap inputs)
    {
        if (inputs.Items("dropletIds").Length > 10)
        {
            yield return new CheckFault("dropletIds", "holds more than 10 droplets; tags have no such limit");
        }

        if (inputs.Items("tags").Length > 5)
        {
            yield return new CheckFault("tags", "holds more than 5 tags");
        }

        foreach (var direction in Directions)
        {
            foreach (var (rule, i) in inputs.Items(direction.Input).Select((r, i) => (r, i)))
            {
                if (rule is PropertyValue.Object { Properties: var fields } && fields.Text("protocol") is "tcp" or "udp" && fields.Value("portRange") is null)
                {
                    yield return new CheckFault($"{direction.Input}[{i}].portRange", "is required for tcp and udp");
                }
            }
        }
    }

    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation)
    {
        await foreach (var firewall in api.ListAsync("firewalls?per_page=200", "firewalls", cancellation))
        {
            if (!known.Contains(firewall.Text("id")) && firewall.Text("name") == inputs.Text("name"))
            {
                return firewall.Text("id");
            }
        }

        return null;
    }

    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation) =>
        (await api.PostAsync("firewalls", ToJson(inputs), cancellation)).Wrapped("firewall").Text("id");

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation)
    {
        if ((await api.GetAsync($"firewalls/{id}", cancellation))?["firewall"] is not { } firewall)
        {
            return null;
        }

        var outputs = inputs
            .With("name", firewall.Text("name"))
            .With("createdAt", firewall.Text("created_at"))
            .With("status", firewall.Text("status"))
            .With("dropletIds", ToNumbers(firewall["droplet_ids"]))
            .With("tags", JsonReading.ToList(firewall.Texts("tags")))
            .With("pendingChanges", new PropertyValue.Array([.. (firewall["pending_changes"] as JsonArray ?? []).Select(c => FromPendingChange(c!))]));
        foreach (var direction in Directions)
        {
            var given = inputs.Items(direction.Input);
            PropertyValue.Array live = new([.. (firewall[direction.Field] as JsonArray ?? []).Select(r => FromRule(r!, direction.Prefix, direction.Side))]);

            // A rule may be written in more than one way; the program's own stays as long as it says the same.
            var same = InputDiff.SameItems(new([.. given.Select(r => Normal(r, direction.Prefix))]), new([.. live.Items.Select(r => Normal(r, direction.Prefix))]));
            outputs = outputs.With(direction.Input, same ? new PropertyValue.Array(given) : live);
        }

        return outputs;
    }

    public Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation) =>
        api.PutAsync($"firewalls/{id}", ToJson(newInputs), cancellation);

    public Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation) =>
        api.DeleteAsync($"firewalls/{id}", cancellation);

    private static JsonObject ToJson(PropertyMap inputs)
    {
        var body = new JsonObject
        {
            ["name"] = inputs.RequiredText("name"),
            ["droplet_ids"] = JsonReading.NumbersToJson(inputs.Items("dropletIds")),
            ["tags"] = JsonReading.ToJson(inputs.Texts("tags")),
        };
        foreach (var direction in Directions)
        {
            body[direction.Field] = new JsonArray([.. inputs.Items(direction.Input).OfType<PropertyValue.Object>().Select(r => ToRule(r.Properties, direction.Prefix, direction.Side))]);
        }

        return body;
    }

    private static JsonObject ToRule(PropertyMap rule, string prefix, string side)
    {
        var ends = new JsonObject();
        foreach (var (suffix, field, spec) in Ends.Where(e => rule.Items(prefix + e.Suffix).Length > 0))
        {
            ends[field] = spec == Numbers ? JsonReading.NumbersToJson(rule.Items(prefix + suffix)) : JsonReading.ToJson(rule.Texts(prefix + suffix));
        }

        var result = new JsonObject { ["protocol"] = rule.RequiredText("protocol"), [side] = ends };
        if (rule.Text("portRange") is { } ports && rule.Text("protocol") != "icmp")
        {
            result["ports"] = ports;
        }

        return result;
    }

    private static PropertyValue.Object FromRule(JsonNode rule, string prefix, string side)
    {
        var ends = rule[side] ?? new JsonObject();
        var result = PropertyMap.Empty.With("protocol", rule.Text("protocol"));
        if (rule.Text("ports") is { Length: > 0 } ports && rule.Text("protocol") != "icmp")
        {
            // The API says 0 where every port is meant.
            result = result.With("portRange", ports == "0" ? "all" : ports);
        }

        foreach (var (suffix, field, spec) in Ends.Where(e => ends[e.Field] is JsonArray { Count: > 0 }))
        {
            result = result.With(prefix + suffix, spec == Numbers ? ToNumbers(ends[field]) : JsonReading.ToList(ends.Texts(field)));
        }

        return new PropertyValue.Object(result);
    }

    private static PropertyValue Normal(PropertyValue rule, string prefix)
    {
        if (rule.Unwrapped() is not PropertyValue.Object { Properties: var fields })
        {
            return rule;
        }

        var normal = PropertyMap.Empty.With("protocol", fields.RequiredText("protocol"));
        if (fields.Text("portRange") is { } ports && fields.Text("protocol") != "icmp")
        {
            normal = normal.With("portRange", ports is "0" or "1-65535" ? "all" : ports);
        }

        foreach (var name in Ends.Select(e => prefix + e.Suffix).Where(n => fields.Items(n).Length > 0))
        {
            normal = normal.With(name, new PropertyValue.Array([.. fields.Items(name).OrderBy(i => i.ToString(), StringComparer.Ordinal)]));
        }

        return new PropertyValue.Object(normal);
    }

    private static PropertyValue.Object FromPendingChange(JsonNode change) => new(PropertyMap.Empty
        .With("dropletId", change.Number("droplet_id"))
        .With("removing", change.Bool("removing"))
        .With("status", change.Text("status")));

    private static PropertyValue.Array ToNumbers(JsonNode? numbers) =>
        new([.. (numbers as JsonArray ?? []).Select(n => (PropertyValue)double.Parse(n!.ToJsonString(), CultureInfo.InvariantCulture))]);
}
