using System.Globalization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Records as the v2 API shows them; names are turned to snake case when written.</summary>
/// <remarks>Made while the records are locked and written when they no longer are, so lists that change are copied.</remarks>
internal static class Views
{
    public static object Droplet(LabRecords records, DropletRecord d, string status)
    {
        var size = Catalog.Size(d.Size);
        return new
        {
            d.Id,
            d.Name,
            size.Memory,
            size.Vcpus,
            d.Disk,
            Locked = records.Locked(d),
            Status = status,
            CreatedAt = Time(d.CreatedAt),
            d.Features,
            Image = new { Slug = Catalog.Image },
            VolumeIds = Array.Empty<string>(),
            Size = new { size.PriceMonthly, size.PriceHourly },
            SizeSlug = d.Size,
            Networks = new
            {
                V4 = new[]
                {
                    new { IpAddress = d.PublicAddress, Type = "public" },
                    new { IpAddress = d.PrivateAddress, Type = "private" },
                },
            },
            Region = new { Slug = d.Region },
            Tags = d.Tags.ToArray(),
            VpcUuid = d.VpcId,
        };
    }

    public static object Action(ActionRecord a) => new
    {
        a.Id,
        a.Status,
        a.Type,
        StartedAt = Time(a.StartedAt),
        CompletedAt = a.CompletedAt is { } time ? Time(time) : null,
        ResourceId = a.DropletId,

        // Only the lab has this field: the real API does not say why an action failed.
        a.Message,
    };

    public static object Key(KeyRecord k) => new { k.Id, k.Name, k.PublicKey, k.Fingerprint };

    public static object Vpc(VpcRecord v) => new
    {
        v.Id,
        Urn = "do:vpc:" + v.Id,
        v.Name,
        v.Description,
        v.Region,
        v.IpRange,
        v.Default,
        CreatedAt = Time(v.CreatedAt),
    };

    public static object Firewall(FirewallRecord f) => new
    {
        f.Id,
        f.Name,
        Status = "succeeded",
        CreatedAt = Time(f.CreatedAt),
        InboundRules = f.InboundRules.Select(r => new { r.Protocol, Ports = Ports(r.Protocol, r.Ports), r.Sources }).ToArray(),
        OutboundRules = f.OutboundRules.Select(r => new { r.Protocol, Ports = Ports(r.Protocol, r.Ports), r.Destinations }).ToArray(),
        DropletIds = f.DropletIds.ToArray(),
        Tags = f.Tags.ToArray(),
    };

    public static object Tag(LabRecords records, string name)
    {
        var count = records.Droplets.Count(d => d.Phase != DropletPhase.Deleting && d.Tags.Contains(name));
        var none = new { Count = 0 };

        // The official provider reads the number of each kind.
        return new { Name = name, Resources = new { Count = count, Droplets = new { Count = count }, Images = none, Volumes = none, VolumeSnapshots = none, Databases = none } };
    }

    private static string? Ports(string? protocol, string? ports) => protocol == "icmp" ? null : ports is "all" ? "0" : ports;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
