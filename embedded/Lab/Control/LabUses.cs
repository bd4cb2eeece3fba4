using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>The processes that use the lab now. Each has a file, so that every process of this machine sees them; the file of a dead one counts for nothing.</summary>
/// <param name="options">Where the lab lives.</param>
internal sealed class LabUses(LabOptions options)
{
    private static readonly JsonSerializerOptions Json = new();

    /// <summary>Those that live.</summary>
    public IReadOnlyList<LabUse> Living() => !Directory.Exists(options.UsesDirectory)
        ? []
        : [.. Directory.EnumerateFiles(options.UsesDirectory).Select(Read).OfType<LabUse>()];

    /// <summary>Those of other processes that live.</summary>
    public IReadOnlyList<LabUse> Others() => [.. Living().Where(use => use.Process.Id != Environment.ProcessId)];

    /// <summary>Notes that this process uses the lab until the result is disposed, or the process ends.</summary>
    public IDisposable Add(LabUser user)
    {
        PrivateFolder.Make(options.RunDirectory);
        Directory.CreateDirectory(options.UsesDirectory);
        var process = LinuxProcess.Find(Environment.ProcessId)!.Value;
        var file = Path.Combine(options.UsesDirectory, process.Id.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(new Entry(process.ToString(), user), Json));
        File.Move(file + ".new", file, overwrite: true);
        return new Note(file);
    }

    /// <summary>For whom a caller works: the user whose process it is, else whoever started the lab; null where that cannot be told.</summary>
    /// <param name="caller">Who is at the other end of a connection.</param>
    public LabUser? OwnerOf(Caller? caller) => Of(caller) ?? Starter();

    /// <summary>Notes for whom the lab is started.</summary>
    public void SaveStarter(LabUser user) => File.WriteAllText(options.StarterFile, JsonSerializer.Serialize(user, Json));

    /// <summary>The user whose process has a connection; null where it is none of them.</summary>
    /// <param name="caller">Who is at the other end of the connection.</param>
    public LabUser? Of(Caller? caller) => caller?.Inode is { } inode ? Living().FirstOrDefault(use => use.Process.Holds($"socket:[{inode}]"))?.User : null;

    private LabUser? Starter()
    {
        try
        {
            return JsonSerializer.Deserialize<LabUser>(File.ReadAllText(options.StarterFile), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private static LabUse? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(File.ReadAllText(file), Json) is { } entry && LinuxProcess.FromText(entry.Process) is { } process
                ? new LabUse(process, entry.User)
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // It ends just now, or is being written.
            return null;
        }
    }

    private sealed record Entry(string Process, LabUser User);

    private sealed class Note(string file) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                File.Delete(file);
            }
            catch (DirectoryNotFoundException)
            {
                // The lab was stopped meanwhile.
            }
        }
    }
}

/// <summary>A process that uses the lab.</summary>
/// <param name="Process">The process.</param>
/// <param name="User">For whom.</param>
internal sealed record LabUse(LinuxProcess Process, LabUser User)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Process.Id} ({User})");
}
