using System.Diagnostics;
using MesosStack.Components;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>The scripts that configure a host, run for real below another root. Init is upstart, played by <c>fixtures/initctl</c>.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScriptTests
{
    private static readonly string Fixtures = Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures");

    private string _root = "";

    [SetUp]
    public void MakeRoot()
    {
        Assume.That(OperatingSystem.IsLinux() && File.Exists("/usr/bin/dpkg-query"), "needs bash, flock and dpkg-query of a Debian or Ubuntu machine");
        _root = Directory.CreateTempSubdirectory("mesos-stack-").FullName;
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
            Write($"/usr/sbin/{daemon}", "#!/bin/sh\necho '  --[no-]help  Prints this'\necho '  --zk_session_timeout=VALUE  Session'\n");
            File.SetUnixFileMode($"{_root}/usr/sbin/{daemon}", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    [TearDown]
    public void RemoveRoot()
    {
        if (_root.Length > 0)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    [Test]
    public void A_master_holds_the_lines_of_the_table_and_runs_its_services()
    {
        Run(RemoteScript.Stage(Master()));
        Run(Apply(Master(), master: true));

        Assert.Multiple(() =>
        {
            Assert.That(Read("/etc/mesos/zk"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/mesos\n"));
            Assert.That(Read("/etc/zookeeper/conf/myid"), Is.EqualTo("1\n"));
            Assert.That(Read("/etc/zookeeper/conf/zoo.cfg"), Is.EqualTo(
                """
                tickTime=2000
                clientPort=2181
                #server.1=zookeeper1:2888:3888
                dataDir=/var/lib/zookeeper
                autopurge.purgeInterval=24
                autopurge.snapRetainCount=5
                4lw.commands.whitelist=srvr,ruok,mntr
                admin.enableServer=false
                server.1=127.0.2.1:2888:3888
                server.2=127.0.2.2:2888:3888
                server.3=127.0.2.3:2888:3888

                """));
            Assert.That(Read("/etc/mesos-master/quorum"), Is.EqualTo("2\n"));
            Assert.That(Read("/etc/mesos-master/ip"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(Read("/etc/mesos-master/hostname"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(Read("/etc/mesos-master/work_dir"), Is.EqualTo("/var/lib/mesos\n"), "what the package brought stays");
            Assert.That(Read("/etc/mesos-master/zk_session_timeout"), Is.EqualTo("30secs\n"));
            Assert.That(Read("/etc/marathon/conf/hostname"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(Read("/etc/marathon/conf/master"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/mesos\n"));
            Assert.That(Read("/etc/marathon/conf/zk"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/marathon\n"));
            Assert.That(Read("/etc/init/mesos-slave.override"), Is.EqualTo("manual\n"));
            Assert.That(Running(), Is.EquivalentTo(new[] { "zookeeper", "mesos-master", "marathon" }));
        });
    }

    [Test]
    public void An_agent_runs_its_own_service_only_and_stops_what_the_packages_started()
    {
        Play("start", "zookeeper");
        Play("start", "mesos-master");

        Run(RemoteScript.Stage(Agent()));
        Run(Apply(Agent(), master: false));

        Assert.Multiple(() =>
        {
            Assert.That(Read("/etc/mesos-slave/ip"), Is.EqualTo("127.0.2.51\n"));
            Assert.That(Read("/etc/mesos-slave/hostname"), Is.EqualTo("127.0.2.51\n"));
            Assert.That(Read("/etc/init/zookeeper.override"), Is.EqualTo("manual\n"));
            Assert.That(Read("/etc/init/mesos-master.override"), Is.EqualTo("manual\n"));
            Assert.That(Running(), Is.EqualTo(new[] { "mesos-slave" }));
        });
    }

    [Test]
    public void After_a_reboot_only_the_services_of_the_role_come_up()
    {
        Run(RemoteScript.Stage(Agent()));
        Run(Apply(Agent(), master: false));
        Directory.Delete($"{_root}/run/initctl", recursive: true);

        Play("emit", "stopped");

        Assert.That(Running(), Is.EqualTo(new[] { "mesos-slave" }));
    }

    [Test]
    public void The_second_run_changes_and_restarts_nothing()
    {
        Run(RemoteScript.Stage(Master()));
        Run(Apply(Master(), master: true));
        var calls = Read("/initctl.log");

        var said = Run(RemoteScript.Stage(Master())) + Run(Apply(Master(), master: true));

        Assert.That(said, Does.Contain("already staged").And.Contain("nothing to change"));
        Assert.That(Read("/initctl.log")[calls.Length..], Does.Not.Contain("start ").And.Not.Contain("stop "));
    }

    [Test]
    public void A_changed_line_restarts_what_reads_it_and_nothing_else()
    {
        Run(RemoteScript.Stage(Agent()));
        Run(Apply(Agent(), master: false));
        var changed = Agent().Replace("30secs", "20secs", StringComparison.Ordinal);
        var calls = Read("/initctl.log");

        Run(RemoteScript.Stage(changed));
        Run(Apply(changed, master: false));

        Assert.That(Read("/initctl.log")[calls.Length..], Does.Contain("restart mesos-slave"));
        Assert.That(Read("/etc/mesos-slave/zk_session_timeout"), Is.EqualTo("20secs\n"));
    }

    [Test]
    public void A_flag_that_the_daemon_does_not_know_is_left_out_and_one_that_must_be_there_stops_the_step()
    {
        Write("/usr/sbin/mesos-slave", "#!/bin/sh\necho '  --zk_session_timeout_not=VALUE'\n");
        Run(RemoteScript.Stage(Agent()));
        Run(Apply(Agent(), master: false));
        Assert.That(File.Exists($"{_root}/etc/mesos-slave/zk_session_timeout"), Is.False);

        var must = Agent() + "must mesos-slave advertise_ip 10.0.0.51\n";
        Run(RemoteScript.Stage(must));
        Assert.That(Run(Apply(must, master: false), fails: true), Does.Contain("does not know --advertise_ip"));
    }

    [Test]
    public void What_is_wanted_no_more_and_what_dpkg_left_beside_is_removed()
    {
        Run(RemoteScript.Stage(Master()));
        Run(Apply(Master(), master: true));
        Write("/etc/mesos-master/work_dir.dpkg-dist", "x\n");
        var less = string.Join('\n', Master().Split('\n').Where(line => !line.Contains("/cluster ", StringComparison.Ordinal)));

        Run(RemoteScript.Stage(less));
        Run(Apply(less, master: true));

        Assert.That(File.Exists($"{_root}/etc/mesos-master/cluster"), Is.False);
        Assert.That(File.Exists($"{_root}/etc/mesos-master/work_dir.dpkg-dist"), Is.False);
    }

    [Test]
    public void A_step_does_not_apply_what_it_was_not_made_for()
    {
        Run(RemoteScript.Stage(Master()));

        Assert.That(Run(Apply(Agent(), master: true), fails: true), Does.Contain("is not what this step is to apply"));
        Assert.That(Running(), Is.Empty);
    }

    [Test]
    public void A_living_master_changes_nothing_while_another_one_is_not_healthy()
    {
        Run(RemoteScript.Stage(Master()));
        Run(Apply(Master(), master: true));
        Write("/var/lib/zookeeper/version-2/currentEpoch", "3");
        var changed = Master().Replace("30secs", "20secs", StringComparison.Ordinal);

        Run(RemoteScript.Stage(changed));
        var said = Run(Apply(changed, master: true), fails: true);

        Assert.That(said, Does.Contain("not changing this master").And.Contain("ZooKeeper on 127.0.2.2 says 'nothing'"));
        Assert.That(Read("/etc/mesos-master/zk_session_timeout"), Is.EqualTo("30secs\n"));
    }

    [Test]
    public void A_living_master_refuses_a_list_that_differs_by_two()
    {
        Run(RemoteScript.Stage(Master()));
        Run(Apply(Master(), master: true));
        Write("/var/lib/zookeeper/version-2/currentEpoch", "3");
        var changed = Master().Replace("127.0.2.2:", "127.0.2.8:", StringComparison.Ordinal).Replace("127.0.2.3:", "127.0.2.9:", StringComparison.Ordinal);

        Run(RemoteScript.Stage(changed));

        Assert.That(Run(Apply(changed, master: true), fails: true), Does.Contain("replace one master per update. Nothing was changed"));
        Assert.That(Read("/etc/mesos/zk"), Does.Contain("127.0.2.2:2181"));
    }

    [TestCaseSource(nameof(Scripts))]
    public void Scripts_pass_shellcheck(string script)
    {
        Assume.That(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed");
        var (status, text) = Execute("/usr/bin/shellcheck", [script], []);
        Assert.That(status, Is.Zero, text);
    }

    private static IEnumerable<TestCaseData> Scripts() =>
        Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "scripts"), "*.sh").Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    private static string Master()
    {
        var settings = Some.Settings(("addressing", "public"));
        return Wanted.Master(settings, "test", new Ensemble(["127.0.2.1", "127.0.2.2", "127.0.2.3"]), 1, HostAddresses.For(settings, "127.0.2.1", "10.0.0.1"));
    }

    private static string Agent()
    {
        var settings = Some.Settings(("addressing", "public"));
        return Wanted.Agent(settings, new Ensemble(["127.0.2.1", "127.0.2.2", "127.0.2.3"]), HostAddresses.For(settings, "127.0.2.51", "10.0.0.51"));
    }

    private static string Apply(string wanted, bool master) => RemoteScript.Apply(new Dictionary<string, string>
    {
        ["WANTED_SHA256"] = Wanted.Hash(wanted),
        ["RUN"] = master ? "zookeeper mesos-master marathon" : "mesos-slave",
        ["NEVER"] = master ? "mesos-slave chronos" : "zookeeper mesos-master marathon chronos",
        ["SELF"] = master ? "127.0.2.1" : "127.0.2.51",
        ["PEERS"] = master ? "127.0.2.2 127.0.2.3" : "",
        ["GATE_SECONDS"] = "1",
    });

    private IEnumerable<string> Running() => Directory.Exists($"{_root}/run/initctl")
        ? Directory.GetFiles($"{_root}/run/initctl").Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
        : [];

    private void Play(params string[] arguments)
    {
        var (status, text) = Execute("/bin/bash", [Path.Combine(Fixtures, "initctl"), .. arguments], [("INITCTL_ROOT", _root)]);
        Assert.That(status, Is.Zero, text);
    }

    private string Run(string script, bool fails = false)
    {
        var (status, text) = Execute("/bin/bash", ["-c", script], [("ROOT", _root), ("INITCTL_ROOT", _root), ("PATH", $"{Bin()}:{Environment.GetEnvironmentVariable("PATH")}")]);
        Assert.That(status, fails ? Is.Not.Zero : Is.Zero, text);
        return text;
    }

    // A copy that can be executed, whatever the checkout made of the mode.
    private string Bin()
    {
        var path = $"{_root}/test-bin/initctl";
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(Fixtures, "initctl"), path);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return Path.GetDirectoryName(path)!;
    }

    private static (int Status, string Text) Execute(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
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

    private string Read(string path) => File.ReadAllText($"{_root}{path}");

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_root}{path}")!);
        File.WriteAllText($"{_root}{path}", text);
    }
}
