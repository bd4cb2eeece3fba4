using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Writes files so that a crash at any moment leaves either the old content or the new one.</summary>
internal static partial class Durable
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY

    /// <summary>Replaces a file; the previous content stays beside it with the ending .bak. Mode 0600.</summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var aside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(aside);
        await using (var stream = new FileStream(aside, options))
        {
            await stream.WriteAsync(content, cancellation).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }

        if (File.Exists(path))
        {
            // A second name for the old content, so that `path` itself is never missing.
            var old = path + ".old";
            File.Delete(old);
            Check(Link(path, old), old);
            File.Move(old, path + ".bak", overwrite: true);
        }

        File.Move(aside, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
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
