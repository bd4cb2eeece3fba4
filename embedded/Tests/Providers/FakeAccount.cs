using System.Collections.Specialized;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>
/// What the v2 API knows of one account, as far as the provider asks. Lists have one item a page. A droplet is <c>new</c> for
/// its first two reads and is still there for one read after its deletion. An action takes effect when it completes; until
/// then the droplet takes no other.
/// </summary>
internal sealed class FakeAccount(TimeProvider time)
{
    public const string NoSize = "s-none";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, JsonObject>> _things = new(StringComparer.Ordinal)
    {
        ["droplets"] = [], ["ssh_keys"] = [], ["vpcs"] = [], ["tags"] = [], ["firewalls"] = [],
    };

    // In the order they were started.
    private readonly List<(string Droplet, JsonObject Action, DateTimeOffset Until, Action Effect)> _actions = [];
    private readonly Dictionary<string, int> _readsLeft = new(StringComparer.Ordinal);
    private int _lastId = 100;

    /// <summary>Whether droplets ever get active.</summary>
    public bool Boots { get; set; } = true;

    /// <summary>Whether the creation of a droplet fails, which then stays <c>new</c> for ever.</summary>
    public bool Stillborn { get; set; }

    /// <summary>How many reads after its creation find nothing.</summary>
    public int UnlistedReads { get; set; }

    /// <summary>How many reads of an active droplet come before its addresses are listed.</summary>
    public int ReadsWithoutAddresses { get; set; }

    /// <summary>Whether a new droplet ends up off.</summary>
    public bool ComesUpOff { get; set; }

    /// <summary>How long an action takes, unless <see cref="SlowAction"/>.</summary>
    public TimeSpan ActionTime { get; set; }

    /// <summary>An action that takes longer.</summary>
    public (string Type, TimeSpan Time) SlowAction { get; set; } = ("", TimeSpan.Zero);

    /// <summary>How many attempts to delete a VPC are refused for its members, as <see cref="MembersStatus"/> says.</summary>
    public int LingeringMembers { get; set; }

    /// <summary>The member that lingers in a VPC.</summary>
    public string Member { get; set; } = "do:droplet:7";

    /// <summary>What an attempt to delete a VPC with members is answered: 403 by the documents, 409 in practice.</summary>
    public int MembersStatus { get; set; } = 409;

    public IReadOnlyDictionary<string, JsonObject> All(string kind) => _things[kind];

    /// <summary>Does what a request asks for.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path below <c>/v2/</c>.</param>
    /// <param name="query">Its query.</param>
    /// <param name="body">Its body.</param>
    public (int Status, JsonNode? Body) Answer(string method, string path, NameValueCollection query, JsonNode? body)
    {
        lock (_lock)
        {
            CompleteActions();
            return Route(method, path.Replace("account/keys", "ssh_keys", StringComparison.Ordinal).Split('/'), query, body);
        }
    }

