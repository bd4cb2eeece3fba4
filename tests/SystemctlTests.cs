namespace MesosStack.Tests;

/// <summary>The fake systemctl that systemd hosts are played with.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SystemctlTests
{
    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost();
        _host.Write("/lib/systemd/system/static.service", "[Service]\nExecStart=/usr/sbin/daemon\n");
        File.CreateSymbolicLink(Directory.CreateDirectory($"{_host.Root}/etc/systemd/system").FullName + "/chronos.service", "/dev/null");
        Assert.That(Systemctl("enable", "zookeeper").Status, Is.Zero);
    }

    [TearDown]
    public void RemoveHost() => _host?.Dispose();

    [TestCase("is-enabled zookeeper")]
    [TestCase("is-enabled marathon")]
    [TestCase("is-enabled static")]
    [TestCase("is-enabled chronos")]
    [TestCase("is-enabled nothing")]
    [TestCase("is-enabled marathon zookeeper chronos")]
    [TestCase("is-enabled zookeeper nothing static")]
    [TestCase("enable marathon zookeeper")]
    [TestCase("enable marathon chronos")]
    [TestCase("enable marathon nothing")]
    public void What_is_said_of_unit_files_is_what_systemd_says(string call)
    {
        const string Real = "/usr/bin/systemctl";
        Assume.That(File.Exists(Real) && ScriptHost.Execute(Real, ["--version"], []).Text.StartsWith("systemd 252 ", StringComparison.Ordinal), "needs the systemctl that is played");
        var expected = ScriptHost.Execute("/bin/sh", ["-c", $"{Real} --root='{_host.Root}' {call} 2>/dev/null; echo $?; {Real} --root='{_host.Root}' is-enabled marathon"], []).Text;
        File.Delete($"{_host.Root}/etc/systemd/system/multi-user.target.wants/marathon.service");

        var fake = $"{_host.Root}/test-bin/systemctl";
        var said = ScriptHost.Execute("/bin/sh", ["-c", $"{fake} {call} 2>/dev/null; echo $?; {fake} is-enabled marathon"], [("SYSTEMCTL_ROOT", _host.Root)]).Text;

        Assert.That(said, Is.EqualTo(expected));
    }

    // As systemd 252 was seen to do on a host.
    [TestCase("restart nothing", 5, "Unit nothing.service not found.")]
    [TestCase("restart chronos", 1, "Unit chronos.service is masked.")]
    [TestCase("--no-block restart chronos", 1, "Unit chronos.service is masked.")]
    [TestCase("stop zookeeper", 0, "")]
    [TestCase("stop nothing", 5, "Unit nothing.service not loaded.")]
    [TestCase("reset-failed zookeeper", 0, "")]
    [TestCase("reset-failed marathon", 1, "Unit marathon.service not loaded.")]
    [TestCase("reset-failed nothing", 1, "Unit nothing.service not loaded.")]
    [TestCase("restart mesos-slave", 1, "failed because")]
    [TestCase("--no-block restart mesos-slave", 0, "")]
    public void What_cannot_be_done_has_its_exit_code(string call, int status, string text)
    {
        _host.Serve("mesos-slave", "/bin/false");

        var result = Systemctl(call.Split(' '));

        Assert.That(result.Status, Is.EqualTo(status), result.Text);
        Assert.That(result.Text, Does.Contain(text));
    }

    [Test]
    public void Units_are_shown_in_the_order_of_the_call_and_what_is_unknown_is_inactive()
    {
        Systemctl("restart", "zookeeper");
        _host.Write("/run/systemctl/exited/zookeeper", "");
        Systemctl("restart", "marathon");

        Assert.That(
            Systemctl("show", "-p", "ActiveState", "-p", "SubState", "-p", "MainPID", "nothing", "marathon", "zookeeper"),
            Is.EqualTo((0, "MainPID=0\nActiveState=inactive\nSubState=dead\n\nMainPID=1002\nActiveState=active\nSubState=running\n\nMainPID=0\nActiveState=active\nSubState=exited\n")));
    }

    // As systemd 252 was seen to do on a host.
    [Test]
    public void Changed_settings_have_to_be_read_and_new_ones_are_not_noticed()
    {
        const string File = "/etc/systemd/system/marathon.service.d/x.conf";
        _host.Write(File, "[Service]\n");
        Assert.That(Shown(), Is.EqualTo("DropInPaths=\nNeedDaemonReload=no\n"));

        Systemctl("daemon-reload");
        Assert.That(Shown(), Is.EqualTo($"DropInPaths={_host.Root}{File}\nNeedDaemonReload=no\n"));

        _host.Write(File, "[Service]\nRestart=always\n");
        Assert.That(Shown(), Is.EqualTo($"DropInPaths={_host.Root}{File}\nNeedDaemonReload=yes\n"));

        string Shown() => Systemctl("show", "-p", "DropInPaths", "-p", "NeedDaemonReload", "marathon").Text;
    }

    [Test]
    public void A_unit_that_was_masked_starts_until_systemd_reads_its_units_again()
    {
        File.CreateSymbolicLink($"{_host.Root}/etc/systemd/system/marathon.service", "/dev/null");

        Assert.That(Systemctl("start", "marathon").Status, Is.Zero);
        Systemctl("stop", "marathon");
        Systemctl("daemon-reload");
        Assert.That(Systemctl("start", "marathon").Status, Is.EqualTo(1));
    }

    private (int Status, string Text) Systemctl(params string[] arguments) => _host.Init(arguments);
}
