using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Writes files so that a crash at any moment leaves either the old content or the new one.</summary>
public static partial class Durable
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Replaces a file; the previous content stays beside it with the ending .bak. Mode 0600.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Replace(path, content, Link);

    internal static void Replace(string path, ReadOnlySpan<byte> content, Func<string, string, int> link)
    {
        var aside = path + ".new";
        File.Delete(aside);
        using (var stream = Create(aside))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        if (File.Exists(path))
        {
            Keep(path, path + ".old", link);
            File.Move(path + ".old", path + ".bak", overwrite: true);
        }

        File.Move(aside, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a file, or makes it anew. Mode 0600. A crash may leave it with a part of its content.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        using (var stream = Create(path))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Adds to the end of a file. What was there before stays, whatever happens.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was.</exception>
    public static void Append(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        var before = stream.Seek(0, SeekOrigin.End);
        try
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Of a full disk, say. The next line has to begin where this one did.
            stream.SetLength(before);
            throw;
        }
    }

    /// <summary>Deletes a file, for good when it returns.</summary>
    /// <exception cref="IOException">It could not be deleted.</exception>
    public static void Delete(string path)
    {
        File.Delete(path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    // A second name for the old content, so that `path` itself is never missing; a copy where the file system has no second names.
    private static void Keep(string path, string old, Func<string, string, int> link)
    {
        File.Delete(old);
        if (link(path, old) < 0)
        {
            using var from = File.OpenRead(path);
            using var to = Create(old);
            from.CopyTo(to);
            to.Flush(flushToDisk: true);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static void SyncDirectory(string directory)
    {
        var handle = Open(directory, ReadOnlyDirectory);
        Check(handle, directory);
        try
        {
            Check(Sync(handle), directory);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            var error = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"{path}: {error.Message}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
