using System.Net;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A private network.</summary>
internal sealed class VpcResource(DigitalOceanApi api, Polling polling) : ApiResource(api, "digitalocean:index/vpc:Vpc", "vpcs", "vpc",
[
    new("name", new(InputKind.Text), "name", vpc => vpc.Text("name")),
    new("description", new(InputKind.Text), "description", vpc => vpc.Text("description")),
    new("region", new(InputKind.Text, Required: true, Replaces: true), "region", vpc => vpc.Text("region")),
    new("ipRange", new(InputKind.Text, Replaces: true), "ip_range", vpc => vpc.Text("ip_range")) { IsChosen = true },
    new("createdAt", Live: vpc => vpc.Text("created_at")),
    new("default", Live: vpc => vpc.Bool("default")),
    new("vpcUrn", Live: vpc => vpc.Text("urn")),
])
{
    // Only an empty text takes a description away.
    public override Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation) =>
        base.UpdateAsync(id, oldInputs, newInputs.With("description", newInputs.Text("description") ?? ""), status, cancellation);

    // Droplets count as members for a while after they are gone. DigitalOcean says 409 to that, its documents say 403,
    // which is also what a region's default network gets.
    public override async Task DeleteAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        DigitalOceanException? last = null;
        try
        {
            await polling.UntilAsync(
                async () =>
                {
                    try
                    {
                        await base.DeleteAsync(id, status, cancellation);
                        return "gone";
                    }
                    catch (DigitalOceanException e) when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.Forbidden)
                    {
                        last = e;
                        if ((await LiveAsync(id, cancellation))?.Bool("default") == true)
                        {
                            throw new ProviderException($"the network cannot be deleted ({e.Message}), since it is its region's default; make another network the default first", e);
                        }

                        status(await MembersAsync(id, cancellation) is { Length: > 0 } members ? $"waiting for its members to leave: {members}" : $"not deleted yet: {e.Message}");
                        return null;
                    }
                },
                cancellation);
        }
        catch (OperationCanceledException e) when (last is not null)
        {
            throw new ProviderException($"the network was not deleted in time; {last.Message}", e);
        }
    }

    protected override bool IsMadeFrom(JsonNode item, PropertyMap inputs) => item.Text("region") == inputs.Text("region");

    private async Task<string> MembersAsync(string id, CancellationToken cancellation)
    {
        var members = new List<string>();
        await foreach (var member in Api.ListAsync($"{PathOf(id)}/members?per_page=200", "members", cancellation))
        {
            members.Add(member.Text("name") is { Length: > 0 } name ? name : member.Text("urn"));
        }

        return string.Join(", ", members);
    }
}
