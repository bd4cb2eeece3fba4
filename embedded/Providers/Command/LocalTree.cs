namespace MesosStack.Embedded.Providers.Command;

/// <summary>Something below a folder.</summary>
/// <param name="Name">Its path from there, with slashes.</param>
/// <param name="File">The file; null for a folder.</param>
internal sealed record LocalEntry(string Name, FileInfo? File);

/// <summary>What a folder of this machine holds.</summary>
internal static class LocalTree
{
    /// <summary>All of it, a folder before what it holds. A link to a file counts as the file.</summary>
    /// <exception cref="ProviderException">The folder cannot be read, or there is a link to a folder in it.</exception>
    public static IReadOnlyList<LocalEntry> Read(string folder)
    {
        try
        {
            return [.. Below("", new DirectoryInfo(folder))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException($"the folder {folder} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<LocalEntry> Below(string prefix, DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var name = prefix + entry.Name;
            if (entry is FileInfo file)
            {
                yield return new LocalEntry(name, file);
                continue;
            }

            if (entry.LinkTarget is not null)
            {
                throw new ProviderException($"{entry.FullName} is a link to a folder, which is neither copied nor part of the archive's hash");
            }

            yield return new LocalEntry(name, null);
            foreach (var below in Below(name + "/", (DirectoryInfo)entry))
            {
                yield return below;
            }
        }
    }
}
