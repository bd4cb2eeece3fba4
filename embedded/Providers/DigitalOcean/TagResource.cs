using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A tag; its id is its name.</summary>
internal sealed class TagResource(DigitalOceanApi api) : IDigitalOceanResource
{
    // Output and the API's name of the kind it counts.
    private static readonly ImmutableArray<(string Output, string Kind)> Counts =
    [
        ("databasesCount", "databases"), ("dropletsCount", "droplets"), ("imagesCount", "images"), ("volumeSnapshotsCount", "volume_snapshots"), ("volumesCount", "volumes"),
    ];

    public string Type => "digitalocean:index/tag:Tag";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(("name", new(InputKind.Text, Replaces: true)));

    public ImmutableArray<string> Computed { get; } = [.. Counts.Select(c => c.Output), "totalResourceCount"];

    public async Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation) =>
        inputs.RequiredText("name") is var name && !known.Contains(name) && await api.GetAsync($"tags/{Uri.EscapeDataString(name)}", cancellation) is not null ? name : null;

    public async Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation)
    {
        var created = await api.PostAsync("tags", new JsonObject { ["name"] = inputs.RequiredText("name") }, cancellation);
        return created.Wrapped("tag").Text("name");
    }

    public async Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation)
    {
        if ((await api.GetAsync($"tags/{Uri.EscapeDataString(id)}", cancellation))?["tag"] is not { } tag)
        {
            return null;
        }

        var resources = tag["resources"] ?? new JsonObject();
        return Counts.Aggregate(
            inputs.With("name", tag.Text("name")).With("totalResourceCount", resources.Number("count")),
            (outputs, count) => outputs.With(count.Output, resources[count.Kind]?.Number("count") ?? 0));
    }

    public Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation) => Task.CompletedTask;

    public Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation) =>
        api.DeleteAsync($"tags/{Uri.EscapeDataString(id)}", cancellation);
}
