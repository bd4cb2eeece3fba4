using System.Security.Cryptography;
using System.Text;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>
/// The hash by which the official engine knows a folder: SHA-256 of a tar file of its files in order of name, all with the
/// same mode, time and owner. Empty folders, links to folders and what is called <c>.pulumi</c> do not count.
/// </summary>
internal static class FolderHash
{
    private const int Block = 512;
    private const string Ignored = ".pulumi";

    // The official engine writes an extended header for others, in a form that is its own.
    private const int LongestName = 100;
    private const long LargestFile = (1L << 33) - 1;

    /// <summary>Reads the folder.</summary>
    /// <returns>The hash in lower hexadecimal digits.</returns>
    /// <exception cref="IOException">There is no such folder, something in it cannot be read, or a file has a name or a size that this engine does not do.</exception>
    public static string Compute(string folder)
    {
        var root = new DirectoryInfo(folder.TrimEnd(Path.DirectorySeparatorChar));
        if (!root.Exists)
        {
            throw new DirectoryNotFoundException(File.Exists(root.FullName) ? "it is a file; this engine takes folders only" : "there is no such folder");
        }

        if (root.LinkTarget is not null)
        {
            throw new IOException("it is a symbolic link, in which the official engine sees no files; name the folder itself");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in Files("", root))
        {
            Add(hash, name, file);
        }

        hash.AppendData(new byte[2 * Block]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<(string Name, FileInfo File)> Files(string prefix, DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().Where(e => e.Name != Ignored).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry is FileInfo file)
            {
                yield return (prefix + file.Name, file);
            }
            else if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                foreach (var inner in Files($"{prefix}{below.Name}/", below))
                {
                    yield return inner;
                }
            }
        }
    }

    private static void Add(IncrementalHash hash, string name, FileInfo file)
    {
        using var content = file.OpenRead();
        if (name.Length > LongestName || !Ascii.IsValid(name) || content.Length > LargestFile)
        {
            throw new IOException($"'{name}' has a name that is not ASCII or is longer than {LongestName} characters, or is larger than 8 GiB; this engine does not do such files");
        }

        hash.AppendData(Header(name, content.Length));
        var buffer = new byte[64 * 1024];
        var length = 0L;
        while (content.Read(buffer) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            length += count;
        }

        hash.AppendData(new byte[(Block - (length % Block)) % Block]);
    }

    // A tar header as the official engine's library writes it. .NET's writer leaves out the device numbers.
    private static byte[] Header(string name, long size)
    {
        var header = new byte[Block];
        Write(0, name);
        Octal(100, 8, 0b110_000_000);
        Octal(108, 8, 0);
        Octal(116, 8, 0);
        Octal(124, 12, size);
        Octal(136, 12, 0);
        Write(148, "        ");
        Write(156, "0");
        Write(257, "ustar\000");
        Octal(329, 8, 0);
        Octal(337, 8, 0);
        Write(148, $"{Digits(header.Sum(b => b), 6)}\0 ");
        return header;

        void Write(int at, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(at));
        void Octal(int at, int length, long value) => Write(at, Digits(value, length - 1));
    }

    private static string Digits(long value, int count) => Convert.ToString(value, 8).PadLeft(count, '0');
}
