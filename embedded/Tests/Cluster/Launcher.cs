using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace MesosStack.Embedded.Tests.Cluster;

/// <summary>Runs <c>./mesos-stack</c> as a person would, on a project folder of its own, so that nobody's state is touched.</summary>
internal sealed class Launcher : IDisposable
{
    /// <summary>The stack.</summary>
    public const string Stack = "clustertest";

    /// <summary>The beginning of the private addresses. Nobody else takes this range, so that the tests know what a run of theirs left that crashed.</summary>
    public const string PrivateRange = "10.213.213.";

    /// <summary>Name that Mesos shows, which is the one that the program gives the cluster.</summary>
    public const string ClusterName = "mesos";

    /// <summary>What the stack's secrets are sealed with; a text that stands nowhere else.</summary>
    public const string Passphrase = "of the cluster's tests alone";

    private const string ShowSecrets = "--show-secrets";

    private readonly ConcurrentQueue<string> _said = [];
    private readonly string? _program;
    private readonly DirectoryInfo _project = Directory.CreateTempSubdirectory("mesos-stack-cluster-");

    /// <summary>The project of this repository.</summary>
    public Launcher()
    {
        File.Copy(Path.Combine(Root, "Pulumi.yaml"), Path.Combine(_project.FullName, "Pulumi.yaml"));
        ResetSettings();
    }

    /// <summary>A program of <c>examples/</c>, with its settings for the lab.</summary>
    public Launcher(string example)
    {
        var folder = Path.Combine(Root, "examples", example);
        File.Copy(Path.Combine(folder, "Pulumi.yaml"), Path.Combine(_project.FullName, "Pulumi.yaml"));
        File.Copy(Path.Combine(folder, "Pulumi.lab.yaml"), Settings);
        var project = Directory.GetFiles(folder, "*.csproj").Single();
        var configuration = new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;
        _program = Path.Combine(folder, "bin/embedded", configuration, "net10.0", Path.ChangeExtension(Path.GetFileName(project), ".dll"));
    }

    public static string Root { get; } = FindRoot();

    /// <summary>The project's folder.</summary>
    public string Folder => _project.FullName;

    /// <summary>The stack's name now.</summary>
    public string StackName { get; private set; } = Stack;

    /// <summary>The stack's settings file.</summary>
    public string Settings => Path.Combine(_project.FullName, $"Pulumi.{StackName}.yaml");

    /// <summary>All that was printed, but for what was asked to show secrets.</summary>
    public IEnumerable<string> AllSaid => _said;

    /// <summary>All files of the project: settings, state, logs.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(_project.FullName, "*", SearchOption.AllDirectories);

    /// <summary>Makes the settings those of the stack <c>lab</c>.</summary>
    public void ResetSettings() => File.WriteAllText(
        Settings,
        File.ReadAllText(Path.Combine(Root, "Pulumi.lab.yaml")).Replace("config:\n", $"config:\n  mesos-stack:vpcCidr: {PrivateRange}0/24\n", StringComparison.Ordinal));

    /// <summary>Leaves the apps, which stand last, out of the settings.</summary>
    public void LeaveOutApps()
    {
        var kept = File.ReadAllLines(Settings).TakeWhile(line => !line.StartsWith("  mesos-stack:apps:", StringComparison.Ordinal)).ToList();
        Assert.That(kept, Is.Not.EqualTo(File.ReadAllLines(Settings)));
        File.WriteAllLines(Settings, kept);
    }

    /// <summary>Changes one of the settings.</summary>
    public Task SetAsync(string key, string value) => MustAsync("config", "set", key, value);

    public Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(Path.Combine(Root, "mesos-stack")) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[.. arguments, "--cwd", _project.FullName, "--stack", StackName])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["PULUMI_CONFIG_PASSPHRASE"] = Passphrase;
        if (_program is not null && arguments[0] is "up" or "preview")
        {
            info.ArgumentList.Add("--program");
            info.ArgumentList.Add(_program!);
        }

        var process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a command to its end; everything it said is shown with the test, but for secrets.</summary>
    public async Task<Said> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = new Said(process.ExitCode, await output, await error);
        var open = arguments.Contains(ShowSecrets);
        await TestContext.Out.WriteLineAsync($"$ ./mesos-stack {string.Join(' ', arguments)}\n{(open ? "(secrets)\n" : said.Output)}{said.Error}[exit {said.Code}]");
        if (!open)
        {
            _said.Enqueue(said.Output + said.Error);
        }

        return said;
    }

    /// <summary>Runs a command that has to end well.</summary>
    public async Task<string> MustAsync(params string[] arguments)
    {
        var said = await RunAsync(arguments);
        Assert.That(said.Code, Is.Zero, $"{string.Join(' ', arguments)}\n{said.Output}\n{said.Error}");
        return said.Output;
    }

    /// <summary>A copy of the built program, one of its scripts changed.</summary>
    public async Task<ChangedProgram> ProgramWithAsync(string script, Func<string, string> change)
    {
        await MustAsync("build");
        var builds = new DirectoryInfo(Path.Combine(Root, ".mesos-stack/build")).GetDirectories();
        return new ChangedProgram(Path.Combine(builds.MaxBy(build => build.CreationTimeUtc)!.FullName, "program"), script, change);
    }

    /// <summary>Gives the stack another name.</summary>
    public async Task RenameAsync(string name)
    {
        await MustAsync("stack", "rename", name);
        StackName = name;
    }

    public async Task<JsonElement> OutputsAsync() => JsonDocument.Parse(await MustAsync("stack", "output", "--json")).RootElement;

    /// <summary>Runs a script on a host, inside.</summary>
    public async Task<string> OnAsync(string host, string script)
    {
        var said = await RunAsync("lab", "ssh", host, script);
        Assert.That(said.Code, Is.Zero, $"{host}: {script}\n{said.Output}\n{said.Error}");
        return said.Output;
    }

    public void Dispose() => _project.Delete(recursive: true);

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}

/// <summary>What a command said.</summary>
internal sealed record Said(int Code, string Output, string Error);

/// <summary>A copy of the program, one of its scripts changed; it is removed in the end.</summary>
internal sealed class ChangedProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesos-stack-program-");

    public ChangedProgram(string original, string script, Func<string, string> change)
    {
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(_folder.FullName, System.IO.Path.GetRelativePath(original, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var scripts = System.IO.Path.Combine(_folder.FullName, "scripts");
        var changed = System.IO.Path.Combine(scripts, script);
        File.WriteAllText(changed, change(File.ReadAllText(changed)));
        File.WriteAllLines(
            System.IO.Path.Combine(scripts, "SHA256SUMS"),
            Directory.GetFiles(scripts, "*.sh").Select(file => $"{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}  {System.IO.Path.GetFileName(file)}"));
    }

    /// <summary>Its assembly.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "MesosStack.dll");

    public void Dispose() => _folder.Delete(recursive: true);
}
