using System.Globalization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>A size as DigitalOcean sells it. Memory in MiB, disk in GiB, transfer in TB, price in US dollars a month (list of August 2026); none of it is enforced.</summary>
internal sealed record Size(string Slug, int Memory, int Vcpus, int Disk, double Transfer, double PriceMonthly)
{
    /// <summary>Price of an hour in US dollars: a month has 672 billed hours.</summary>
    public double PriceHourly => Math.Round(PriceMonthly / 672, 5);
}

/// <summary>A region; the first one is the lab's own name for itself.</summary>
internal sealed record Region(string Slug, string Name);

/// <summary>The one image there is.</summary>
internal sealed record Image(long Id, string Slug, string Distribution, string Name);

/// <summary>What can be had in the lab.</summary>
internal static class Catalog
{
    public static readonly IReadOnlyList<Image> Images = [new(188888888, "debian-12-x64", "Debian", "12 x64 (lab stand-in)")];

    public static readonly IReadOnlyList<Region> Regions =
    [
        new("lab1", "This machine"), new("nyc1", "New York 1"), new("nyc2", "New York 2"), new("nyc3", "New York 3"), new("ams3", "Amsterdam 3"),
        new("sfo2", "San Francisco 2"), new("sfo3", "San Francisco 3"), new("sgp1", "Singapore 1"), new("lon1", "London 1"),
        new("fra1", "Frankfurt 1"), new("tor1", "Toronto 1"), new("blr1", "Bangalore 1"), new("syd1", "Sydney 1"),
    ];

    public static readonly IReadOnlyList<Size> Sizes =
    [
        new("s-1vcpu-512mb-10gb", 512, 1, 10, 0.5, 4), new("s-1vcpu-1gb", 1024, 1, 25, 1, 6), new("s-1vcpu-2gb", 2048, 1, 50, 2, 12),
        new("s-2vcpu-2gb", 2048, 2, 60, 3, 18), new("s-2vcpu-4gb", 4096, 2, 80, 4, 24), new("s-4vcpu-8gb", 8192, 4, 160, 5, 48),
        new("s-8vcpu-16gb", 16384, 8, 320, 6, 96), new("c-2", 4096, 2, 25, 4, 42), new("c-4", 8192, 4, 50, 5, 84),
        new("g-2vcpu-8gb", 8192, 2, 25, 4, 63), new("g-4vcpu-16gb", 16384, 4, 50, 5, 126), new("m-2vcpu-16gb", 16384, 2, 50, 4, 84),
    ];

    public static Image? FindImage(string text) =>
        Images.FirstOrDefault(image => image.Slug == text || image.Id.ToString(CultureInfo.InvariantCulture) == text);

    public static Region? FindRegion(string? slug) => Regions.FirstOrDefault(region => region.Slug == slug);

    public static Size? FindSize(string? slug) => Sizes.FirstOrDefault(size => size.Slug == slug);
}
