namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>The fake initctl that upstart hosts are played with.</summary>
internal sealed class InitctlTests
{
    private string _root = "";

    [SetUp]
    public void MakeHost()
    {
        _root = Installation.NewFolder();
        var jobs = Directory.CreateDirectory(Path.Combine(_root, "etc/init")).FullName;
        foreach (var job in new[] { "mesos-master", "mesos-slave" })
        {
            File.WriteAllText(Path.Combine(jobs, $"{job}.conf"), "start on stopped rc RUNLEVEL=[2345]\nrespawn\n");
        }
    }

    [Test]
    public async Task Starting_what_runs_fails()
    {
        Assert.That((await InitctlAsync("start", "mesos-master")).ExitCode, Is.Zero);
        var again = await InitctlAsync("start", "mesos-master");
        Assert.That(again.ExitCode, Is.EqualTo(1));
        Assert.That(again.StandardError, Is.EqualTo("start: Job is already running: mesos-master\n"));
    }

    [TestCase("stop")]
    [TestCase("restart")]
    public async Task What_does_not_run_can_not_be_stopped_or_restarted(string command)
    {
        var result = await InitctlAsync(command, "mesos-slave");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.StandardError, Does.Contain("Unknown instance"));
    }

    [Test]
    public async Task A_restart_is_another_process()
    {
        var before = (await InitctlAsync("start", "mesos-master")).StandardOutput;
        var after = (await InitctlAsync("restart", "mesos-master")).StandardOutput;
        Assert.That(after, Does.StartWith("mesos-master start/running, process ").And.Not.EqualTo(before));
    }

    [Test]
    public async Task A_boot_leaves_out_what_is_manual()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "etc/init/mesos-slave.override"), "manual\n");
        await InitctlAsync("emit", "stopped");
        var list = (await InitctlAsync("list")).StandardOutput;
        Assert.That(list, Does.Contain("mesos-master start/running").And.Contain("mesos-slave stop/waiting"));
    }

    [Test]
    public async Task An_unknown_job_is_refused() =>
        Assert.That((await InitctlAsync("status", "nothing")).StandardError, Is.EqualTo("status: Unknown job: nothing\n"));

    private Task<CliWrap.Buffered.BufferedCommandResult> InitctlAsync(params string[] arguments) =>
        Command.RunAsync("bash", [Path.Combine(Installation.Repository, "tests/fixtures/initctl"), .. arguments], new Dictionary<string, string?> { ["INITCTL_ROOT"] = _root });
}
