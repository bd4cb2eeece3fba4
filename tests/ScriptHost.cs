using System.Diagnostics;
using MesosStack.Components;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>A host below a folder, on which the scripts run for real. Init is upstart, played by <c>fixtures/initctl</c>; other commands can be played too.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class ScriptHost : IDisposable
{
    public const string Self = "127.0.2.1";

    private static readonly string Fixtures = Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures");

    public ScriptHost()
    {
        Root = Directory.CreateTempSubdirectory("mesos-stack-").FullName;
        foreach (var job in new[] { "zookeeper", "mesos-master", "mesos-slave", "marathon", "chronos" })
        {
            Write($"/etc/init/{job}.conf", "start on stopped rc RUNLEVEL=[2345]\n");
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

        // A copy that can be executed, whatever the checkout made of the mode.
        Play("initctl", File.ReadAllText(Path.Combine(Fixtures, "initctl")));
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The calls of initctl, one a line.</summary>
    public string Calls => Read("/initctl.log");

    /// <summary>The services that run.</summary>
    public IEnumerable<string> Running => Directory.Exists($"{Root}/run/initctl")
        ? Directory.GetFiles($"{Root}/run/initctl").Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
        : [];

    /// <summary>Skips a test where the scripts cannot run.</summary>
    public static void Assume() =>
        NUnit.Framework.Assume.That(OperatingSystem.IsLinux() && File.Exists("/usr/bin/dpkg-query"), "needs bash, flock and dpkg-query of a Debian or Ubuntu machine");

    /// <summary>What master 1 of three shall be.</summary>
    public static string Master()
    {
        var settings = Some.Settings(("addressing", "public"));
        return Wanted.Master(settings, "test", new Ensemble([Self, "127.0.2.2", "127.0.2.3"]), 1, HostAddresses.For(settings, Self, "10.0.0.1"));
    }

    /// <summary>What an agent shall be.</summary>
    public static string Agent()
    {
        var settings = Some.Settings(("addressing", "public"));
        return Wanted.Agent(settings, new Ensemble([Self, "127.0.2.2", "127.0.2.3"]), HostAddresses.For(settings, "127.0.2.51", "10.0.0.51"));
    }

    /// <summary>The step that applies it.</summary>
    public static string Apply(string wanted, bool master, string earlier = "127.0.2.2 127.0.2.3", int gateSeconds = 3) => RemoteScript.Apply(new Dictionary<string, string>
    {
        ["WANTED_SHA256"] = Wanted.Hash(wanted),
        ["RUN"] = master ? "zookeeper mesos-master marathon" : "mesos-slave",
        ["NEVER"] = master ? "mesos-slave chronos" : "zookeeper mesos-master marathon chronos",
        ["SELF"] = master ? Self : "127.0.2.51",
        ["PEERS"] = master ? "127.0.2.2 127.0.2.3" : "",
        ["EARLIER"] = master ? earlier : "",
        ["GATE_SECONDS"] = $"{gateSeconds}",
        ["STEADY_SECONDS"] = "1",
        ["PACKAGES"] = "mesos",
    });

    /// <summary>Stages what a master shall be and applies it.</summary>
    public string Become(string wanted, bool master, bool fails = false)
    {
        var said = Run(RemoteScript.Stage(wanted));
        return said + Run(Apply(wanted, master), fails);
    }

    /// <summary>Has a command of that name, found before the machine's own.</summary>
    public void Play(string name, string script) => Command($"/test-bin/{name}", script);

    /// <summary>Calls initctl.</summary>
    public void Initctl(params string[] arguments)
    {
        var (status, text) = Execute($"{Root}/test-bin/initctl", arguments, [("INITCTL_ROOT", Root)]);
        Assert.That(status, Is.Zero, text);
    }

    /// <summary>Runs a script; gives all that it says.</summary>
    public string Run(string script, bool fails = false)
    {
        var (status, text) = Execute("/bin/bash", ["-c", script], [("ROOT", Root), ("INITCTL_ROOT", Root), ("PATH", $"{Root}/test-bin:{Environment.GetEnvironmentVariable("PATH")}")]);
        Assert.That(status, fails ? Is.Not.Zero : Is.Zero, text);
        return text;
    }

    public string Read(string path) => File.ReadAllText(Root + path);

    public bool Has(string path) => File.Exists(Root + path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.WriteAllText(Root + path, text);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static (int Status, string Text) Execute(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private void Command(string path, string script)
    {
        Write(path, script);
        File.SetUnixFileMode(Root + path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }
}
