using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static MesosStack.Embedded.Lab.Api.Paging;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>DigitalOcean's v2 API on the loopback interface, as far as droplets, keys, VPCs, firewalls and tags go.</summary>
internal static class ApiServer
{
    /// <summary>What the API says of itself at its root and to whoever looks for something it does not have.</summary>
    public const string Label = "This is a local stand-in of DigitalOcean (the lab of MesosStack): its droplets are systemd-nspawn machines on this machine.";

    /// <summary>Makes the server; the caller starts and disposes it.</summary>
    /// <param name="cloud">What it serves.</param>
    /// <param name="port">Loopback port; 0 takes a free one.</param>
    /// <param name="log">Where unexpected errors go.</param>
    public static WebApplication Create(Cloud cloud, int port, Action<string> log)
    {
        var builder = PlainServer.CreateBuilder(IPAddress.Loopback, port, listen => listen.Use(next => connection =>
        {
            connection.Features.Set(Caller.Of(connection.RemoteEndPoint, connection.LocalEndPoint));
            return next(connection);
        }));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            o.SerializerOptions.NumberHandling = JsonNumberHandling.AllowReadingFromString;
        });
        var app = builder.Build();
        app.Use(new Answers(log).AnswerAsync);
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
        MapKeys(v2.MapGroup("/account/keys"), cloud.State, cloud.Keys);
        MapVpcs(v2.MapGroup("/vpcs"), cloud.State, cloud.Vpcs);
        MapFirewalls(v2.MapGroup("/firewalls"), cloud.State, cloud.Firewalls);
        MapTags(v2.MapGroup("/tags"), cloud.State, cloud.Tags);
        MapCatalog(v2);
        app.MapFallback(IResult () => throw new ApiException(404, "not_found", "The lab does not have this part of the API. " + Label));
        return app;
    }

    private static void MapDroplets(RouteGroupBuilder v2, Cloud cloud)
    {
        var state = cloud.State;
        var droplets = v2.MapGroup("/droplets");
        droplets.MapGet("", (HttpContext c) => Page(c, "droplets", state, r => Listed(r, c), Show));
        droplets.MapPost("", (HttpContext c, DropletRequest request) =>
        {
            var (droplet, action) = cloud.Droplets.Create(request);
            return Results.Json(new
            {
                droplet = state.Read(r => Show(r, droplet)),
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

            state.Read(r => Listed(r, c)).ForEach(d => cloud.Droplets.Delete(d.Id));
            return Results.NoContent();
        });
        droplets.MapGet("/{id:long}", (long id) => new { droplet = state.Read(r => Show(r, r.Droplet(id))) });
        droplets.MapDelete("/{id:long}", (long id) =>
        {
            cloud.Droplets.Delete(id);
            return Results.NoContent();
        });
        droplets.MapPost("/{id:long}/actions", (long id, ActionRequest request) =>
        {
            var action = cloud.Droplets.Act(id, request);
            return Results.Json(new { action = state.Read(_ => Views.Action(action)) }, statusCode: 201);
        });
        droplets.MapGet("/{id:long}/actions", (HttpContext c, long id) =>
            Page(c, "actions", state, r => r.Droplet(id) is { } droplet ? Latest(r.Actions.Where(a => a.DropletId == droplet.Id)) : [], (_, a) => Views.Action(a)));
        droplets.MapGet("/{id:long}/actions/{action:long}", (long id, long action) =>
            new { action = state.Read(r => Views.Action(r.Action(action) is { } found && found.DropletId == id ? found : throw ApiException.NotFound())) });

        v2.MapGet("/actions", (HttpContext c) => Page(c, "actions", state, r => Latest(r.Actions), (_, a) => Views.Action(a)));
        v2.MapGet("/actions/{id:long}", (long id) => new { action = state.Read(r => Views.Action(r.Action(id))) });

        object Show(LabRecords records, DropletRecord droplet) => Views.Droplet(records, droplet, cloud.Droplets.Status(droplet));

        static IEnumerable<ActionRecord> Latest(IEnumerable<ActionRecord> actions) => actions.Reverse();
    }

    private static void MapKeys(RouteGroupBuilder group, LabState state, Keys keys)
    {
        group.MapGet("", (HttpContext c) => Page(c, "ssh_keys", state, r => r.Keys, (_, k) => Views.Key(k)));
        group.MapPost("", (KeyRequest request) => Results.Json(new { ssh_key = Show(keys.Create(request)) }, statusCode: 201));
        group.MapGet("/{id}", (string id) => new { ssh_key = state.Read(r => Views.Key(r.Key(id))) });
        group.MapPut("/{id}", (string id, KeyRequest request) => new { ssh_key = Show(keys.Rename(id, request)) });
        group.MapDelete("/{id}", (string id) =>
        {
            keys.Delete(id);
            return Results.NoContent();
        });

        object Show(KeyRecord key) => state.Read(_ => Views.Key(key));
    }

    private static void MapVpcs(RouteGroupBuilder group, LabState state, Vpcs vpcs)
    {
        group.MapGet("", (HttpContext c) => Page(c, "vpcs", state, r => r.Vpcs, (_, v) => Views.Vpc(v)));
        group.MapPost("", (VpcRequest request) => Results.Json(new { vpc = Show(vpcs.Create(request)) }, statusCode: 201));
        group.MapGet("/{id}", (string id) => new { vpc = state.Read(r => Views.Vpc(r.Vpc(id))) });
        group.MapPut("/{id}", (string id, VpcRequest request) => new { vpc = Show(vpcs.Update(id, request)) });
        group.MapPatch("/{id}", (string id, VpcRequest request) => new { vpc = Show(vpcs.Update(id, request)) });
        group.MapDelete("/{id}", async (string id) =>
        {
            await vpcs.DeleteAsync(id);
            return Results.NoContent();
        });
        group.MapGet("/{id}/members", (HttpContext c, string id) =>
            Page(c, "members", state, r => r.Vpc(id) is { } vpc ? r.Droplets.Where(d => d.VpcId == vpc.Id) : [],
                (_, d) => new { urn = $"do:droplet:{d.Id}", name = d.Name, created_at = d.CreatedAt }));

        object Show(VpcRecord vpc) => state.Read(_ => Views.Vpc(vpc));
    }

    private static void MapFirewalls(RouteGroupBuilder group, LabState state, Firewalls firewalls)
    {
        group.MapGet("", (HttpContext c) => Page(c, "firewalls", state, r => r.Firewalls, (_, f) => Views.Firewall(f)));
        group.MapPost("", async (FirewallRequest request) =>
            Results.Json(new { firewall = Show(await firewalls.PutAsync(null, request)) }, statusCode: 202));
        group.MapGet("/{id}", (string id) => new { firewall = state.Read(r => Views.Firewall(r.Firewall(id))) });
        group.MapPut("/{id}", async (string id, FirewallRequest request) => new { firewall = Show(await firewalls.PutAsync(id, request)) });
        group.MapDelete("/{id}", async (string id) =>
        {
            await firewalls.DeleteAsync(id);
            return Results.NoContent();
        });
        foreach (var part in new[] { "droplets", "tags", "rules" })
        {
            group.MapPost("/{id}/" + part, async (string id, FirewallRequest request) =>
            {
                await firewalls.ExtendAsync(id, request);
                return Results.NoContent();
            });
            group.MapDelete("/{id}/" + part, async (string id, [Microsoft.AspNetCore.Mvc.FromBody] FirewallRequest request) =>
            {
                await firewalls.ReduceAsync(id, request);
                return Results.NoContent();
            });
        }

        object Show(FirewallRecord firewall) => state.Read(_ => Views.Firewall(firewall));
    }

    private static void MapTags(RouteGroupBuilder group, LabState state, Tags tags)
    {
        group.MapGet("", (HttpContext c) => Page(c, "tags", state, r => r.Tags, Views.Tag));
        group.MapPost("", (TagRequest request) =>
        {
            tags.Create(request.Name);
            return Results.Json(new { tag = state.Read(r => Views.Tag(r, request.Name!)) }, statusCode: 201);
        });
        group.MapGet("/{name}", (string name) => new { tag = state.Read(r => r.Tags.Contains(name) ? Views.Tag(r, name) : throw ApiException.NotFound()) });
        group.MapDelete("/{name}", async (string name) =>
        {
            await tags.DeleteAsync(name);
            return Results.NoContent();
        });
        group.MapPost("/{name}/resources", async (string name, TaggingRequest request) =>
        {
            await tags.TagAsync(name, request, remove: false);
            return Results.NoContent();
        });
        group.MapDelete("/{name}/resources", async (string name, [Microsoft.AspNetCore.Mvc.FromBody] TaggingRequest request) =>
        {
            await tags.TagAsync(name, request, remove: true);
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

    private static List<DropletRecord> Listed(LabRecords records, HttpContext context)
    {
        var tag = context.Request.Query["tag_name"].ToString();
        var name = context.Request.Query["name"].ToString();
        return [.. records.Droplets.Where(d => d.Phase != DropletPhase.Deleting
            && (tag.Length == 0 || d.Tags.Contains(tag)) && (name.Length == 0 || d.Name == name))];
    }
}
