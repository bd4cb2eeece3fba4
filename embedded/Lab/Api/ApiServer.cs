using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>DigitalOcean's v2 API on the loopback interface, as far as providers use it for droplets, keys, VPCs, firewalls and tags.</summary>
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

        app.MapGet("/", () => Label + "\n");
        app.MapFallback("{**path}", IResult () => throw new ApiException(404, "not_found", "The lab does not have this part of the API. " + Label));
        var v2 = app.MapGroup("/v2");

        // Where there is nothing to say, DigitalOcean answers 204.
        v2.AddEndpointFilter(async (context, next) => await next(context) is var answer && answer is EmptyHttpResult ? Results.NoContent() : answer);
        MapDroplets(v2, cloud);
        MapKeys(v2.MapGroup("/account/keys"), cloud.State, cloud.Keys);
        MapVpcs(v2.MapGroup("/vpcs"), cloud.State, cloud.Vpcs);
        MapFirewalls(v2.MapGroup("/firewalls"), cloud.State, cloud.Firewalls);
        MapTags(v2.MapGroup("/tags"), cloud.State, cloud.Tags);
        return app;
    }

    private static void MapDroplets(RouteGroupBuilder v2, Cloud cloud)
    {
        var (state, droplets) = (cloud.State, cloud.Droplets);
        v2.MapGet("/droplets", () => All("droplets", state, r => r.Droplets.Where(d => d.Phase != DropletPhase.Deleting).Select(d => droplets.Show(r, d))));
        v2.MapPost("/droplets", (DropletRequest request, HttpContext context) => Made(new { droplet = droplets.Create(request, cloud.Owner(context.Features.Get<Caller>())) }));
        v2.MapGet("/droplets/{id:long}", (long id) => new { droplet = state.Read(r => droplets.Show(r, r.Droplet(id))) });
        v2.MapDelete("/droplets/{id:long}", droplets.Delete);
        v2.MapPost("/droplets/{id:long}/actions", (long id, ActionRequest request) => Made(new { action = droplets.Act(id, request) }));
        v2.MapGet("/droplets/{id:long}/actions", (long id) =>
            All("actions", state, r => r.Actions.Where(a => a.DropletId == r.Droplet(id).Id).Reverse().Select(Views.Action)));
        v2.MapGet("/actions/{id:long}", (long id) => new { action = state.Read(r => Views.Action(r.Action(id))) });
    }

    private static void MapKeys(RouteGroupBuilder group, LabState state, Keys keys)
    {
        group.MapGet("", () => All("ssh_keys", state, r => r.Keys.Select(Views.Key)));
        group.MapPost("", (KeyRequest request) => Made(new { ssh_key = keys.Create(request) }));
        group.MapGet("/{id}", (string id) => new { ssh_key = state.Read(r => Views.Key(r.Key(id))) });
        group.MapPut("/{id}", (string id, KeyRequest request) => new { ssh_key = keys.Rename(id, request) });
        group.MapDelete("/{id}", keys.Delete);
    }

    private static void MapVpcs(RouteGroupBuilder group, LabState state, Vpcs vpcs)
    {
        group.MapGet("", () => All("vpcs", state, r => r.Vpcs.Select(Views.Vpc)));
        group.MapPost("", (VpcRequest request) => Made(new { vpc = vpcs.Create(request) }));
        group.MapGet("/{id}", (string id) => new { vpc = state.Read(r => Views.Vpc(r.Vpc(id))) });
        group.MapPut("/{id}", (string id, VpcRequest request) => new { vpc = vpcs.Update(id, request) });
        group.MapDelete("/{id}", vpcs.DeleteAsync);
        group.MapGet("/{id}/members", (string id) =>
            All("members", state, r => r.Droplets.Where(d => d.VpcId == r.Vpc(id).Id).Select(d => new { urn = $"do:droplet:{d.Id}", name = d.Name })));
    }

    private static void MapFirewalls(RouteGroupBuilder group, LabState state, Firewalls firewalls)
    {
        group.MapGet("", () => All("firewalls", state, r => r.Firewalls.Select(Views.Firewall)));
        group.MapPost("", async (FirewallRequest request) => Made(new { firewall = await firewalls.PutAsync(null, request) }));
        group.MapGet("/{id}", (string id) => new { firewall = state.Read(r => Views.Firewall(r.Firewall(id))) });
        group.MapPut("/{id}", async (string id, FirewallRequest request) => new { firewall = await firewalls.PutAsync(id, request) });
        group.MapDelete("/{id}", firewalls.DeleteAsync);
    }

    private static void MapTags(RouteGroupBuilder group, LabState state, Tags tags)
    {
        group.MapPost("", (TagRequest request) => Made(new { tag = tags.Create(request.Name) }));
        group.MapGet("/{name}", (string name) => new { tag = state.Read(r => r.Tags.Contains(name) ? Views.Tag(r, name) : throw ApiException.NotFound()) });
        group.MapDelete("/{name}", tags.DeleteAsync);
        group.MapPost("/{name}/resources", (string name, TaggingRequest request) => tags.TagAsync(name, request, remove: false));
        group.MapDelete("/{name}/resources", (string name, [FromBody] TaggingRequest request) => tags.TagAsync(name, request, remove: true));
    }

    private static IResult Made(object answer) => Results.Json(answer, statusCode: StatusCodes.Status201Created);

    /// <summary>A whole list as one page, whatever page is asked for: the lists of one machine are short.</summary>
    private static Dictionary<string, object> All(string name, LabState state, Func<LabRecords, IEnumerable<object>> items)
    {
        var all = state.Read(records => items(records).ToList());
        return new() { [name] = all, ["links"] = new { }, ["meta"] = new { total = all.Count } };
    }
}
