using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The programs of <c>examples/</c>, previewed as a person would, each on a copy of its settings.</summary>
internal sealed class ExampleTests
{
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("two-clusters", "TwoClusters", 8)]
    [TestCase("own-network", "OwnNetwork", 4)]
    public async Task A_first_preview_creates_the_hosts(string folder, string assembly, int hosts)
    {
        var example = Path.Combine(Root(), "examples", folder);
        foreach (var file in Directory.GetFiles(example, "Pulumi*.yaml"))
        {
            File.Copy(file, _scratch[Path.GetFileName(file)]);
        }

        var program = Path.Combine(example, "bin/embedded", new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name, "net10.0", assembly + ".dll");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(TestContext.CurrentContext.TestDirectory, "MesosStack.Embedded.Cli.dll"), "preview", "--json", "--cwd", _scratch.Path, "--program", program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PULUMI_CONFIG_PASSPHRASE"] = "of this test";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.That(process.ExitCode, Is.Zero, $"{await error}\n{output}");

        var steps = JsonDocument.Parse(output).RootElement.GetProperty("steps").EnumerateArray().ToList();
        Assert.That(steps.Select(step => step.GetProperty("op").GetString()), Is.All.EqualTo("create"));
        Assert.That(steps.Count(step => step.GetProperty("urn").GetString()!.Contains("digitalocean:index/droplet:Droplet::", StringComparison.Ordinal)), Is.EqualTo(hosts));
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
