using System.Diagnostics;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>A host below a folder, on which the scripts run for real. Its init system is played by a command of <c>fixtures</c>; other commands can be played too.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class ScriptHost : IDisposable
{
    public const string Self = "127.0.2.1";

    /// <summary>The addresses of three masters, of which the first is this host.</summary>
    public const string Addresses = $"master-1={Self} master-2=127.0.2.2 master-3=127.0.2.3";

    /// <summary>The scripts, as the build puts them beside the program.</summary>
    public static readonly string Scripts = Path.Combine(TestContext.CurrentContext.TestDirectory, "scripts");

    /// <summary>The commands that are played.</summary>
    public static readonly string Fixtures = Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures");

    private const string LastWord = "mesos-stack:done\n";

    private readonly InitSystem _init;

    /// <param name="init">Name of the init system.</param>
    public ScriptHost(string init = InitSystem.Systemd)
    {
        _init = InitSystem.Named(init);
        Root = Directory.CreateTempSubdirectory("mesos-stack-").FullName;
        foreach (var service in new[] { "zookeeper", "mesos-master", "mesos-slave", "marathon", "chronos" })
        {
            Serve(service, "/usr/sbin/daemon");
        }

        // As the packages leave them.
        Write("/etc/zookeeper/conf/zoo.cfg", "tickTime=2000\ndataDir=/tmp/zookeeper\nclientPort=2181\n#server.1=zookeeper1:2888:3888\n");
        Write("/etc/zookeeper/conf/myid", "replace this text with the cluster-unique zookeeper's instance id (1-255)\n");
        Write("/etc/mesos/zk", "zk://localhost:2181/mesos\n");
        Write("/etc/mesos-master/quorum", "1\n");
        Write("/etc/mesos-master/work_dir", "/var/lib/mesos\n");
        Write("/etc/mesos-slave/work_dir", "/var/lib/mesos\n");
        foreach (var daemon in new[] { "mesos-master", "mesos-slave" })
        {
            Command($"/usr/sbin/{daemon}", "#!/bin/sh\necho '  --[no-]help  Prints this'\necho '  --zk_session_timeout=VALUE  Session'\n");
        }

        if (_init.RunsWhere is { } folder)
        {
            Directory.CreateDirectory(Root + folder);
        }

        PlayInit();
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>What started and stopped, each <c>start|restart|stop SERVICE</c>.</summary>
    public IReadOnlyList<string> Changes => Has("/services.log") ? Read("/services.log").Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>The services that run.</summary>
    public IEnumerable<string> Running => Directory.Exists(Root + _init.Running)
        ? Directory.GetFiles(Root + _init.Running).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
        : [];

    /// <summary>Skips a test where the scripts cannot run.</summary>
    public static void Assume() =>
        NUnit.Framework.Assume.That(OperatingSystem.IsLinux() && File.Exists("/usr/bin/dpkg-query"), "needs bash, flock and dpkg-query of a Debian or Ubuntu machine");

    /// <summary>The description of a master of three.</summary>
    public static string Master(int number = 1) => HostDescription.Master(TestConfiguration.Settings(("addressing", "public")), "test", number);

    /// <summary>The description of an agent.</summary>
    public static string Agent() => HostDescription.Agent(TestConfiguration.Settings(("addressing", "public")), 1);

    /// <summary>Runs <c>configuration.sh</c>; gives all that it says.</summary>
    /// <param name="description">What the host shall be.</param>
    /// <param name="fails">Whether it is to fail.</param>
    /// <param name="addresses">Other addresses than the usual ones.</param>
    public string Configure(string description, bool fails = false, string? addresses = null) =>
        Run("configuration", description, $"{addresses ?? Addresses}{(description.StartsWith("host agent", StringComparison.Ordinal) ? " agent-1=127.0.2.51" : "")}", fails, ("GATE_SECONDS", "3"), ("STEADY_SECONDS", "1"), ("ELECTION_SECONDS", "3"));

    /// <summary>Has a command of that name, found before the machine's own.</summary>
    public void Play(string name, string script) => Command($"/test-bin/{name}", script);

    /// <summary>Whether the init system is told never to start a service.</summary>
    public bool IsDisabled(string service) => _init.IsDisabled(Root, service);

    /// <summary>Has a service of that name.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="program">What it executes; <c>/bin/false</c> does not start.</param>
    public void Serve(string service, string program) => Write(_init.FileOf(service), _init.TextOf(program));

    /// <summary>Starts a service, as a package or a person would.</summary>
    public void Start(string service) => Succeed(Init("start", service));

    /// <summary>Boots the host anew.</summary>
    public void Reboot() => Succeed(Init(_init.Boot));

    /// <summary>Calls the command of the init system.</summary>
    public (int Status, string Text) Init(params string[] arguments) => Execute($"{Root}/test-bin/{_init.Command}", arguments, [(_init.Variable, Root)]);

    /// <summary>Has the script killed when it restarts a service for the first time.</summary>
    public void DieAtRestart()
    {
        Play($"real/{_init.Command}", Read($"/test-bin/{_init.Command}"));
        Play(_init.Command, $"#!/bin/sh\ncase \" $* \" in *' restart '*) kill -9 \"$PPID\" ;; esac\nexec \"${{0%/*}}/real/{_init.Command}\" \"$@\"\n");
    }

    /// <summary>Has the init system do all that it is told.</summary>
    // A copy that can be executed, whatever the checkout made of the mode.
    public void PlayInit() => Play(_init.Command, File.ReadAllText(Path.Combine(Fixtures, _init.Command)));

    /// <summary>Runs a script as a step does; gives all that it says. What a script leaves that is killed goes with the host.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="fails">Whether it is to fail.</param>
    /// <param name="environment">Variables that are set for it.</param>
    public string Run(string script, string input, string arguments = "", bool fails = false, params (string Name, string Value)[] environment)
    {
        var (status, text) = Execute(
            "/bin/bash",
            ["-c", $"cd '{Scripts}' && sha256sum --quiet --strict --check SHA256SUMS && bash {script}.sh {arguments} && echo mesos-stack:done"],
            [("ROOT", Root), ("TMPDIR", Root), (_init.Variable, Root), ("PATH", $"{Root}/test-bin:{Environment.GetEnvironmentVariable("PATH")}"), .. environment],
            input);
        Assert.That(status, fails ? Is.Not.Zero : Is.Zero, text);

        Assert.That(text, fails ? Does.Not.Contain(LastWord) : Does.Contain(LastWord));
        return text.Replace(LastWord, "", StringComparison.Ordinal);
    }

    public string Read(string path) => File.ReadAllText(Root + path);

    public bool Has(string path) => File.Exists(Root + path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.WriteAllText(Root + path, text);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static (int Status, string Text) Execute(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static void Succeed((int Status, string Text) result) => Assert.That(result.Status, Is.Zero, result.Text);

    private void Command(string path, string script)
    {
        Write(path, script);
        File.SetUnixFileMode(Root + path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }
}
