using System.Globalization;
using System.Text.Json;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>
/// Limits of this machine's kernel that many droplets exceed: each systemd watches files, and all droplets count as one user. The usual 128 instances are enough for
/// about 20 droplets; the next ones die while they boot.
/// </summary>
/// <param name="folder">The folder of the kernel's settings, <c>/proc/sys</c>.</param>
/// <param name="record">The file that holds the values from before, so that whoever ends the lab finds them, after a crash too.</param>
internal sealed class KernelLimits(string folder, string record)
{
    // The first one counts the systemds.
    private static readonly (string Name, long Value)[] Wanted = [("fs/inotify/max_user_instances", 8192), ("fs/inotify/max_user_watches", 1_048_576)];
    private static readonly JsonSerializerOptions Json = new();

    /// <summary>Raises what is too low. What cannot be raised is told, with the command for it.</summary>
    /// <returns>These limits.</returns>
    public KernelLimits Raise(Action<string> log)
    {
        var before = Recorded();
        var low = Wanted.Where(limit => Read(limit.Name) is { } now && now < limit.Value).ToList();
        foreach (var (name, value) in low)
        {
            // A value that an earlier daemon has raised and somebody lowered is not one from before.
            before.TryAdd(name, Read(name)!.Value);
        }

        if (low.Count > 0)
        {
            File.WriteAllText(record, JsonSerializer.Serialize(before, Json));
        }

        foreach (var (name, value) in low)
        {
            try
            {
                File.WriteAllText(Path.Combine(folder, name), Text(value));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log($"{name.Replace('/', '.')} is {before[name]} and cannot be raised ({e.Message}); more than about 20 droplets need: sysctl {name.Replace('/', '.')}={Text(value)}");
            }
        }

        return this;
    }

    /// <summary>How many droplets the present limits are enough for.</summary>
    public int MostDroplets() => Read(Wanted[0].Name) is { } now && now < Wanted[0].Value ? (int)(now * 20 / 128) : int.MaxValue;

    /// <summary>Puts back what was raised, unless somebody has set another value since.</summary>
    public void Restore()
    {
        foreach (var (name, value) in Recorded())
        {
            if (Array.Find(Wanted, limit => limit.Name == name) is { Name: not null } raised && Read(name) == raised.Value)
            {
                File.WriteAllText(Path.Combine(folder, name), Text(value));
            }
        }

        File.Delete(record);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private Dictionary<string, long> Recorded()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(record), Json) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
    }

    private long? Read(string name) =>
        File.Exists(Path.Combine(folder, name)) && long.TryParse(File.ReadAllText(Path.Combine(folder, name)), CultureInfo.InvariantCulture, out var value) ? value : null;
}
