using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>What the script that configures a host does under systemd alone.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class SystemdTests
{
    private const string Settings = "[Service]\nRestart=always\nRestartSec=5\nStartLimitInterval=0\n";

    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost(InitSystem.Systemd);
    }

    [TearDown]
    public void RemoveHost() => _host?.Dispose();

    [Test]
    public void Every_daemon_of_a_role_starts_again_whenever_it_ends()
    {
        _host.Configure(ScriptHost.Master());

        foreach (var daemon in HostRole.Master.Daemons)
        {
            Assert.That(SettingsOf(daemon.Name), Is.EqualTo(Settings), daemon.Name);
            Assert.That(_host.Init("show", "-p", "DropInPaths", daemon.Name).Text, Does.EndWith("/mesos-stack.conf\n"), $"{daemon.Name}: systemd has read them");
        }
    }

    [Test]
    public void Settings_that_are_lost_come_back_without_a_restart()
    {
        _host.Configure(ScriptHost.Master());
        Directory.Delete($"{_host.Root}/etc/systemd/system/mesos-master.service.d", recursive: true);
        var before = _host.Changes.Count;

        _host.Configure(ScriptHost.Master());

        Assert.That(SettingsOf("mesos-master"), Is.EqualTo(Settings));
        Assert.That(_host.Changes.Skip(before), Is.Empty);
    }

    [TestCase("PIDDIR=\"/var/run/$NAME\"\nPIDFILE=\"$PIDDIR/$NAME.pid\"\n")]
    [TestCase("PIDDIR=/var/run/$NAME\nPIDFILE=$PIDDIR/$NAME.pid\n")]
    public void Of_an_init_script_systemd_learns_the_process_and_restarts_it_once_for_that(string script)
    {
        MakeUnitOfInitScript("zookeeper", script);
        _host.Start("zookeeper");
        _host.Configure(ScriptHost.Master());
        File.Delete($"{_host.Root}/etc/systemd/system/zookeeper.service.d/mesos-stack.conf");
        var before = _host.Changes.Count;

        _host.Configure(ScriptHost.Master());
        _host.Configure(ScriptHost.Master());

        Assert.That(SettingsOf("zookeeper"), Is.EqualTo($"{Settings}Type=forking\nPIDFile=/run/zookeeper/zookeeper.pid\nRemainAfterExit=no\n"));
        Assert.That(_host.Changes.Skip(before), Is.EqualTo(new[] { "restart zookeeper" }));
    }

    [Test]
    public void An_init_script_that_writes_its_process_elsewhere_is_left_to_systemd()
    {
        MakeUnitOfInitScript("zookeeper", "PIDFILE=/var/zk.pid\n");
        _host.Configure(ScriptHost.Master());

        Assert.That(SettingsOf("zookeeper"), Is.EqualTo(Settings));
    }

    [Test]
    public void A_unit_that_is_active_without_a_process_does_not_run()
    {
        _host.Configure(ScriptHost.Master());
        _host.Write("/run/systemctl/exited/zookeeper", "");
        var before = _host.Changes.Count;

        _host.Configure(ScriptHost.Master());

        Assert.That(_host.Changes.Skip(before), Is.EqualTo(new[] { "restart zookeeper" }));
    }

    [Test]
    public void A_service_that_this_host_must_not_run_and_that_does_not_stop_ends_the_step()
    {
        _host.Write("/lib/systemd/system/chronos.service", "[Service]\nExecStart=/usr/sbin/daemon\nExecStop=/bin/false\n");
        _host.Start("chronos");

        Assert.That(_host.Configure(ScriptHost.Agent(), fails: true), Does.Contain("chronos does not stop, and this host must not run it; journalctl -u chronos tells why"));
    }

    [Test]
    public void A_service_that_is_disabled_cannot_be_started_by_hand()
    {
        _host.Configure(ScriptHost.Agent());
        File.Delete($"{_host.Root}/etc/systemd/system/chronos.service");
        _host.Init("daemon-reload");

        // Nothing is left to enable, which would make systemd read its units again, too.
        _host.Configure(ScriptHost.Agent());

        var (status, text) = _host.Init("start", "chronos");
        Assert.That(status, Is.EqualTo(1), text);
        Assert.That(text, Does.Contain("is masked"));
    }

    private string SettingsOf(string service) => _host.Read($"/etc/systemd/system/{service}.service.d/mesos-stack.conf");

    private void MakeUnitOfInitScript(string service, string script)
    {
        File.Delete($"{_host.Root}/lib/systemd/system/{service}.service");
        _host.Write($"/etc/init.d/{service}", $"#!/bin/sh\nNAME={service}\n{script}");
        _host.Write($"/run/systemd/generator.late/{service}.service", $"[Service]\nExecStart=/etc/init.d/{service} start\n");
    }
}
