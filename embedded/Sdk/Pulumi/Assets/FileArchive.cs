namespace Pulumi;

/// <summary>A folder of this machine. The engine reads it; the program only names it.</summary>
public sealed class FileArchive : Archive
{
    /// <summary>The folder at this path; a relative one starts at the program's directory.</summary>
    public FileArchive(string path) => Path = path ?? throw new ArgumentNullException(nameof(path));

    internal string Path { get; }
}
