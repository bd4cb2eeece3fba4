using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>The scripts that configure a host, run for real below another root, under each init system.</summary>
[TestFixture(InitSystem.Systemd)]
[TestFixture(InitSystem.Upstart)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScriptTests(string init)
{
    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost(init);
    }

    [TearDown]
    public void RemoveHost() => _host?.Dispose();

    [Test]
    public void A_master_holds_the_lines_of_the_table_and_runs_its_services()
    {
        _host.Configure(ScriptHost.Master());

        Assert.Multiple(() =>
        {
            Assert.That(_host.Read("/etc/mesos/zk"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/mesos\n"));
            Assert.That(_host.Read("/etc/zookeeper/conf/myid"), Is.EqualTo("1\n"));
            Assert.That(_host.Read("/etc/zookeeper/conf/zoo.cfg"), Is.EqualTo(
                """
                tickTime=2000
                clientPort=2181
                #server.1=zookeeper1:2888:3888
                4lw.commands.whitelist=srvr,ruok,mntr
                admin.enableServer=false
                autopurge.purgeInterval=24
                autopurge.snapRetainCount=5
                dataDir=/var/lib/zookeeper
                server.1=127.0.2.1:2888:3888
                server.2=127.0.2.2:2888:3888
                server.3=127.0.2.3:2888:3888

                """));
            Assert.That(_host.Read("/etc/mesos-master/quorum"), Is.EqualTo("2\n"));
            Assert.That(_host.Read("/etc/mesos-master/ip"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(_host.Read("/etc/mesos-master/hostname"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(_host.Read("/etc/mesos-master/work_dir"), Is.EqualTo("/var/lib/mesos\n"), "what the package brought stays");
            Assert.That(_host.Read("/etc/mesos-master/zk_session_timeout"), Is.EqualTo("30secs\n"));
            Assert.That(_host.Read("/etc/marathon/conf/hostname"), Is.EqualTo("127.0.2.1\n"));
            Assert.That(_host.Read("/etc/marathon/conf/master"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/mesos\n"));
            Assert.That(_host.Read("/etc/marathon/conf/zk"), Is.EqualTo("zk://127.0.2.1:2181,127.0.2.2:2181,127.0.2.3:2181/marathon\n"));
            Assert.That(_host.IsDisabled("mesos-slave"));
            Assert.That(_host.Running, Is.EquivalentTo(new[] { "zookeeper", "mesos-master", "marathon" }));
        });
    }

    [Test]
    public void An_agent_runs_its_own_service_only_and_stops_what_the_packages_started()
    {
        // The package of Mesos only recommends ZooKeeper's.
        Directory.Delete($"{_host.Root}/etc/zookeeper", recursive: true);
        _host.Start("zookeeper");
        _host.Start("mesos-master");

        _host.Configure(ScriptHost.Agent());

        Assert.Multiple(() =>
        {
            Assert.That(_host.Read("/etc/mesos-slave/ip"), Is.EqualTo("127.0.2.51\n"));
            Assert.That(_host.Read("/etc/mesos-slave/hostname"), Is.EqualTo("127.0.2.51\n"));
            Assert.That(_host.IsDisabled("zookeeper"));
            Assert.That(_host.IsDisabled("mesos-master"));
            Assert.That(_host.Running, Is.EqualTo(new[] { "mesos-slave" }));
        });
    }

    [Test]
    public void After_a_reboot_only_the_services_of_the_role_come_up()
    {
        // A unit of systemd is not enabled yet. A job of upstart may have been made manual by a person.
        if (init == InitSystem.Upstart)
        {
            _host.Write("/etc/init/mesos-slave.override", "manual\n");
        }

        _host.Configure(ScriptHost.Agent());

        _host.Reboot();

        Assert.That(_host.Running, Is.EqualTo(new[] { "mesos-slave" }));
    }

    [Test]
    public void The_second_run_changes_and_restarts_nothing()
    {
        _host.Configure(ScriptHost.Master());
        var before = _host.Changes.Count;

        var said = _host.Configure(ScriptHost.Master());

        Assert.That(said, Does.Contain("nothing to restart"));
        Assert.That(_host.Changes.Skip(before), Is.Empty);
    }

    [Test]
    public void A_comparison_names_what_differs_from_the_description_and_changes_nothing()
    {
        _host.Configure(ScriptHost.Master());
        Assert.That(_host.Run("compare", ScriptHost.Master(), ScriptHost.Addresses), Does.Not.Contain("differs").And.Not.Contain("surplus").And.Not.Contain("stopped"));
        _host.Write("/etc/mesos-master/cluster", "another\n");
        _host.Write("/etc/mesos-master/quorum.dpkg-dist", "1\n");
        _host.Init("stop", "marathon");
        _host.Init("start", "chronos");
        var before = _host.Changes.Count;

        var said = _host.Run("compare", ScriptHost.Master(), ScriptHost.Addresses).Split('\n');

        Assert.That(said, Is.SupersetOf(new[] { "differs /etc/mesos-master/cluster", "surplus /etc/mesos-master/quorum.dpkg-dist", "stopped marathon" }));

        // systemd does not start a masked service.
        Assert.That(said.Contains("surplus-daemon chronos"), Is.EqualTo(_host.Running.Contains("chronos")));
        Assert.That(_host.Read("/etc/mesos-master/cluster"), Is.EqualTo("another\n"));
        Assert.That(_host.Changes.Skip(before), Is.Empty);
    }

    [Test]
    public void A_host_that_was_never_configured_has_nothing_to_compare() =>
        Assert.That(_host.Run("compare", ScriptHost.Master(), ScriptHost.Addresses, fails: true), Does.Contain("this host was never configured"));

    [Test]
    public void A_changed_line_restarts_what_reads_it_and_nothing_else()
    {
        _host.Configure(ScriptHost.Master());
        var changed = ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal);
        var before = _host.Changes.Count;

        _host.Configure(changed);

        Assert.That(_host.Changes.Skip(before), Is.EqualTo(new[] { "restart mesos-master" }));
        Assert.That(_host.Read("/etc/mesos-master/zk_session_timeout"), Is.EqualTo("20secs\n"));
    }

    [Test]
    public void Daemons_start_again_when_they_end_and_needrestart_leaves_them_alone()
    {
        _host.Configure(ScriptHost.Master());

        foreach (var daemon in HostRole.Master.Daemons.Select(daemon => daemon.Name))
        {
            Assert.That(
                init == InitSystem.Systemd ? _host.Read($"/etc/systemd/system/{daemon}.service.d/mesos-stack.conf") : _host.Read($"/etc/init/{daemon}.override"),
                init == InitSystem.Systemd ? Does.Contain("Restart=always\n") : Is.EqualTo("respawn\nrespawn limit unlimited\n"));
        }

        Assert.That(_host.Read("/etc/needrestart/conf.d/mesos-stack.conf"), Is.EqualTo("$nrconf{override_rc}{qr/^(zookeeper|mesos-master|marathon)\\b/} = 0;\n"));
    }

    [Test]
    public void A_restart_that_was_cut_off_is_made_up_for_by_the_next_run()
    {
        _host.Configure(ScriptHost.Agent());
        var changed = ScriptHost.Agent().Replace("30secs", "20secs", StringComparison.Ordinal);
        _host.DieAtRestart();
        _host.Configure(changed, fails: true);
        Assert.That(_host.Read("/etc/mesos-slave/zk_session_timeout"), Is.EqualTo("20secs\n"), "the file was in");
        _host.PlayInit();
        var before = _host.Changes.Count;

        _host.Configure(changed);

        Assert.That(_host.Changes.Skip(before), Is.EqualTo(new[] { "restart mesos-slave" }));
        Assert.That(_host.Configure(changed), Does.Contain("nothing to restart"));
    }

    [Test]
    public void A_step_that_cannot_write_fails()
    {
        _host.Write("/var/lib/mesos-stack", "a file where a folder has to be");

        Assert.That(_host.Configure(ScriptHost.Agent(), fails: true), Does.Contain("Not a directory").Or.Contain("File exists"));
    }

    [Test]
    public void A_file_that_is_there_keeps_its_mode()
    {
        _host.Write("/etc/default/marathon", "MARATHON_HTTP_CREDENTIALS=user:password\n");
        var path = $"{_host.Root}/etc/default/marathon";
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _host.Configure(ScriptHost.Master());

        Assert.That(_host.Read("/etc/default/marathon"), Does.StartWith("MARATHON_HTTP_CREDENTIALS=user:password\n").And.Contain("LIBPROCESS_PORT="));
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_flag_that_the_daemon_does_not_know_is_left_out_and_one_that_must_be_there_stops_the_step()
    {
        _host.Write("/usr/sbin/mesos-slave", "#!/bin/sh\necho '  --zk_session_timeout_not=VALUE'\n");
        _host.Configure(ScriptHost.Agent());
        Assert.That(_host.Has("/etc/mesos-slave/zk_session_timeout"), Is.False);

        Assert.That(_host.Configure(ScriptHost.Agent() + "needed-flag mesos-slave advertise_ip 10.0.0.51\n", fails: true), Does.Contain("does not know --advertise_ip"));
    }

    [Test]
    public void What_is_wanted_no_more_and_what_dpkg_left_beside_is_removed()
    {
        _host.Configure(ScriptHost.Master());
        _host.Write("/etc/mesos-master/work_dir.dpkg-dist", "x\n");
        var less = string.Join('\n', ScriptHost.Master().Split('\n').Where(line => !line.Contains("/cluster ", StringComparison.Ordinal)));

        _host.Configure(less);

        Assert.That(_host.Has("/etc/mesos-master/cluster"), Is.False);
        Assert.That(_host.Has("/etc/mesos-master/work_dir.dpkg-dist"), Is.False);
    }

    [TestCase("", "is not whole")]
    [TestCase("host agent-1\nfrobnicate x\n", "does not know the fact 'frobnicate'")]
    [TestCase("host agent-1\ndaemon mesos-slave reads /etc/mesos/\nfile /etc/mesos/zk zk://{master-4}:2181/mesos\n", "no argument gives the address of {master-4}")]
    public void A_description_that_cannot_be_applied_changes_nothing(string description, string why)
    {
        Assert.That(_host.Configure(description, fails: true), Does.Contain(why));
        Assert.That(_host.Read("/etc/mesos/zk"), Is.EqualTo("zk://localhost:2181/mesos\n"));
        Assert.That(_host.Running, Is.Empty);
    }

    [Test]
    public void The_description_lies_on_the_host_as_it_was_given()
    {
        _host.Configure(ScriptHost.Master());

        Assert.That(_host.Read("/var/lib/mesos-stack/description"), Is.EqualTo(ScriptHost.Master()));
    }

    [Test]
    public void A_raised_revision_applies_the_description_again_and_restarts_nothing_that_did_not_change()
    {
        _host.Configure(ScriptHost.Master());
        _host.Write("/etc/mesos-master/quorum", "9\n");
        var before = _host.Changes.Count;

        _host.Configure(ScriptHost.Master().Replace("revision 2\n", "revision 3\n", StringComparison.Ordinal));

        Assert.That(_host.Read("/etc/mesos-master/quorum"), Is.EqualTo("2\n"));
        Assert.That(_host.Changes.Skip(before), Is.EqualTo(new[] { "restart mesos-master" }));
    }

    [Test]
    public void A_script_that_was_copied_by_half_does_not_run()
    {
        var copy = Directory.CreateTempSubdirectory("mesos-stack-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(ScriptHost.Scripts))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            File.WriteAllText(Path.Combine(copy, "cluster.sh"), "");
            var (status, text) = ScriptHost.Execute("/bin/sh", ["-c", $"cd {copy} && sha256sum --quiet --strict --check SHA256SUMS && bash configuration.sh"], [("ROOT", _host.Root)]);
            Assert.That(status, Is.Not.Zero);
            Assert.That(text, Does.Contain("cluster.sh: FAILED"));
            Assert.That(_host.Has("/var/lib/mesos-stack/lock"), Is.False, "nothing ran");
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Test]
    public void A_living_master_changes_nothing_while_another_one_is_not_healthy()
    {
        _host.Configure(ScriptHost.Master());
        _host.Write("/var/lib/mesos-stack/formed", "");

        var said = _host.Configure(ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal), fails: true);

        Assert.That(said, Does.Contain("not changing this master").And.Contain("ZooKeeper on 127.0.2.2 says 'nothing'"));
        Assert.That(_host.Read("/etc/mesos-master/zk_session_timeout"), Is.EqualTo("30secs\n"));
    }

    [Test]
    public void A_living_master_refuses_a_list_that_differs_by_two()
    {
        _host.Configure(ScriptHost.Master());
        _host.Write("/var/lib/mesos-stack/formed", "");

        Assert.That(_host.Configure(ScriptHost.Master(), fails: true, addresses: $"master-1={ScriptHost.Self} master-2=127.0.2.8 master-3=127.0.2.9"), Does.Contain("replace one master per update. Nothing was changed"));
        Assert.That(_host.Read("/etc/mesos/zk"), Does.Contain("127.0.2.2:2181"));
    }
}
