using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CliWrap;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Control;

/// <summary>The Debian 12 tree that all droplets share, built once for each recipe and cached.</summary>
internal sealed class BaseImage(LabOptions options)
{
    private const string ScriptName = "base-image.sh";

    /// <summary>The image that living droplets were made from, else that of today's recipe.</summary>
    private string Folder =>
        File.Exists(options.ImageFile) && Directory.Exists(File.ReadAllText(options.ImageFile))
            ? File.ReadAllText(options.ImageFile)
            : Path.Combine(options.CacheDirectory, "base-" + Key);

    /// <summary>The tree.</summary>
    public string Root => Path.Combine(Folder, "root");

    /// <summary>Debian's packages that droplets install.</summary>
    public string Debs => Path.Combine(Folder, "debs");

    /// <summary>Whether it is there and whole: it is put in place by one rename.</summary>
    public bool Exists => Directory.Exists(Root);

    private static string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OwnScript.Text(ScriptName))))[..12];

    /// <summary>Builds the image where it is missing, telling how far it is.</summary>
    /// <exception cref="LabException">The build fails; the message has its last lines.</exception>
    public async Task EnsureAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        using var turn = await FileTurn.TakeAsync(options.CacheTurnFile, "waiting for another lab that fills the cache", progress, cancellationToken);
        if (Exists)
        {
            return;
        }

        var aside = Path.Combine(options.CacheDirectory, "building-" + Key);
        Cleaner.RemoveFolder(aside);
        Directory.CreateDirectory(aside);
        progress("building the droplets' Debian 12 image (once; three to six minutes on two cores, 0.8 GB below " + options.CacheDirectory + ")");
        var script = Path.Combine(aside, ScriptName);
        await OwnScript.WriteAsync(ScriptName, script);
        var last = new Queue<string>();
        var meter = new BuildMeter(progress);
        await using var output = new StreamWriter(Path.Combine(options.CacheDirectory, "base-image.log"));
        var lines = PipeTarget.ToDelegate(line =>
        {
            output.WriteLine(line);
            last.Enqueue(line);
            if (last.Count > 5)
            {
                last.Dequeue();
            }

            meter.See(line);
        });
        // Both outputs come over one pipe, so that lines come one after the other.
        var result = await Shell.Command("sh", ["-c", "exec sh \"$@\" 2>&1", "sh", script, Path.Combine(aside, "root"), Path.Combine(aside, "debs")])
            .WithStandardOutputPipe(lines).ExecuteAsync(cancellationToken);
        if (!result.IsSuccess)
        {
            throw new LabException($"The droplets' image cannot be built (code {result.ExitCode}): {string.Join(" | ", last)}. All lines are in {options.CacheDirectory}/base-image.log.");
        }

        Directory.Move(aside, Folder);
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo", cancellationToken);
        foreach (var old in Directory.EnumerateDirectories(options.CacheDirectory, "base-*").Where(d => d != Folder && !mounts.Contains(d, StringComparison.Ordinal)))
        {
            Cleaner.RemoveFolder(old);
        }
    }

    /// <summary>Notes that droplets are made from this image, so that a later version of the lab boots them from it too.</summary>
    public void Pin() => File.WriteAllText(options.ImageFile, Folder);

    /// <summary>Turns the many lines of apt and dpkg into a few that tell how far the build is.</summary>
    private sealed class BuildMeter(Action<string> progress)
    {
        private const int Step = 40;
        private int unpacked;
        private int configured;

        public void See(string line)
        {
            if (line.StartsWith("I: ", StringComparison.Ordinal) && line.EndsWith("...", StringComparison.Ordinal))
            {
                progress("image: " + line[3..]);
            }
            else if (line.StartsWith("Unpacking ", StringComparison.Ordinal) && ++unpacked % Step == 0)
            {
                progress(string.Create(CultureInfo.InvariantCulture, $"image: {unpacked} packages unpacked"));
            }
            else if (line.StartsWith("Setting up ", StringComparison.Ordinal) && ++configured % Step == 0)
            {
                progress(string.Create(CultureInfo.InvariantCulture, $"image: {configured} packages set up"));
            }
        }
    }
}
