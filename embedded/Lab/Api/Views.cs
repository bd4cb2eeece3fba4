using System.Globalization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Records as the v2 API shows them; names are turned to snake case when written.</summary>
/// <remarks>Made while the records are locked and written when they no longer are, so lists that change are copied.</remarks>
internal static class Views
{
    private static readonly string[] RegionFeatures = ["private_networking", "metadata"];

    public static object Droplet(LabRecords records, DropletRecord d, string status)
    {
        var size = Catalog.FindSize(d.Size)!;
        var image = Catalog.FindImage(d.Image)!;
        var vpc = records.Vpc(d.VpcId);
        var privateNet = new Subnet(vpc.IpRange);
        var publicGateway = d.PublicAddress[..(d.PublicAddress.LastIndexOf('.') + 1)] + "1";
        return new
        {
            d.Id,
            d.Name,
            size.Memory,
            size.Vcpus,
            d.Disk,
            Locked = records.Locked(d),
            Status = status,
            Kernel = (object?)null,
            CreatedAt = Time(d.CreatedAt),
            d.Features,
            BackupIds = Array.Empty<long>(),
            NextBackupWindow = (object?)null,
            SnapshotIds = Array.Empty<long>(),
            Image = Image(image),
            VolumeIds = Array.Empty<string>(),
            Size = Size(size),
            SizeSlug = d.Size,
            Networks = new
            {
                V4 = new[]
                {
                    new { IpAddress = d.PublicAddress, Netmask = "255.255.255.0", Gateway = (string?)publicGateway, Type = "public" },
                    new { IpAddress = d.PrivateAddress, privateNet.Netmask, Gateway = (string?)null, Type = "private" },
                },
                V6 = Array.Empty<object>(),
            },
            Region = Region(Catalog.FindRegion(d.Region)!),
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
        ResourceType = "droplet",
        Region = Region(Catalog.FindRegion(a.Region)!),
        RegionSlug = a.Region,

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
        PendingChanges = Array.Empty<object>(),
        InboundRules = f.InboundRules.Select(r => new { r.Protocol, Ports = Ports(r.Protocol, r.Ports), r.Sources }).ToArray(),
        OutboundRules = f.OutboundRules.Select(r => new { r.Protocol, Ports = Ports(r.Protocol, r.Ports), r.Destinations }).ToArray(),
        DropletIds = f.DropletIds.ToArray(),
        Tags = f.Tags.ToArray(),
    };

    public static object Tag(LabRecords records, string name)
    {
        var tagged = records.Droplets.Where(d => d.Phase != DropletPhase.Deleting && d.Tags.Contains(name)).ToList();
        var last = tagged.Count > 0 ? $"/v2/droplets/{tagged[^1].Id}" : "";
        var none = new { Count = 0, LastTaggedUri = "" };
        return new
        {
            Name = name,
            Resources = new
            {
                tagged.Count,
                LastTaggedUri = last,
                Droplets = new { tagged.Count, LastTaggedUri = last },
                Images = none,
                Volumes = none,
                VolumeSnapshots = none,
                Databases = none,
            },
        };
    }

    public static object Region(Region r) => new
    {
        r.Slug,
        r.Name,
        Features = RegionFeatures,
        Available = true,
        Sizes = Catalog.Sizes.Select(s => s.Slug),
    };

    public static object Size(Size s) => new
    {
        s.Slug,
        s.Memory,
        s.Vcpus,
        s.Disk,
        s.Transfer,
        s.PriceMonthly,
        s.PriceHourly,
        Regions = Catalog.Regions.Select(r => r.Slug),
        Available = true,
        Description = "Lab",
    };

    public static object Image(Image i) => new
    {
        i.Id,
        i.Name,
        i.Distribution,
        i.Slug,
        Public = true,
        Regions = Catalog.Regions.Select(r => r.Slug),
        CreatedAt = "2026-08-01T00:00:00Z",
        Type = "base",
        MinDiskSize = 10,
        SizeGigabytes = 0.8,
        Description = "Debian 12 with systemd, run by systemd-nspawn on this machine",
        Tags = Array.Empty<string>(),
        Status = "available",
        ErrorMessage = "",
    };

    private static string? Ports(string? protocol, string? ports) => protocol == "icmp" ? null : ports is "all" ? "0" : ports;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
