using System.Collections.Immutable;
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

    // Droplets count as members for a while after they are gone, so those are waited for. A member that lives belongs to nobody who would delete it now: Pulumi
    // deletes a network after all droplets that its state knows. DigitalOcean says 409 to both, its documents say 403, which is also what a region's default
    // network gets.
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

                        var members = await MembersAsync(id, cancellation);
                        await RefuseStrangersAsync(members, e, cancellation);
                        status(members.IsEmpty ? $"not deleted yet: {e.Message}" : $"waiting for its members to leave: {string.Join(", ", members.Select(member => member.Name))}");
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

    protected override async Task<string?> ObstacleAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        if (await NamesakeAsync(inputs, cancellation) is { } namesake)
        {
            return namesake;
        }

        await foreach (var other in AllAsync(inputs, cancellation))
        {
            if (IPNetwork.TryParse(inputs.Text("ipRange"), out var range) && IPNetwork.TryParse(other.Text("ip_range"), out var taken)
                && (range.Contains(taken.BaseAddress) || taken.Contains(range.BaseAddress)))
            {
                return $"Its range {range} overlaps with that of the network '{other.Text("name")}' ({taken}, id {other.Text("id")}): choose another range, or none";
            }
        }

        return null;
    }

    protected override bool IsMadeFrom(JsonNode item, PropertyMap inputs) => item.Text("region") == inputs.Text("region");

    private async Task RefuseStrangersAsync(ImmutableArray<Member> members, DigitalOceanException refusal, CancellationToken cancellation)
    {
        var strangers = new List<string>();
        foreach (var member in members)
        {
            if (member.Droplet is not { } droplet)
            {
                strangers.Add($"{member.Name} ({member.Urn})");
            }
            else if ((await Api.GetAsync($"droplets/{droplet}", cancellation))?["droplet"] is { } live)
            {
                strangers.Add($"droplet {live.Text("name")} (id {droplet}, created {live.Text("created_at")})");
            }
        }

        if (strangers.Count > 0)
        {
            throw new ProviderException(
                $"the network cannot be deleted, since it has members that this stack's state does not know: {string.Join(", ", strangers)}. A run that was killed while it made droplets leaves such. "
                + "Look whether anybody needs them. If nobody does, delete them (in DigitalOcean's control panel, or: doctl compute droplet delete ID), then destroy once more", refusal);
        }
    }

    private async Task<ImmutableArray<Member>> MembersAsync(string id, CancellationToken cancellation)
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        await foreach (var member in Api.ListAsync($"{PathOf(id)}/members?per_page=200", "members", cancellation))
        {
            members.Add(new Member(member.Text("urn"), member.Text("name")));
        }

        return members.ToImmutable();
    }

    /// <summary>Something in the network.</summary>
    /// <param name="Urn">What it is, such as <c>do:droplet:4711</c>.</param>
    /// <param name="GivenName">Its name; "" where it has none.</param>
    private sealed record Member(string Urn, string GivenName)
    {
        private const string DropletPrefix = "do:droplet:";

        public string Name => GivenName.Length > 0 ? GivenName : Urn;

        /// <summary>The id of a droplet; null where it is something else.</summary>
        public string? Droplet => Urn.StartsWith(DropletPrefix, StringComparison.Ordinal) ? Urn[DropletPrefix.Length..] : null;
    }
}
