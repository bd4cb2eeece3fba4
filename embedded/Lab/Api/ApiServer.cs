using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>DigitalOcean's v2 API on the loopback interface, as far as droplets, keys, VPCs, firewalls and tags go.</summary>
internal static class ApiServer
{
    private const int HourlyLimit = 5000;

    /// <summary>What the API says of itself at its root and to whoever looks for something it does not have.</summary>
    public const string Label = "This is a local stand-in of DigitalOcean (the lab of MesosStack): its droplets are systemd-nspawn machines on this machine.";

    /// <summary>Makes the server; the caller starts and disposes it.</summary>
    /// <param name="cloud">What it serves.</param>
    /// <param name="port">Loopback port; 0 takes a free one.</param>
    /// <param name="log">Where unexpected errors go.</param>
    public static WebApplication Create(Cloud cloud, int port, Action<string> log)
    {
        var builder = PlainServer.CreateBuilder(IPAddress.Loopback, port);
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            o.SerializerOptions.NumberHandling = JsonNumberHandling.AllowReadingFromString;
        });
        var app = builder.Build();
        var meter = new Meter();
        app.Use((context, next) => AnswerAsync(context, next, meter, log));
        app.UseRouting();

        app.MapGet("/", () => Results.Text(Label + "\n"));
        var v2 = app.MapGroup("/v2");
        v2.MapGet("/account", () => new
        {
            account = new
            {
                droplet_limit = 240, floating_ip_limit = 0, volume_limit = 0, email = "lab@localhost", name = "MesosStack lab", uuid = Guid.Empty.ToString("N"),
                email_verified = true, status = "active", status_message = Label,
            },
        });
        MapDroplets(v2, cloud);
        MapKeys(v2.MapGroup("/account/keys"), cloud);
        MapVpcs(v2.MapGroup("/vpcs"), cloud);
        MapFirewalls(v2.MapGroup("/firewalls"), cloud);
        MapTags(v2.MapGroup("/tags"), cloud);
        MapCatalog(v2);
        app.MapFallback(IResult () => throw new ApiException(404, "not_found", "The lab does not have this part of the API. " + Label));
        return app;
    }

    private static void MapDroplets(RouteGroupBuilder v2, Cloud cloud)
    {
        var droplets = v2.MapGroup("/droplets");
        droplets.MapGet("", (HttpContext c) => Page(c, "droplets", Listed(cloud, c), d => Views.Droplet(cloud, d)));
        droplets.MapPost("", (HttpContext c, DropletRequest request) =>
        {
            var (droplet, action) = cloud.CreateDroplet(request);
            return Results.Json(new
            {
                droplet = Views.Droplet(cloud, droplet),
                links = new { actions = new[] { new { id = action.Id, rel = "create", href = $"{Root(c)}/v2/actions/{action.Id}" } } },
            }, statusCode: 202);
        });
        droplets.MapDelete("", (HttpContext c) =>
        {
            var tag = c.Request.Query["tag_name"].ToString();
            if (tag.Length == 0)
            {
                throw ApiException.Unprocessable("tag_name is missing");
            }

            Listed(cloud, c).ForEach(d => cloud.DeleteDroplet(d.Id));
            return Results.NoContent();
        });
        droplets.MapGet("/{id:long}", (long id) => new { droplet = Views.Droplet(cloud, cloud.Droplet(id)) });
        droplets.MapDelete("/{id:long}", (long id) =>
        {
            cloud.DeleteDroplet(id);
            return Results.NoContent();
        });
        droplets.MapPost("/{id:long}/actions", (long id, ActionRequest request) =>
            Results.Json(new { action = Views.Action(cloud.Act(id, request)) }, statusCode: 201));
        droplets.MapGet("/{id:long}/actions", (HttpContext c, long id) =>
            Page(c, "actions", cloud.Read(r => r.Actions.Where(a => a.DropletId == cloud.Droplet(id).Id).Reverse().ToList()), Views.Action));
        droplets.MapGet("/{id:long}/actions/{action:long}", (long id, long action) =>
            new { action = Views.Action(cloud.Action(action) is { } found && found.DropletId == id ? found : throw ApiException.NotFound()) });

        v2.MapGet("/actions", (HttpContext c) => Page(c, "actions", cloud.Read(r => r.Actions.AsEnumerable().Reverse().ToList()), Views.Action));
        v2.MapGet("/actions/{id:long}", (long id) => new { action = Views.Action(cloud.Action(id)) });
    }

    private static void MapKeys(RouteGroupBuilder keys, Cloud cloud)
    {
        keys.MapGet("", (HttpContext c) => Page(c, "ssh_keys", cloud.Read(r => r.Keys.ToList()), Views.Key));
        keys.MapPost("", (KeyRequest request) => Results.Json(new { ssh_key = Views.Key(cloud.CreateKey(request)) }, statusCode: 201));
        keys.MapGet("/{id}", (string id) => new { ssh_key = Views.Key(cloud.Key(id)) });
        keys.MapPut("/{id}", (string id, KeyRequest request) => new { ssh_key = Views.Key(cloud.RenameKey(id, request)) });
        keys.MapDelete("/{id}", (string id) =>
        {
            cloud.DeleteKey(id);
            return Results.NoContent();
        });
    }

    private static void MapVpcs(RouteGroupBuilder vpcs, Cloud cloud)
    {
        vpcs.MapGet("", (HttpContext c) => Page(c, "vpcs", cloud.Read(r => r.Vpcs.ToList()), Views.Vpc));
        vpcs.MapPost("", (VpcRequest request) => Results.Json(new { vpc = Views.Vpc(cloud.CreateVpc(request)) }, statusCode: 201));
        vpcs.MapGet("/{id}", (string id) => new { vpc = Views.Vpc(cloud.Vpc(id)) });
        vpcs.MapPut("/{id}", (string id, VpcRequest request) => new { vpc = Views.Vpc(cloud.UpdateVpc(id, request)) });
        vpcs.MapPatch("/{id}", (string id, VpcRequest request) => new { vpc = Views.Vpc(cloud.UpdateVpc(id, request)) });
        vpcs.MapDelete("/{id}", async (string id) =>
        {
            await cloud.DeleteVpcAsync(id);
            return Results.NoContent();
        });
        vpcs.MapGet("/{id}/members", (HttpContext c, string id) =>
            Page(c, "members", cloud.Read(r => r.Droplets.Where(d => d.VpcId == cloud.Vpc(id).Id).ToList()),
                d => new { urn = $"do:droplet:{d.Id}", name = d.Name, created_at = d.CreatedAt }));
    }

    private static void MapFirewalls(RouteGroupBuilder firewalls, Cloud cloud)
    {
        firewalls.MapGet("", (HttpContext c) => Page(c, "firewalls", cloud.Read(r => r.Firewalls.ToList()), Views.Firewall));
        firewalls.MapPost("", async (FirewallRequest request) =>
            Results.Json(new { firewall = Views.Firewall(await cloud.PutFirewallAsync(null, request)) }, statusCode: 202));
        firewalls.MapGet("/{id}", (string id) => new { firewall = Views.Firewall(cloud.Firewall(id)) });
        firewalls.MapPut("/{id}", async (string id, FirewallRequest request) => new { firewall = Views.Firewall(await cloud.PutFirewallAsync(id, request)) });
        firewalls.MapDelete("/{id}", async (string id) =>
        {
            await cloud.DeleteFirewallAsync(id);
            return Results.NoContent();
        });
        foreach (var part in new[] { "droplets", "tags", "rules" })
        {
            firewalls.MapPost("/{id}/" + part, async (string id, FirewallRequest request) =>
            {
                await cloud.ExtendFirewallAsync(id, request);
                return Results.NoContent();
            });
            firewalls.MapDelete("/{id}/" + part, async (string id, [Microsoft.AspNetCore.Mvc.FromBody] FirewallRequest request) =>
            {
                await cloud.ReduceFirewallAsync(id, request);
                return Results.NoContent();
            });
        }
    }

    private static void MapTags(RouteGroupBuilder tags, Cloud cloud)
    {
        tags.MapGet("", (HttpContext c) => Page(c, "tags", cloud.Read(r => r.Tags.ToList()), t => cloud.Read(r => Views.Tag(r, t))));
        tags.MapPost("", (TagRequest request) =>
        {
            cloud.CreateTag(request.Name);
            return Results.Json(new { tag = cloud.Read(r => Views.Tag(r, request.Name!)) }, statusCode: 201);
        });
        tags.MapGet("/{name}", (string name) => new { tag = cloud.Read(r => r.Tags.Contains(name) ? Views.Tag(r, name) : throw ApiException.NotFound()) });
        tags.MapDelete("/{name}", async (string name) =>
        {
            await cloud.DeleteTagAsync(name);
            return Results.NoContent();
        });
        tags.MapPost("/{name}/resources", async (string name, TaggingRequest request) =>
        {
            await cloud.TagAsync(name, request, remove: false);
            return Results.NoContent();
        });
        tags.MapDelete("/{name}/resources", async (string name, [Microsoft.AspNetCore.Mvc.FromBody] TaggingRequest request) =>
        {
            await cloud.TagAsync(name, request, remove: true);
            return Results.NoContent();
        });
    }

    private static void MapCatalog(RouteGroupBuilder v2)
    {
        v2.MapGet("/regions", (HttpContext c) => Page(c, "regions", Catalog.Regions, Views.Region));
        v2.MapGet("/sizes", (HttpContext c) => Page(c, "sizes", Catalog.Sizes, Views.Size));
        v2.MapGet("/images", (HttpContext c) => Page(c, "images", Catalog.Images, Views.Image));
        v2.MapGet("/images/{id}", (string id) => new { image = Views.Image(Catalog.FindImage(id) ?? throw ApiException.NotFound()) });
    }

    private static List<DropletRecord> Listed(Cloud cloud, HttpContext context)
    {
        var tag = context.Request.Query["tag_name"].ToString();
        var name = context.Request.Query["name"].ToString();
        return cloud.Read(r => r.Droplets.Where(d => d.Phase != DropletPhase.Deleting
            && (tag.Length == 0 || d.Tags.Contains(tag)) && (name.Length == 0 || d.Name == name)).ToList());
    }

    /// <summary>One page of a list, with links to its neighbours and the total.</summary>
    private static IResult Page<T>(HttpContext context, string name, IReadOnlyList<T> items, Func<T, object> view)
    {
        var size = Number("per_page", 20, 200);
        var page = Number("page", 1, int.MaxValue);
        var last = Math.Max(1, (items.Count + size - 1) / size);
        var pages = new Dictionary<string, string>();
        if (page > 1)
        {
            pages["first"] = Link(1);
            pages["prev"] = Link(Math.Min(page - 1, last));
        }

        if (page < last)
        {
            pages["next"] = Link(page + 1);
            pages["last"] = Link(last);
        }

        return Results.Json(new Dictionary<string, object>
        {
            [name] = items.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size).Select(view).ToList(),
            ["links"] = pages.Count > 0 ? new Dictionary<string, object> { ["pages"] = pages } : new Dictionary<string, object>(),
            ["meta"] = new { total = items.Count },
        });

        int Number(string key, int otherwise, int most)
        {
            var text = context.Request.Query[key].ToString();
            return text.Length == 0 ? otherwise
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 ? Math.Min(value, most)
                : throw new ApiException(400, "bad_request", $"{key} must be a number from 1");
        }

        string Link(int number)
        {
            var rest = context.Request.Query.Where(q => q.Key is not ("page" or "per_page")).Select(q => $"&{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}");
            return $"{Root(context)}{context.Request.Path}?page={number}&per_page={size}{string.Concat(rest)}";
        }
    }

    private static string Root(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>Around every request: headers, the token, and errors in the API's own form.</summary>
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, Meter meter, Action<string> log)
    {
        var requestId = Guid.NewGuid().ToString();
        var (remaining, reset) = meter.Count();
        context.Response.Headers["ratelimit-limit"] = HourlyLimit.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["ratelimit-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["ratelimit-reset"] = reset.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["x-request-id"] = requestId;
        try
        {
            var authorization = context.Request.Headers.Authorization.ToString();
            if (context.Request.Path.StartsWithSegments("/v2")
                && !(authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && authorization.Length > "Bearer ".Length))
            {
                throw new ApiException(401, "unauthorized", "Unable to authenticate you");
            }

            await next(context);
            if (context.Response is { StatusCode: 405, HasStarted: false })
            {
                throw new ApiException(405, "method_not_allowed", "The lab does not have this part of the API. " + Label);
            }
        }
        catch (ApiException e)
        {
            await ErrorAsync(e.Status, e.Id, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await ErrorAsync(400, "bad_request", e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log($"{context.Request.Method} {context.Request.Path}: {e}");
            await ErrorAsync(500, "server_error", "Unexpected error in the lab: " + e.Message);
        }

        Task ErrorAsync(int status, string id, string message)
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { id, message, request_id = requestId });
        }
    }

    /// <summary>Counts the requests of the running hour for the rate limit headers; the lab limits nobody.</summary>
    private sealed class Meter
    {
        private readonly Lock gate = new();
        private long hour;
        private int count;

        public (int Remaining, long Reset) Count()
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            lock (gate)
            {
                count = now / 3600 == hour ? count + 1 : 1;
                hour = now / 3600;
                return (Math.Max(1, HourlyLimit - count), (hour + 1) * 3600);
            }
        }
    }
}
