namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>The rules by which files become flags.</summary>
internal sealed class WrapperTests
{
    [SetUp]
    public void NeedsPackages()
    {
        if (Installation.Hindrance is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    [Test]
    public async Task As_shipped_a_master_gets_these_flags()
    {
        var flags = await FlagsAsync("master", []);
        Assert.That(flags, Is.EqualTo(new[] { "--zk=zk://localhost:2181/mesos", "--port=5050", "--log_dir=/var/log/mesos", "--quorum=1", "--work_dir=/var/lib/mesos" }));
    }

    [Test]
    public async Task As_shipped_an_agent_gets_these_flags()
    {
        var flags = await FlagsAsync("slave", []);
        Assert.That(flags, Is.EqualTo(new[] { "--master=zk://localhost:2181/mesos", "--log_dir=/var/log/mesos", "--work_dir=/var/lib/mesos" }));
    }

    [Test]
    public async Task Each_file_is_a_flag_and_a_question_mark_makes_it_bare()
    {
        var flags = await FlagsAsync("master", new()
        {
            ["etc/mesos-master/quorum"] = "2\n",
            ["etc/mesos-master/cluster"] = "two words",
            ["etc/mesos-master/roles"] = "",
            ["etc/mesos-master/?no-hostname_lookup"] = "",
            ["etc/mesos-master/folder/inner"] = "not a flag",
        });
        Assert.That(flags, Does.Contain("--quorum=2").And.Contain("--cluster=two words").And.Contain("--roles=").And.Contain("--no-hostname_lookup"));
        Assert.That(flags, Has.None.Contains("inner"));
    }

    [Test]
    public async Task Attributes_and_resources_of_an_agent_are_joined()
    {
        var flags = await FlagsAsync("slave", new()
        {
            ["etc/mesos-slave/attributes/rack"] = "a",
            ["etc/mesos-slave/attributes/zone"] = "north",
            ["etc/mesos-slave/resources/cpus"] = "4",
            ["etc/mesos-slave/resources/empty"] = "",
        });
        Assert.That(flags, Does.Contain("--attributes=rack:a;zone:north").And.Contain("--resources=cpus:4"));
    }

    [Test]
    public async Task Defaults_are_sourced_and_exported()
    {
        var flags = await FlagsAsync("master", new() { ["etc/default/mesos-master"] = "PORT=5055\nMESOS_CLUSTER=fromenv\nCLUSTER=\n" });
        Assert.That(flags, Does.Contain("--port=5055").And.Contain("env MESOS_CLUSTER=fromenv"));
    }

    [TestCase("master", "work_dir.dpkg-dist", "x", "Failed to load unknown flag 'work_dir.dpkg-dist'")]
    [TestCase("master", "zk", "zk://h:1/m", "Duplicate flag 'zk' on command line")]
    [TestCase("master", "port", "5050", "Duplicate flag 'port' on command line")]
    [TestCase("master", "quorum", "two", "Failed to load flag 'quorum'")]
    [TestCase("slave", "zk_session_timeout", "30secs", "Failed to load unknown flag 'zk_session_timeout'")]
    [TestCase("slave", "?credential", "", "Failed to load non-boolean flag 'credential': Missing value")]
    public async Task A_wrong_file_ends_the_daemon(string role, string file, string content, string message)
    {
        var root = await HostAsync(new() { [$"etc/mesos-{role}/{file}"] = content, [$"etc/mesos-{role}/?no-logger"] = "" });
        var result = await Command.RunAsync($"{root}/usr/bin/mesos-init-wrapper", [role], Installation.Environment(root));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.StandardError, Does.StartWith(message).And.Contain($"Usage: mesos-{role} [options]"));
    }

    [Test]
    public async Task A_role_that_is_none_is_refused()
    {
        var result = await Command.RunAsync($"{Installation.Root}/usr/bin/mesos-init-wrapper", ["agent"], Installation.Environment(Installation.Root));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Marathon_takes_its_addresses_from_mesos()
    {
        var root = await HostAsync(new() { ["etc/mesos/zk"] = "zk://10.0.0.1:2181,10.0.0.2:2181/mesos" }, "usr/lib/marathon/marathon", python: true);
        var output = await Command.CheckedAsync($"{root}/usr/bin/marathon", [], Installation.Environment(root));
        Assert.That(output.Split('\n'), Is.SupersetOf(new[] { "--zk", "zk://10.0.0.1:2181,10.0.0.2:2181/marathon", "--master", "zk://10.0.0.1:2181,10.0.0.2:2181/mesos" }));
    }

    [Test]
    public async Task Marathons_own_files_go_first()
    {
        var root = await HostAsync(
            new()
            {
                ["etc/marathon/conf/zk"] = "zk://a:2181/m",
                ["etc/marathon/conf/hostname"] = "10.0.0.1",
                ["etc/marathon/conf/?disable_ha"] = "",
                ["etc/default/marathon"] = "MARATHON_MASTER=zk://b:2181/n\n",
            },
            "usr/lib/marathon/marathon",
            python: true);
        var output = await Command.CheckedAsync($"{root}/usr/bin/marathon", [], Installation.Environment(root));
        Assert.That(output.Split('\n').Where(line => !line.StartsWith("env ", StringComparison.Ordinal) && line.Length > 0), Is.EqualTo(new[] { "--disable_ha", "--hostname", "10.0.0.1", "--zk", "zk://a:2181/m" }));
        Assert.That(output, Does.Contain("env MARATHON_MASTER=zk://b:2181/n"));
    }

    [Test]
    public async Task A_stray_file_ends_marathon()
    {
        var root = await HostAsync(new() { ["etc/marathon/conf/zk.dpkg-old"] = "x" });
        var result = await Command.RunAsync($"{root}/usr/bin/marathon", ["--no-logger"], Installation.Environment(root));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.StandardError, Does.Contain("Unknown option 'zk.dpkg-old'"));
    }

    /// <summary>The arguments that the wrapper starts a role with, and the MESOS_ variables as lines "env NAME=VALUE".</summary>
    private static async Task<string[]> FlagsAsync(string role, Dictionary<string, string> files)
    {
        files[$"etc/mesos-{role}/?no-logger"] = "";
        var root = await HostAsync(files, $"usr/sbin/mesos-{role}");
        var output = await Command.CheckedAsync($"{root}/usr/bin/mesos-init-wrapper", [role], Installation.Environment(root));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A copy of the installed host with files of its own; `told` is replaced by a program that tells its arguments.</summary>
    private static async Task<string> HostAsync(Dictionary<string, string> files, string? told = null, bool python = false)
    {
        var root = Path.Combine(Installation.NewFolder(), "root");
        await Command.CheckedAsync("cp", ["-a", Installation.Root, root]);
        // The shipped files say /etc/mesos/zk; here that lies below the root.
        foreach (var file in Directory.GetFiles(Path.Combine(root, "etc/default")))
        {
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("/etc/mesos/zk", $"{root}/etc/mesos/zk", StringComparison.Ordinal));
        }

        foreach (var (name, content) in files)
        {
            var path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, content);
        }

        if (told is not null)
        {
            var text = python
                ? "import os, sys\nprint(*sys.argv[1:], sep='\\n')\nprint(*[f'env {k}={v}' for k, v in os.environ.items() if k.startswith('MARATHON_')], sep='\\n')\n"
                : "#!/bin/sh\nprintf '%s\\n' \"$@\"\nenv | sed -n 's/^MESOS_/env MESOS_/p'\n";
            await File.WriteAllTextAsync(Path.Combine(root, told), text);
        }

        return root;
    }
}