    private (int Status, JsonNode? Body) Route(string method, string[] path, NameValueCollection query, JsonNode? body) => (method, path) switch
    {
        ("GET", [var kind]) => (200, Page(kind, query)),
        ("POST", [var kind]) => Create(kind, body!),
        ("GET", ["vpcs", _, "members"]) => (200, new JsonObject { ["members"] = new JsonArray(new JsonObject { ["urn"] = Member, ["name"] = "lingerer" }) }),
        ("DELETE", ["vpcs", var id]) when _things["vpcs"].TryGetValue(id, out var vpc) && vpc["default"]!.GetValue<bool>() => (403, Error("forbidden", "Can not delete default VPCs")),
        ("DELETE", ["vpcs", _]) when LingeringMembers-- > 0 => (MembersStatus, Error(MembersStatus == 409 ? "conflict" : "forbidden", "Can not delete VPC with members")),
        ("GET", ["actions", var id]) => (200, new JsonObject { ["action"] = _actions.Single(a => $"{a.Action["id"]}" == id).Action.DeepClone() }),
        ("GET", ["droplets", var id, "actions"]) => (200, new JsonObject { ["actions"] = new JsonArray([.. _actions.Where(a => a.Droplet == id).Reverse().Select(a => a.Action.DeepClone())]) }),
        (_, [var kind, var id, ..]) when !_things[kind].ContainsKey(id) => (404, Error("not_found", "The resource you were accessing could not be found.")),
        ("GET", [_, _]) when UnlistedReads-- > 0 => (404, Error("not_found", "The resource you were accessing could not be found.")),
        ("GET", [var kind, var id]) => (200, Read(kind, id)),
        ("PUT", [var kind, var id]) => (200, Wrap(kind, Merge(_things[kind][id], body!))),
        ("DELETE", ["droplets", var id]) when _things["droplets"][id]["deleted"] is null => (204, Nothing(() => { _things["droplets"][id]["deleted"] = true; _readsLeft[id] = 1; })),
        ("DELETE", [var kind, var id]) => (204, Nothing(() => _things[kind].Remove(id))),
        ("POST", ["droplets", var id, "actions"]) => Act(id, _things["droplets"][id], body!),
        ("POST", ["tags", var tag, "resources"]) => (204, Nothing(() => Tags(body!).Add(tag))),
        ("DELETE", ["tags", var tag, "resources"]) => (204, Nothing(() => Tags(body!).Remove(Tags(body!).First(t => t!.GetValue<string>() == tag)))),
        _ => (404, Error("not_found", "no such route")),
    };

    private (int, JsonNode) Create(string kind, JsonNode body)
    {
        var thing = (JsonObject)body.DeepClone();
        var id = kind == "tags" ? thing["name"]!.GetValue<string>() : $"{++_lastId}";
        thing["id"] = kind is "droplets" or "ssh_keys" ? long.Parse(id, CultureInfo.InvariantCulture) : id;
        thing["created_at"] = "2026-01-02T03:04:05Z";
        switch (kind)
        {
            case "droplets":
                foreach (var tag in thing["tags"]!.AsArray().Select(t => t!.GetValue<string>()))
                {
                    _things["tags"].TryAdd(tag, new JsonObject { ["name"] = tag });
                }

                thing["status"] = "new";
                Started(id, Stillborn ? "errored" : "completed", "create", DateTimeOffset.MinValue, () => { });
                _readsLeft[id] = 2;
                thing["size_slug"] = thing["size"]!.DeepClone();
                thing["size"] = new JsonObject { ["price_hourly"] = 0.00893, ["price_monthly"] = 6 };
                thing["region"] = new JsonObject { ["slug"] = thing["region"]!.DeepClone() };
                thing["features"] = new JsonArray("private_networking");
                (thing["memory"], thing["vcpus"], thing["disk"], thing["locked"]) = (1024, 1, 25, false);
                break;
            case "ssh_keys" when _things[kind].Values.Any(k => k["public_key"]!.GetValue<string>() == thing["public_key"]!.GetValue<string>()):
                return (422, Error("unprocessable_entity", "SSH Key is already in use on your account"));
            case "ssh_keys":
                thing["fingerprint"] = "3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa";
                break;
            case "vpcs" or "firewalls" when _things[kind].Values.Any(t => t["name"]!.GetValue<string>() == thing["name"]!.GetValue<string>()):
                return (422, Error("unprocessable_entity", "name is already in use"));
            case "vpcs":
                thing["urn"] = $"do:vpc:{id}";
                thing["default"] = false;
                thing["ip_range"] ??= "10.10.0.0/20";
                break;
            case "firewalls":
                thing["status"] = "succeeded";
                foreach (var rule in thing["inbound_rules"]!.AsArray().Concat(thing["outbound_rules"]!.AsArray()))
                {
                    // DigitalOcean writes every port, and none, as 0.
                    rule!["ports"] = rule["ports"]?.GetValue<string>() is { } ports && ports != "all" ? ports : "0";
                }

                break;
        }

        _things[kind][id] = thing;
        return (kind == "droplets" ? 202 : 201, Wrap(kind, thing));
    }

