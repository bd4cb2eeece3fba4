using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>A tag; its id is its name.</summary>
internal sealed class TagResource(DigitalOceanApi api) : ApiResource(api, "digitalocean:index/tag:Tag", "tags", "tag",
[
    new("name", new(InputKind.Text, Replaces: true), "name", tag => tag.Text("name")),
    new("totalResourceCount", Live: tag => tag.Within("resources").Number("count")),
    Count("databasesCount", "databases"),
    Count("dropletsCount", "droplets"),
    Count("imagesCount", "images"),
    Count("volumeSnapshotsCount", "volume_snapshots"),
    Count("volumesCount", "volumes"),
])
{
    protected override string IdField => "name";

    private static ApiProperty Count(string name, string kind) => new(name, Live: tag => tag.Within("resources").Within(kind).Number("count"));
}
