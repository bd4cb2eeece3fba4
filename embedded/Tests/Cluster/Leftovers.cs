using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>What a destroyed cluster must not leave on this machine.</summary>
internal static class Leftovers
{
    public static async Task DestroyMustLeaveNothingAsync(Launcher launcher, Cloud cloud)
    {
        await launcher.MustAsync("destroy", "--yes");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await cloud.DropletsAsync(), Is.Null, "the lab is down");
            Assert.That(JsonDocument.Parse(await launcher.MustAsync("stack", "export")).RootElement.GetProperty("deployment").TryGetProperty("resources", out var left) && left.GetArrayLength() > 0, Is.False, "the state is empty");
            Assert.That(await File.ReadAllTextAsync("/proc/mounts"), Does.Not.Contain("/run/mesos-stack"));
            Assert.That(Directory.GetFileSystemEntries("/sys/class/net").Select(Path.GetFileName), Has.None.StartsWith("mstk"));
            Assert.That(Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(Path.GetFileName) : [], Has.None.StartsWith("mstk"));
            Assert.That(CommandLines(), Has.None.Contains("/run/mesos-stack"));
            Assert.That(await NftTablesAsync(), Does.Not.Contain("mstk"));
        }
    }

    private static async Task<string> NftTablesAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("nft", ["list", "tables"]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, "nft");
        return said;
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _)))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            }
            catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return line;
        }
    }
}