    private JsonObject Read(string kind, string id)
    {
        var thing = _things[kind][id];
        if (kind == "droplets" && --_readsLeft[id] <= 0)
        {
            if (thing["deleted"] is not null)
            {
                _things[kind].Remove(id);
            }
            else if (Boots && !Stillborn)
            {
                thing["status"] = $"{thing["status"]}" != "new" ? $"{thing["status"]}" : ComesUpOff ? "off" : "active";
                thing["networks"] = ReadsWithoutAddresses-- > 0 ? new JsonObject { ["v4"] = new JsonArray(), ["v6"] = new JsonArray() } : JsonNode.Parse("""{"v4":[{"ip_address":"198.51.100.7","type":"public"},{"ip_address":"198.18.0.7","type":"private"}],"v6":[]}""");
            }
        }

        return Wrap(kind, thing);
    }

    private JsonObject Page(string kind, NameValueCollection query)
    {
        var page = int.Parse(query["page"] ?? "1", CultureInfo.InvariantCulture);
        var all = _things[kind].Values.Where(t => query["name"] is not { } name || t["name"]!.GetValue<string>() == name).ToList();
        var result = new JsonObject { [kind] = new JsonArray([.. all.Skip(page - 1).Take(1).Select(t => t.DeepClone())]) };
        if (page < all.Count)
        {
            // The real API names its own host, whatever it was asked as.
            var path = kind == "ssh_keys" ? "account/keys" : kind;
            var name = query["name"] is { } wanted ? $"&name={wanted}" : "";
            result["links"] = new JsonObject { ["pages"] = new JsonObject { ["next"] = $"https://api.digitalocean.com/v2/{path}?page={page + 1}{name}" } };
        }

        return result;
    }

    private (int, JsonNode) Act(string id, JsonObject droplet, JsonNode action)
    {
        var type = action["type"]!.GetValue<string>();
        var off = droplet["status"]!.GetValue<string>() == "off";
        if (_actions.Any(a => a.Droplet == id && $"{a.Action["status"]}" == "in-progress"))
        {
            return (422, Error("unprocessable_entity", "Droplet already has a pending event."));
        }

        var refusal = type switch
        {
            "resize" when !off => "Droplet is not powered off",
            "resize" when action["size"]!.GetValue<string>() == NoSize => "There is no such size",
            "power_off" when off => "Droplet is already powered off.",
            "power_on" when !off => "Droplet is already powered on.",
            _ => null,
        };
        if (refusal is not null)
        {
            return (422, Error("unprocessable_entity", refusal));
        }

        Action effect = type switch
        {
            "rename" => () => droplet["name"] = action["name"]!.DeepClone(),
            "resize" => () => droplet["size_slug"] = action["size"]!.DeepClone(),
            "power_off" => () => droplet["status"] = "off",
            "power_on" => () => droplet["status"] = "active",
            _ => () => { },
        };
        var until = time.GetUtcNow() + (SlowAction.Type == type ? SlowAction.Time : ActionTime);
        return (201, new JsonObject { ["action"] = Started(id, "in-progress", type, until, effect).DeepClone() });
    }

    private JsonObject Started(string droplet, string status, string type, DateTimeOffset until, Action effect)
    {
        var action = new JsonObject { ["id"] = ++_lastId, ["status"] = status, ["type"] = type };
        _actions.Add((droplet, action, until, effect));
        return action;
    }

    private void CompleteActions()
    {
        foreach (var (_, action, _, effect) in _actions.Where(a => $"{a.Action["status"]}" == "in-progress" && a.Until <= time.GetUtcNow()))
        {
            action["status"] = "completed";
            effect();
        }
    }

    private JsonArray Tags(JsonNode body) => _things["droplets"][body["resources"]![0]!["resource_id"]!.GetValue<string>()]["tags"]!.AsArray();

    private static JsonObject Merge(JsonObject thing, JsonNode changes)
    {
        foreach (var (name, value) in changes.AsObject())
        {
            thing[name] = value?.DeepClone();
        }

        return thing;
    }

    private static JsonObject Wrap(string kind, JsonObject thing) => new() { [kind[..^1]] = thing.DeepClone() };

    private static JsonNode? Nothing(Action change)
    {
        change();
        return null;
    }

    public static JsonObject Error(string id, string message) => new() { ["id"] = id, ["message"] = message, ["request_id"] = "4d9d8375" };
}
