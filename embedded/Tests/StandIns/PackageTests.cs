using System.Runtime.CompilerServices;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>What the packages hold, and what the programs offer.</summary>
internal sealed class PackageTests
{
    private static readonly string[] Conffiles =
    [
        "/etc/default/mesos", "/etc/default/mesos-master", "/etc/default/mesos-slave", "/etc/mesos-master/quorum", "/etc/mesos-master/work_dir",
        "/etc/mesos-slave/work_dir", "/etc/mesos/zk",
    ];

    [SetUp]
    public void NeedsPackages()
    {
        if (Installation.Hindrance is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    [Test]
    public void Everything_that_the_repository_should_offer_is_built()
    {
        var names = Directory.GetFiles(Installation.Debs).Select(file => Path.GetFileName(file).Split('-', '_')[0..2]).Select(parts => string.Join(' ', parts));
        Assert.That(names, Is.EquivalentTo(new[] { "chronos 2.5.1", "marathon 1.4.14", "mesos 0.28.2", "mesos 1.4.1", "mesos standin", "mesosphere 1.0.standin1" }));
    }

    /// <summary>A host leaves a flag out that its version of Mesos does not know, so a misspelt one would be missed by nobody.</summary>
    [Test]
    public void Every_flag_of_a_description_is_one_of_Mesos()
    {
        var golden = Directory.GetFiles(Path.Combine(Root(), "tests", "golden"), "*-*.txt").SelectMany(File.ReadAllLines);
        var flags = golden.Select(line => line.Split(' ')).Where(words => words[0] is "flag" or "needed-flag").Select(words => words[2]).Distinct().ToList();
        var known = File.ReadAllText(Directory.GetFiles(Path.Combine(Root(), "embedded", "Lab", "Packages"), "flag_tables.py", SearchOption.AllDirectories).Single()).Split(' ', '\n', '"', ',', '!').ToHashSet();

        Assert.That(flags, Is.Not.Empty);
        Assert.That(flags, Is.SubsetOf(known));

        static string Root([CallerFilePath] string here = "") => Path.GetFullPath("../../..", Path.GetDirectoryName(here)!);
    }

    [TestCase("1.4.1")]
    [TestCase("0.28.2")]
    public async Task All_under_etc_is_a_conffile_in_mesos(string version)
    {
        var deb = Directory.GetFiles(Installation.Debs, $"mesos_{version}*").Single();
        var conffiles = await Command.CheckedAsync("dpkg-deb", ["-I", deb, "conffiles"]);
        Assert.That(conffiles.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.SupersetOf(Conffiles));
        Assert.That(await Command.CheckedAsync("dpkg-deb", ["-f", deb, "Recommends"]), Is.EqualTo("zookeeper, zookeeperd, zookeeper-bin\n"));
    }

    [Test]
    public void The_units_have_the_rules_of_the_real_ones()
    {
        var agent = File.ReadAllLines($"{Installation.Root}/lib/systemd/system/mesos-slave.service");
        var master = File.ReadAllLines($"{Installation.Root}/lib/systemd/system/mesos-master.service");
        Assert.That(agent, Is.SupersetOf(new[] { "KillMode=process", "Restart=always", "RestartSec=20", "ExecStart=/usr/bin/mesos-init-wrapper slave" }));
        Assert.That(master, Is.SupersetOf(new[] { "Restart=always", "RestartSec=20", "ExecStart=/usr/bin/mesos-init-wrapper master" }));
        Assert.That(master, Does.Not.Contain("KillMode=process"));
    }

    [TestCase("mesos-master", "--[no-]authenticate_frameworks", "--[no-]authenticate ", true)]
    [TestCase("mesos-master", "--[no-]authenticate ", "--[no-]authenticate_frameworks", false)]
    [TestCase("mesos-slave", "--[no-]authenticate_http_readonly", "--reconfiguration_policy", true)]
    public async Task Help_names_the_flags_of_its_version(string program, string has, string lacks, bool newest)
    {
        var root = newest ? Installation.Root : Installation.OldRoot;
        var help = await Command.CheckedAsync($"{root}/usr/sbin/{program}", ["--help"], Installation.Environment(root));
        Assert.That(help, Does.Contain(has).And.Not.Contain(lacks).And.Contain("STAND-IN"));
    }

    [TestCase("usr/sbin/mesos-master", "mesos 1.4.1")]
    [TestCase("usr/sbin/mesos-slave", "mesos 1.4.1")]
    [TestCase("usr/bin/marathon", "1.4.14")]
    public async Task Version_is_told_with_the_label(string program, string version)
    {
        string[] arguments = program.StartsWith("usr/bin/", StringComparison.Ordinal) ? ["--no-logger", "--version"] : ["--version"];
        var output = await Command.CheckedAsync($"{Installation.Root}/{program}", arguments, Installation.Environment(Installation.Root));
        Assert.That(output, Does.StartWith(version).And.Contain("STAND-IN"));
    }

    [Test]
    public async Task The_scripts_pass_shellcheck()
    {
        if (!File.Exists("/usr/bin/shellcheck"))
        {
            Assert.Ignore("needs shellcheck");
        }

        var packages = Path.Combine(Installation.Repository, "embedded/Lab/Packages");
        var scripts = Directory.GetFiles(packages, "*", SearchOption.AllDirectories)
            .Append(Path.Combine(Installation.Repository, "tests/fixtures/initctl"))
            .Where(file => File.ReadLines(file).FirstOrDefault() is "#!/bin/sh" or "#!/bin/bash");
        await Command.CheckedAsync("shellcheck", scripts);
    }
}
