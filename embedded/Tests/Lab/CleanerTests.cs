using System.Diagnostics;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class CleanerTests
{
    private string root = null!;

    [SetUp]
    public void Make() => root = Directory.CreateTempSubdirectory("lab-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void On_version_2_one_droplets_group_is_no_hierarchy_for_another()
    {
        File.WriteAllText(Path.Combine(root, "cgroup.controllers"), "cpu memory");
        Group("", "mstk-1", "mstk-1/payload", "mstk-2");
        var groups = new ControlGroups(root);
        Assert.That(groups.Hierarchies, Is.EqualTo(new[] { root }));
        Assert.That(groups.Own("mstk-2"), Is.EqualTo(new[] { Path.Combine(root, "mstk-2") }));
        Assert.That(groups.Machines("mstk-"), Is.EquivalentTo(new[] { "mstk-1", "mstk-2" }));
    }

    [Test]
    public void On_version_1_each_folder_is_a_hierarchy()
    {
        Group("cpu", "cpu/mstk-1", "memory", "memory/mstk-1", "memory/mstt-9");
        var groups = new ControlGroups(root);
        Assert.That(groups.Hierarchies.Select(Path.GetFileName), Is.EquivalentTo(new[] { "cpu", "memory" }));
        Assert.That(groups.Own("mstk-1"), Has.Count.EqualTo(2));
        Assert.That(groups.Machines("mstk-"), Is.EqualTo(new[] { "mstk-1" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void With_systemd_a_machine_is_found_in_its_scope(bool version2)
    {
        if (version2)
        {
            File.WriteAllText(Path.Combine(root, "cgroup.controllers"), "cpu memory");
        }

        var hierarchy = version2 ? "" : "systemd/";
        Group(version2 ? "" : "systemd", hierarchy + "machine.slice", hierarchy + "machine.slice/mstk-1.scope", hierarchy + "machine.slice/mstk-1.scope/payload",
            hierarchy + "machine.slice/other.scope");

        // This process stands for the machine's PID 1, which systemd keeps in a group below the scope.
        File.WriteAllText(Path.Combine(root, hierarchy + "machine.slice/mstk-1.scope/payload/cgroup.procs"), $"{Environment.ProcessId}\n");
        var groups = new ControlGroups(root);
        Assert.That(groups.Machines("mstk-"), Is.EqualTo(new[] { "mstk-1" }));
        Assert.That(groups.Own("mstk-1"), Is.Empty, "systemd's to remove");
        Assert.That(groups.Scopes("mstk-1"), Is.EqualTo(new[] { Path.Combine(root, hierarchy + "machine.slice/mstk-1.scope") }));
        Assert.That(groups.Processes("mstk-1").Select(p => p.Id), Is.EqualTo(new[] { Environment.ProcessId }));
        Assert.That(groups.Processes("mstk-2"), Is.Empty);
    }

    [TestCase("sh /run/mesos-stack/droplet.sh /run/mesos-stack/droplets/7 /run/mesos-stack/droplets/7/root mstk-7", "dash", "mstk-7")]
    [TestCase("setsid --fork /run/mesos-stack/droplet.sh /run/mesos-stack/droplets/7 /run/mesos-stack/droplets/7/root mstk-7", "setsid", "mstk-7")]
    [TestCase("systemd-nspawn --quiet --directory=/run/mesos-stack/droplets/7/root --machine=mstk-7 --boot", "systemd-nspawn", "mstk-7")]
    [TestCase("ls /run/mesos-stack/droplets/7", "ls", null)]
    [TestCase("vim /run/mesos-stack/droplet.sh", "vim", null)]
    [TestCase("journalctl --machine=mstk-7 -f", "journalctl", null)]
    [TestCase("systemd-nspawn --machine=mstk-web", "systemd-nspawn", null)]
    [TestCase("systemd-nspawn --machine=mstt-7", "systemd-nspawn", null)]
    [TestCase("sh /run/other/droplet.sh /run/other/droplets/7", "dash", null)]
    public void Only_what_supervises_or_runs_a_machine_is_killed_with_it(string words, string program, string? machine) =>
        Assert.That(Cleaner.MachineOf(new LabOptions(), words.Split(' '), () => program), Is.EqualTo(machine));

    [Test]
    public async Task A_process_is_known_by_the_file_it_runs_and_has_children()
    {
        using var shell = Process.Start("bash", ["-c", "exec -a systemd-nspawn sleep 60"]);
        using var parent = Process.Start("bash", ["-c", "sleep 60; :"]);
        try
        {
            Assert.That(await Until.TrueAsync(() => LinuxProcess.Find(shell.Id)?.Program() == "sleep", TimeSpan.FromSeconds(5)), "not by its first word");
            Assert.That(await Until.TrueAsync(() => LinuxProcess.Find(parent.Id)?.Children() is [var child] && child.Program() == "sleep", TimeSpan.FromSeconds(5)));
        }
        finally
        {
            shell.Kill();
            parent.Kill(entireProcessTree: true);
        }
    }

    private void Group(params string[] paths)
    {
        foreach (var path in paths)
        {
            Directory.CreateDirectory(Path.Combine(root, path));
            File.WriteAllText(Path.Combine(root, path, "cgroup.procs"), "");
        }
    }
}
