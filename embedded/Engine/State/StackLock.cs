using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// Keeps a second run out of a stack, in the way of Pulumi's local backend: a file per holder under <c>locks/</c>, so that the
/// official CLI and this engine keep each other out too. A lock whose process on this host is dead is taken over.
/// </summary>
public sealed class StackLock : IDisposable
{
    private readonly string _path;

    private StackLock(string path) => _path = path;

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">Where this stack's locks lie.</param>
    /// <param name="turnFile">A file beside them that orders runs which start together.</param>
    /// <param name="notice">Takes a sentence about every stale lock that was taken over.</param>
    /// <param name="cancellation">Ends the wait for the turn.</param>
    /// <exception cref="StackLockedException">Another run holds it.</exception>
    public static async Task<StackLock> TakeAsync(string directory, string turnFile, Action<string> notice, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);

        // Two runs that start together look one after the other, so that exactly one of them wins.
        await using var turn = await WaitForTurnAsync(turnFile, cancellation).ConfigureAwait(false);
        var others = new List<string>();
        foreach (var file in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            if (Read(file) is { } holder && IsStale(holder))
            {
                File.Delete(file);
                notice($"Took over the lock of a run that is no longer alive ({holder.Describe()}).");
            }
            else
            {
                others.Add($"  {Read(file)?.Describe() ?? "unreadable"}: {file}");
            }
        }

        if (others.Count > 0)
        {
            throw new StackLockedException($"the stack is locked by another run. Wait for it to end; if it is certain that it no longer runs, delete the lock file:{Environment.NewLine}{string.Join(Environment.NewLine, others)}");
        }

        var mine = Path.Combine(directory, Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture) + ".json");
        File.WriteAllText(mine, JsonSerializer.Serialize(new LockHolder(Environment.ProcessId, Environment.UserName, Environment.MachineName, DateTimeOffset.UtcNow), LockJson.Default.LockHolder));
        return new StackLock(mine);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => File.Delete(_path);

    private static async Task<FileStream> WaitForTurnAsync(string path, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (deadline.Elapsed < TimeSpan.FromSeconds(5))
            {
                await Task.Delay(10, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static LockHolder? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), LockJson.Default.LockHolder);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsStale(LockHolder holder)
    {
        if (holder.Hostname != Environment.MachineName)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(holder.Pid);

            // A number that was given to another process since; the second is the resolution of the start time.
            return process.StartTime.ToUniversalTime() > holder.Timestamp.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }
}

/// <summary>Who holds a lock; the members are those of Pulumi's lock files.</summary>
internal sealed record LockHolder(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("username")] string Username,
    [property: JsonPropertyName("hostname")] string Hostname,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp)
{
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"process {Pid} of {Username} on {Hostname}, since {Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}

[JsonSerializable(typeof(LockHolder))]
internal sealed partial class LockJson : JsonSerializerContext;
