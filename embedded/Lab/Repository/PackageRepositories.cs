using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Lab.Repository;

/// <summary>The signed apt repositories that droplets install from: /debian with what Debian has, /mesosphere with the stand-ins.</summary>
internal sealed class PackageRepositories(LabOptions options, Action<string> progress)
{
    /// <summary>The lab's public key below the folder that is served.</summary>
    public const string KeyFile = "mesosphere.asc";

    private const string Suite = "bookworm";
    private const int KeptVersions = 3;

    private string Home => HomeOf(options);

    /// <summary>Ends the gpg-agent of a lab that was killed while it packed; one that packs right now ends its own.</summary>
    public static async Task EndAgentAsync(LabOptions options)
    {
        if (!Directory.Exists(HomeOf(options)))
        {
            return;
        }

        using var turn = FileTurn.TryTake(options.CacheTurnFile);
        if (turn is not null)
        {
            await EndAgentAsync(HomeOf(options));
        }
    }

    /// <summary>Makes the repositories of these packages where they are not in the cache yet.</summary>
    /// <param name="debs">Folder with Debian's packages.</param>
    /// <param name="trees">Folder with the stand-ins' package trees and the script that packs them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The folder to serve.</returns>
    public async Task<string> EnsureAsync(string debs, string trees, CancellationToken cancellationToken)
    {
        using var turn = await FileTurn.TakeAsync(options.CacheTurnFile, "waiting for another lab that fills the cache", progress, cancellationToken);
        var root = Path.Combine(options.CacheDirectory, "repository-" + Fingerprint(debs, trees)[..12]);
        if (Directory.Exists(root))
        {
            return root;
        }

        progress("packing and signing the lab's package repositories");
        var aside = Path.Combine(options.CacheDirectory, "packing");
        Hosts.Cleaner.RemoveFolder(aside);
        Directory.CreateDirectory(aside);
        PrivateFolder.Make(Home);

        await StartAgentAsync(Home);
        try
        {
            await WriteKeyAsync(Path.Combine(aside, KeyFile));
            await BuildAsync(Path.Combine(aside, "debian"), "Debian", pool => Task.Run(() => CopyDebs(debs, pool)));
            await BuildAsync(Path.Combine(aside, "mesosphere"), "Mesosphere (stand-ins of the lab)",
                async pool => await Shell.RunAsync("sh", [Path.Combine(trees, "build.sh"), pool], cancellationToken: cancellationToken));
        }
        finally
        {
            await EndAgentAsync(Home);
        }

        Directory.Move(aside, root);

        // The newest few may be served by another lab of this machine.
        foreach (var old in Directory.EnumerateDirectories(options.CacheDirectory, "repository-*").OrderByDescending(Directory.GetCreationTimeUtc).Skip(KeptVersions))
        {
            Hosts.Cleaner.RemoveFolder(old);
        }

        return root;
    }

    /// <summary>gpg starts an agent that keeps the pipes of its caller open; one of our own does not, and is ended when all is signed.</summary>
    internal static Task StartAgentAsync(string home) =>
        Shell.RunAsync("sh", ["-c", "exec gpg-agent --homedir \"$1\" --daemon >/dev/null 2>&1 </dev/null", "sh", home]);

    private static async Task EndAgentAsync(string home) => await Shell.RunAsync("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]);

    private static string HomeOf(LabOptions options) => Path.Combine(options.CacheDirectory, "gnupg");

    private static void CopyDebs(string debs, string pool)
    {
        foreach (var deb in Directory.EnumerateFiles(debs, "*.deb"))
        {
            File.Copy(deb, Path.Combine(pool, Path.GetFileName(deb)));
        }
    }

    private static string Fingerprint(string debs, string trees)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(typeof(PackageRepositories).Module.ModuleVersionId.ToByteArray());
        foreach (var folder in new[] { debs, trees }.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task WriteKeyAsync(string path)
    {
        if ((await GpgAsync("--list-secret-keys")).Length == 0)
        {
            progress("making the key that signs the lab's packages");
            await GpgAsync("--passphrase", "", "--quick-generate-key", "Package key of a MesosStack lab (throw-away)", "rsa3072", "sign", "never");
        }

        await File.WriteAllTextAsync(path, await GpgAsync("--armor", "--export"));
    }

    private Task<string> GpgAsync(params string[] arguments) => Shell.RunAsync("gpg", ["--homedir", Home, "--batch", "--quiet", "--yes", "--no-tty", .. arguments]);

    private async Task BuildAsync(string repository, string origin, Func<string, Task> fill)
    {
        await fill(Directory.CreateDirectory(Path.Combine(repository, "pool")).FullName);
        await IndexAsync(repository, origin);
    }

    private async Task IndexAsync(string repository, string origin)
    {
        var architecture = (await Shell.RunAsync("dpkg", ["--print-architecture"])).Trim();
        var packages = new StringBuilder();
        foreach (var deb in Directory.EnumerateFiles(Path.Combine(repository, "pool"), "*.deb").Order(StringComparer.Ordinal))
        {
            var bytes = await File.ReadAllBytesAsync(deb);
            packages.Append((await Shell.RunAsync("dpkg-deb", ["-f", deb])).TrimEnd()).Append('\n');
            packages.Append(CultureInfo.InvariantCulture, $"Filename: pool/{Path.GetFileName(deb)}\nSize: {bytes.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n\n");
        }

        var dist = Path.Combine(repository, "dists", Suite);
        var relative = $"main/binary-{architecture}/Packages";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(dist, relative))!);
        var index = Encoding.UTF8.GetBytes(packages.ToString());
        await File.WriteAllBytesAsync(Path.Combine(dist, relative), index);

        var release = Path.Combine(dist, "Release");
        await File.WriteAllTextAsync(release, string.Create(CultureInfo.InvariantCulture, $"""
            Origin: {origin}
            Label: MesosStack lab
            Suite: {Suite}
            Codename: {Suite}
            Date: {DateTime.UtcNow:ddd, dd MMM yyyy HH:mm:ss} UTC
            Architectures: {architecture}
            Components: main
            SHA256:
             {Convert.ToHexStringLower(SHA256.HashData(index))} {index.Length} {relative}

            """));
        await GpgAsync("--clearsign", "--output", Path.Combine(dist, "InRelease"), release);
    }
}
