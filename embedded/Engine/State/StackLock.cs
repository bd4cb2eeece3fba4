using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// Keeps a second run out of a stack, in the way of Pulumi's local backend: a file per holder under <c>locks/</c>, so that the
/// official CLI and this engine keep each other out too. Beside that a run of this engine keeps a file of its own locked for as
/// long as it lives, which the system lets go with it, however it ends: so a lock that a killed run left behind is told for certain.
/// </summary>
public sealed class StackLock : IDisposable
{
    private readonly string _path;
    private readonly FileStream _life;

    private StackLock(string path, FileStream life) => (_path, _life) = (path, life);

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">Where this stack's locks lie.</param>
    /// <param name="turnFile">A file beside them that orders runs which start together.</param>
    /// <param name="lifeFile">A file beside them that a run keeps locked while it lives.</param>
    /// <param name="verb">What this run does.</param>
    /// <param name="notice">Takes a sentence about every stale lock that was taken over.</param>
    /// <param name="cancellation">Ends the wait for the turn.</param>
    /// <exception cref="StackLockedException">Another run holds it.</exception>
    public static async Task<StackLock> TakeAsync(string directory, string turnFile, string lifeFile, string verb, Action<string> notice, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);

        // Two runs that start together check the lock one after the other, so that exactly one gets it.
        await using var turn = await WaitForTurnAsync(turnFile, cancellation).ConfigureAwait(false);
        var life = TryOpen(lifeFile);
        try
        {
            var others = TakeOver(directory, othersMayLive: life is null, notice);
            if (life is null && others.Count == 0)
            {
                others.Add($"  a run that keeps {lifeFile}");
            }

            if (life is null || others.Count > 0)
            {
                throw new StackLockedException($"the stack is locked by another run. Wait for it to end, or end it with `kill -INT` and its process's number: what runs ends and is saved first. If it is certain that it no longer runs, delete the lock file:{Environment.NewLine}{string.Join(Environment.NewLine, others)}");
            }

            var mine = Path.Combine(directory, Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture) + ".json");
            var holder = new LockHolder(Environment.ProcessId, Environment.UserName, Dns.GetHostName(), DateTimeOffset.UtcNow) { Engine = LockHolder.ThisEngine, Verb = verb };
            await File.WriteAllTextAsync(mine, JsonSerializer.Serialize(holder, LockJson.Default.LockHolder), CancellationToken.None);
            var taken = new StackLock(mine, life);
            life = null;
            return taken;
        }
        finally
        {
            life?.Dispose();
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        File.Delete(_path);
        _life.Dispose();
    }

    // Removes what dead runs left, and describes the rest.
    private static List<string> TakeOver(string directory, bool othersMayLive, Action<string> notice)
    {
        var others = new List<string>();
        foreach (var file in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            LockHolder? holder;
            try
            {
                holder = JsonSerializer.Deserialize(File.ReadAllText(file), LockJson.Default.LockHolder);
            }
            catch (FileNotFoundException)
            {
                // The run that held the lock has just ended.
                continue;
            }
            catch (JsonException)
            {
                holder = null;
            }

            if (holder is not null && IsStale(holder, othersMayLive))
            {
                File.Delete(file);
                notice($"Took over the lock of a run that is no longer alive ({holder.Describe()}).");
            }
            else
            {
                others.Add($"  {holder?.Describe() ?? "unreadable"}: {file}");
            }
        }

        return others;
    }

    private static async Task<FileStream> WaitForTurnAsync(string path, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            if (TryOpen(path) is { } turn)
            {
                return turn;
            }

            if (deadline.Elapsed > TimeSpan.FromSeconds(5))
            {
                throw new StackLockedException($"the stack is locked by a run that has been starting for seconds ({path})");
            }

            await Task.Delay(10, cancellation).ConfigureAwait(false);
        }
    }

    // The file is locked while it is open. Null: another process holds the lock.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    // A run of this engine holds a locked file. A lock of another engine is stale when its process has ended. A lock from another host is never called stale.
    private static bool IsStale(LockHolder holder, bool othersMayLive)
    {
        if (holder.Hostname != Dns.GetHostName() && holder.Hostname != Environment.MachineName)
        {
            return false;
        }

        if (holder.Engine == LockHolder.ThisEngine)
        {
            return !othersMayLive;
        }

        try
        {
            using var process = Process.GetProcessById(holder.Pid);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}

/// <summary>Who holds a lock; the members are those of Pulumi's lock files, which pass over any other.</summary>
internal sealed record LockHolder(
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("username")] string Username,
    [property: JsonPropertyName("hostname")] string Hostname,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp)
{
    /// <summary>The name of this engine in <see cref="Engine"/>.</summary>
    public const string ThisEngine = "mesos-stack";

    /// <summary>The engine; null for the official one.</summary>
    [JsonPropertyName("engine")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Engine { get; init; }

    /// <summary>What the run does; null for the official engine's.</summary>
    [JsonPropertyName("verb")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Verb { get; init; }

    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{(Verb is null ? "" : $"`{Verb}`, ")}process {Pid} of {Username} on {Hostname}, since {Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}

[JsonSerializable(typeof(LockHolder))]
internal sealed partial class LockJson : JsonSerializerContext;
