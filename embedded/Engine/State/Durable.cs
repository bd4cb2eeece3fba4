using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Writes files so that a crash at any moment leaves either the old content or the new one.</summary>
public static partial class Durable
{
    private const int ReadOnly = 0;

    /// <summary>Called before each step that another one must not overtake. A test that throws there is a crash at that moment.</summary>
    internal static AsyncLocal<Action<string>?> BeforeStep { get; } = new();

    /// <summary>Replaces a file; the previous content stays beside it with the ending .bak. Mode 0600.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Replace(path, content, Link);

    internal static void Replace(string path, ReadOnlySpan<byte> content, Func<string, string, int> link)
    {
        var aside = path + ".new";
        File.Delete(aside);
        using (var stream = Create(aside))
        {
            Write(stream, content);
        }

        if (File.Exists(path))
        {
            Keep(path, path + ".old", link);
            Rename(path + ".old", path + ".bak");
        }

        Rename(aside, path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a file, or makes it anew. Mode 0600. A crash may leave it with a part of its content.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        Step($"create {path}");
        using (var stream = Create(path))
        {
            Write(stream, content);
        }

        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Adds to a file. What was there before stays, whatever happens; a crash may leave a part of what was to be added.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">How much of the file stays. What a write that failed, on a full disk, say, or a crash left behind that goes.</param>
    /// <param name="content">What is added.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Append(string path, long length, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        if (stream.Length > length)
        {
            Step($"cut {path}");
            stream.SetLength(length);
        }

        stream.Seek(length, SeekOrigin.Begin);
        Write(stream, content);
    }

    /// <summary>Makes a directory and those above it that are missing, for good when it returns.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var above = Path.GetDirectoryName(path)!;
        CreateDirectory(above);
        Step($"make {path}");
        Directory.CreateDirectory(path);
        SyncDirectory(above);
    }

    /// <summary>Deletes a file, for good when it returns.</summary>
    /// <exception cref="IOException">It could not be deleted.</exception>
    public static void Delete(string path)
    {
        Step($"delete {path}");
        File.Delete(path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Gives a file another name, for good when it returns.</summary>
    /// <exception cref="IOException">The name is taken, or it could not be given.</exception>
    public static void Move(string from, string to)
    {
        Step($"move {from}");
        File.Move(from, to);
        SyncDirectory(Path.GetDirectoryName(to)!);
    }

    private static void Step(string what) => BeforeStep.Value?.Invoke(what);

    private static void Write(FileStream stream, ReadOnlySpan<byte> content)
    {
        Step($"write {stream.Name}");
        stream.Write(content);
        Step($"sync {stream.Name}");
        stream.Flush(flushToDisk: true);
    }

    private static void Rename(string from, string to)
    {
        Step($"rename {from}");
        File.Move(from, to, overwrite: true);
    }

    // A second name for the old content, so that `path` itself is never missing; a copy where the file system has no second names.
    private static void Keep(string path, string old, Func<string, string, int> link)
    {
        Step($"link {old}");
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
        Step($"sync {directory}");
        var handle = Open(directory, ReadOnly);
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
