using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The launcher, with a <c>dotnet</c> that writes down what it is asked and leaves a server behind, as builds do.</summary>
[SupportedOSPlatform("linux")]
[Category("Slow")]
internal sealed class LauncherTests
{
    private const string Dotnet = """
        #!/bin/sh
        echo "$@" >>"$CALLS/calls"
        case $1 in
          --list-sdks) echo '10.0.100 [/sdk]' ;;
          build)
            output=${2%/*}/bin/embedded/Release/net10.0
            mkdir -p "$output"
            name=$(basename "$2" .csproj)
            touch "$output/$name.dll" "$output/MesosStack.Embedded.Cli.dll"
            env >>"$CALLS/environment"
            sleep 60 >/dev/null 2>&1 &
            echo $! >>"$CALLS/servers" ;;
          *)
            echo "runs $1"
            echo "program $MESOS_STACK_PROGRAM"
            if [ "$2" = passphrase ]; then echo "passphrase $PULUMI_CONFIG_PASSPHRASE $PULUMI_CONFIG_PASSPHRASE_FILE"; fi
            while [ "$2" = stay ] && [ -e "$CALLS/stay" ]; do sleep 0.05; done ;;
        esac
        """;

    private Scratch _scratch = null!;
    private string _root = null!;
    private string? _passphrase;

    [SetUp]
    public void SetUp()
    {
        _scratch = new Scratch();
        _passphrase = null;
        _root = _scratch["a [b] *"];
        Write("embedded/Cli/Cli.csproj", "");
        Write("embedded/Lab/Packages/marathon/usr/bin/marathon", "one");
        Write("MesosStack.csproj", "");
        Write("README.md", "");
        File.Copy(Path.Combine(Source(), "mesos-stack"), Path.Combine(_root, "mesos-stack"));
        Directory.CreateDirectory(_scratch["path"]);
        File.WriteAllText(_scratch["path/dotnet"], Dotnet);
        File.SetUnixFileMode(_scratch["path/dotnet"], (UnixFileMode)Convert.ToInt32("755", 8));
    }

    [TearDown]
    public void TearDown()
    {
        File.Delete(_scratch["stay"]);
        foreach (var server in Lines("servers"))
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(server, CultureInfo.InvariantCulture));
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended by itself.
            }
        }

        _scratch.Dispose();
    }

    [Test]
    public async Task A_build_is_made_once_and_not_held_up_by_the_servers_of_the_one_before()
    {
        await RunAsync("build");
        await RunAsync("build");
        Assert.That(Builds, Is.EqualTo(2), "one for the command line, one for the program");

        Write("embedded/Cli/New.cs", "");
        await RunAsync("build");
        Assert.That(Builds, Is.EqualTo(4));
    }

    [TestCase("embedded/Lab/Packages/marathon/usr/bin/marathon", true)]
    [TestCase("Program.cs", true)]
    [TestCase("README.md", false)]
    [TestCase("Pulumi.lab.yaml", false)]
    [TestCase("embedded/Cli/bin/x.dll", false)]
    [TestCase("embedded/Cli/obj/x.cache", false)]
    [TestCase("tests/Some.cs", false)]
    public async Task Only_what_a_build_reads_makes_a_new_one(string file, bool builds)
    {
        await RunAsync("build");
        Write(file, "something else");
        await RunAsync("build");
        Assert.That(Builds, Is.EqualTo(builds ? 4 : 2));
    }

    [Test]
    public async Task What_runs_keeps_its_files_until_it_has_ended()
    {
        File.WriteAllText(_scratch["stay"], "");
        var running = Start("stay");
        var cli = (await running.StandardOutput.ReadLineAsync())!["runs ".Length..];
        var program = (await running.StandardOutput.ReadLineAsync())!["program ".Length..];

        Write("Program.cs", "new");
        var second = await RunAsync("up");
        Assert.That((File.Exists(cli), File.Exists(program)), Is.EqualTo((true, true)));
        Assert.That(second, Does.Not.Contain(cli));

        File.Delete(_scratch["stay"]);
        await running.WaitForExitAsync();
        running.Dispose();
        Write("Program.cs", "newer still");
        await RunAsync("build");
        Assert.That(File.Exists(cli), Is.False, "nothing needs it any more");
        Assert.That(Directory.GetDirectories(Path.Combine(_root, ".mesos-stack/build")), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task The_servers_of_a_build_do_not_get_the_passphrase_and_the_command_line_does()
    {
        Write("examples/other/Other.csproj", "");
        _passphrase = "planted";

        Assert.That(await RunAsync("passphrase", "--cwd", Path.Combine(_root, "examples/other")), Does.Contain("passphrase planted planted\n"));

        Assert.That(Builds, Is.EqualTo(3));
        Assert.That(Lines("environment"), Has.Some.StartsWith("PATH=").And.None.Contains("PASSPHRASE").And.None.Contains("planted"));
    }

    [Test]
    public async Task Two_first_runs_share_a_build()
    {
        await Task.WhenAll(RunAsync("build"), RunAsync("build"), RunAsync("build"));
        Assert.That(Builds, Is.EqualTo(2));
    }

    [TestCase("--cwd", "PLACE")]
    [TestCase("--cwd=PLACE")]
    [TestCase("-C", "PLACE")]
    public async Task A_folder_with_a_program_of_its_own_runs_that_one(params string[] option)
    {
        Write("examples/other/Other.csproj", "");
        string[] arguments = ["up", .. option.Select(word => word.Replace("PLACE", Path.Combine(_root, "examples/other"), StringComparison.Ordinal))];

        Assert.That(await RunAsync(arguments), Does.Match("program .*/.mesos-stack/build/[0-9-]+/Other/Other.dll\n"));
        await RunAsync(arguments);
        Assert.That(Builds, Is.EqualTo(3), "it is built once, too");
        Assert.That(await RunAsync("up", "--cwd", _scratch.Path), Does.Match("program .*/program/MesosStack.dll\n"), "a folder without a program has settings and state of its own alone");
    }

    private int Builds => Lines("calls").Count(l => l.StartsWith("build ", StringComparison.Ordinal));

    private static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    private string[] Lines(string name) => File.Exists(_scratch[name]) ? File.ReadAllLines(_scratch[name]) : [];

    private void Write(string name, string text)
    {
        var file = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_root, "mesos-stack"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = _scratch["path"] + ":" + start.Environment["PATH"];
        start.Environment["CALLS"] = _scratch.Path;
        if (_passphrase is not null)
        {
            start.Environment["PULUMI_CONFIG_PASSPHRASE"] = start.Environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = _passphrase;
        }

        return Process.Start(start)!;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.That(process.ExitCode, Is.Zero, error);
        return await output;
    }
}
