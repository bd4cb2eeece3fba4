using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A private network.</summary>
internal sealed class VpcResource(DigitalOceanApi api, Polling polling) : IDigitalOceanResource
{
    public string Type => "digitalocean:index/vpc:Vpc";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
        ("name", new(InputKind.Text)),
        ("description", new(InputKind.Text)),
        ("region", new(InputKind.Text, Required: true, Replaces: true)),
        ("ipRange", new(InputKind.Text, Replaces: true)));

    public ImmutableArray<string> Computed { get; } = ["createdAt", "default", "ipRange", "vpcUrn"];

    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation)
    {
        await foreach (var vpc in api.ListAsync("vpcs?per_page=200", "vpcs", cancellation))
        {
            if (!known.Contains(vpc.Text("id")) && vpc.Text("name") == inputs.Text("name") && vpc.Text("region") == inputs.Text("region"))
            {
                return vpc.Text("id");
            }
        }

        return null;
    }

    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = inputs.RequiredText("name"), ["region"] = inputs.RequiredText("region") };
        if (inputs.Text("ipRange") is { } range)
        {
            body["ip_range"] = range;
        }

        if (inputs.Text("description") is { } description)
        {
            body["description"] = description;
        }

        return (await api.PostAsync("vpcs", body, cancellation)).Wrapped("vpc").Text("id");
    }

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation) =>
        (await api.GetAsync($"vpcs/{id}", cancellation))?["vpc"] is { } vpc
            ? inputs
                .With("name", vpc.Text("name"))
                .With("description", vpc.Text("description"))
                .With("region", vpc.Text("region"))
                .With("ipRange", vpc.Text("ip_range"))
                .With("createdAt", vpc.Text("created_at"))
                .With("default", vpc.Bool("default"))
                .With("vpcUrn", vpc.Text("urn"))
            : null;

    public Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation) =>
        api.PutAsync($"vpcs/{id}", new JsonObject { ["name"] = newInputs.RequiredText("name"), ["description"] = newInputs.Text("description") ?? "" }, cancellation);

    // Droplets count as members for a while after they are gone. DigitalOcean says 409 to that, its documents say 403,
    // which is also what a region's default network gets.
    public async Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation)
    {
        DigitalOceanException? last = null;
        try
        {
            await polling.UntilAsync(
                async () =>
                {
                    try
                    {
                        await api.DeleteAsync($"vpcs/{id}", cancellation);
                        return "gone";
                    }
                    catch (DigitalOceanException e) when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.Forbidden)
                    {
                        last = e;
                        if ((await api.GetAsync($"vpcs/{id}", cancellation))?["vpc"]?.Bool("default") == true)
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

    private async Task<string> MembersAsync(string id, CancellationToken cancellation)
    {
        var members = new List<string>();
        await foreach (var member in api.ListAsync($"vpcs/{id}/members?per_page=200", "members", cancellation))
        {
            members.Add(member.Text("name") is { Length: > 0 } name ? name : member.Text("urn"));
        }

        return string.Join(", ", members);
    }
}
