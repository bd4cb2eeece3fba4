namespace MesosStack.Embedded.Lab.Api;

/// <summary>A size as DigitalOcean sells it. Memory in MiB, disk in GiB, price in US dollars a month (list of August 2026); none of it is enforced.</summary>
internal sealed record Size(string Slug, int Memory, int Vcpus, int Disk, double PriceMonthly)
{
    /// <summary>Price of an hour in US dollars: a month has 672 billed hours.</summary>
    public double PriceHourly => Math.Round(PriceMonthly / 672, 5);
}

/// <summary>What can be had in the lab.</summary>
internal static class Catalog
{
    /// <summary>The one image there is.</summary>
    public const string Image = "debian-12-x64";

    /// <summary>The lab's own name for itself.</summary>
    public const string ThisMachine = "lab1";

    private static readonly string[] Regions =
        [ThisMachine, "nyc1", "nyc2", "nyc3", "ams3", "sfo2", "sfo3", "sgp1", "lon1", "fra1", "tor1", "blr1", "syd1"];

    private static readonly Size[] Sizes =
    [
        new("s-1vcpu-512mb-10gb", 512, 1, 10, 4), new("s-1vcpu-1gb", 1024, 1, 25, 6), new("s-1vcpu-2gb", 2048, 1, 50, 12),
        new("s-2vcpu-2gb", 2048, 2, 60, 18), new("s-2vcpu-4gb", 4096, 2, 80, 24), new("s-4vcpu-8gb", 8192, 4, 160, 48),
        new("s-8vcpu-16gb", 16384, 8, 320, 96), new("c-2", 4096, 2, 25, 42), new("c-4", 8192, 4, 50, 84),
        new("g-2vcpu-8gb", 8192, 2, 25, 63), new("g-4vcpu-16gb", 16384, 4, 50, 126), new("m-2vcpu-16gb", 16384, 2, 50, 84),
    ];

    /// <summary>The region that a request names.</summary>
    /// <exception cref="ApiException">The lab has none of that name.</exception>
    public static string Region(string? slug) =>
        Regions.Contains(slug) ? slug! : throw ApiException.Unprocessable($"Region '{slug}' is not available in the lab.");

    /// <summary>The size that a request names.</summary>
    /// <param name="slug">Its name.</param>
    /// <param name="purpose">What it is for, in the words of the refusal.</param>
    /// <exception cref="ApiException">There is none of that name.</exception>
    public static Size Size(string? slug, string purpose = "creation") =>
        Sizes.FirstOrDefault(size => size.Slug == slug) ?? throw ApiException.Unprocessable($"You specified an invalid size for Droplet {purpose}.");
}
