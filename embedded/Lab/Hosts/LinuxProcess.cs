using System.Globalization;
using System.Runtime.InteropServices;

namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>A process of this machine, told from a later one with the same number by its start time.</summary>
/// <param name="Id">Process id.</param>
/// <param name="StartTime">Start in clock ticks after boot (field 22 of /proc/PID/stat).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct LinuxProcess(int Id, long StartTime)
{
    public const int Kill = 9;

    /// <summary>systemd's wish to power off (SIGRTMIN+4).</summary>
    public const int SystemdPowerOff = 38;

    /// <summary>systemd's wish to reboot (SIGRTMIN+5).</summary>
    public const int SystemdReboot = 39;

    public bool Alive => Stat(Id) is { } stat && stat.StartTime == StartTime && stat.State is not ('Z' or 'X');

    /// <summary>The process with a number as it is now, or null.</summary>
    public static LinuxProcess? Find(int id) => Stat(id) is { } stat && stat.State is not ('Z' or 'X') ? new LinuxProcess(id, stat.StartTime) : null;

    /// <summary>The process that a file names as "PID START-TIME", or null where it is gone.</summary>
    public static LinuxProcess? FromFile(string path) => From(Fields(path));

    /// <summary>The process that a text names as "PID START-TIME", or null where it is gone.</summary>
    public static LinuxProcess? FromText(string text) => From(text.Split(' '));

    private static LinuxProcess? From(string[] fields) =>
        fields is [var id, var start]
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        && new LinuxProcess(number, time) is { Alive: true } process
            ? process
            : null;

    /// <summary>The process that a file names by its number alone, or null where it is gone.</summary>
    public static LinuxProcess? FromNumberFile(string path) =>
        Fields(path) is [var id] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Find(number) : null;

    /// <summary>All processes.</summary>
    public static IEnumerable<LinuxProcess> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
            .OfType<LinuxProcess>();

    /// <summary>Its children that live.</summary>
    public IReadOnlyList<LinuxProcess> Children()
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => Find(int.Parse(id, CultureInfo.InvariantCulture))).OfType<LinuxProcess>()];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The name of the file it runs, whatever it calls itself; null where it is gone.</summary>
    public string? Program()
    {
        const string Replaced = " (deleted)";
        try
        {
            var name = Path.GetFileName(File.ResolveLinkTarget($"/proc/{Id}/exe", returnFinalTarget: false)?.FullName);
            return name?.EndsWith(Replaced, StringComparison.Ordinal) == true ? name[..^Replaced.Length] : name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The words of its command line; none where it is gone.</summary>
    public string[] CommandLine()
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Whether one of its open files is this one, as /proc names it, such as <c>socket:[4711]</c>.</summary>
    public bool Holds(string file)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{Id}/fd").Any(link => File.ResolveLinkTarget(link, returnFinalTarget: false) is { } target && Path.GetFileName(target.FullName) == file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal; nothing where the process is gone.</summary>
    public void Signal(int signal)
    {
        if (Alive)
        {
            _ = SendSignal(Id, signal);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {StartTime}");

    private static string[] Fields(string path)
    {
        try
        {
            return File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // The file is not written yet, or was removed with its droplet.
            return [];
        }
    }

    private static (char State, long StartTime)? Stat(int id)
    {
        try
        {
            // The command's name stands in parentheses and may contain any character.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int id, int signal);
}
