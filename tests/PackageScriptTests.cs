using MesosStack.Components.Settings;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>How packages come onto a host: the script run for real, with apt, gpg and curl played.</summary>
[TestFixture(InitSystem.Systemd)]
[TestFixture(InitSystem.Upstart)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PackageScriptTests(string init)
{
    private const string Fingerprint = "81026D0004C44CF7EF55ADF8DF7D54CBE56151BF";

    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost(init);
        _host.Play("lsb_release", "#!/bin/sh\n[ \"$1\" = -is ] && echo Debian || echo bookworm\n");
        _host.Play("curl", "#!/bin/sh\necho key\n");
        _host.Play("gpg", $"#!/bin/sh\ncase \"$*\" in *--fingerprint*) printf 'pub:::\\nfpr:::::::::{Fingerprint}:\\n' ;; *--export*) echo ring ;; esac\n");

        // $ROOT/installed has a file for each package, $ROOT/offered a name or name=version a line, $ROOT/busy a line for each time that apt is to find its lock held.
        _host.Play("apt-get", """
            #!/bin/bash
            echo "$*" >>"$ROOT/apt.log"
            if [ -s "$ROOT/busy" ]; then sed -i 1d "$ROOT/busy"; echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1"; exit 100; fi
            if [[ " $* " = *" update"* && -e "$ROOT/update-says" ]]; then cat "$ROOT/update-says"; exit "$(cat "$ROOT/update-status")"; fi
            [[ " $* " = *" install "* && " $* " != *" --download-only "* ]] || exit 0
            if [ -e "$ROOT/broken" ]; then echo "E: a disk that is full"; exit 100; fi
            echo "needrestart ${NEEDRESTART_SUSPEND:-runs}" >>"$ROOT/apt.log"
            test -x "$ROOT/usr/sbin/policy-rc.d" && "$ROOT/usr/sbin/policy-rc.d"; echo "policy $?" >>"$ROOT/apt.log"
            [ ! "$ROOT/etc/systemd/system/zookeeper.service" -ef /dev/null ] || echo "zookeeper is masked" >>"$ROOT/apt.log"
            mkdir -p "$ROOT/installed"
            for word in "${@##*install }"; do [[ $word = -* || $word = *::* || $word = install ]] || touch "$ROOT/installed/${word%%=*}"; done
            if [ -e "$ROOT/cut" ]; then kill -9 "$PPID"; fi
            """);
        _host.Play("apt-cache", """
            #!/bin/bash
            case $1 in
              show) grep -qx "$2" "$ROOT/offered" ;;
              madison) sed -n "s/^$2=\(.*\)/ $2 | \1 | http:\/\/x/p" "$ROOT/offered" ;;
            esac
            """);
        _host.Play("dpkg", """
            #!/bin/bash
            case $1 in
              --compare-versions) exec /usr/bin/dpkg "$@" ;;
              --get-selections) cat "$ROOT/selections" 2>/dev/null || true ;;
              --set-selections) cat >"$ROOT/selections" ;;
            esac
            """);
        _host.Play("dpkg-query", """
            #!/bin/bash
            package=${*: -1}
            if [ "$package" = apt ]; then echo 2.6.1; exit 0; fi
            [ -e "$ROOT/installed/$package" ] || exit 1
            case $2 in *Abbrev*Version*) echo "ii =1.0" ;; *Abbrev*) echo "ii " ;; esac
            """);
        _host.Write("/offered", "mesos\nmesos=1.0\nmesos=0.28\n");
    }

    [TearDown]
    public void RemoveHost() => _host?.Dispose();

    [Test]
    public void Packages_come_from_the_repository_are_held_and_start_nothing()
    {
        var said = Install();

        Assert.Multiple(() =>
        {
            Assert.That(said, Does.Contain("packages are installed"));
            Assert.That(_host.Read("/etc/apt/sources.list.d/mesosphere.list"), Is.EqualTo($"deb [signed-by={_host.Root}/usr/share/keyrings/mesos-stack.gpg] http://repo/debian bookworm main\n"));
            Assert.That(_host.Read("/usr/share/keyrings/mesos-stack.gpg"), Is.EqualTo("ring\n"));
            Assert.That(_host.Read("/apt.log"), Does.Contain("policy 101"), "while packages are installed nothing may start");
            Assert.That(_host.Has("/usr/sbin/policy-rc.d"), Is.False, "and afterwards it may");
            Assert.That(_host.Read("/selections"), Is.EqualTo("mesos hold\n"));
            Assert.That(_host.IsDisabled("zookeeper"));
            Assert.That(_host.Read("/var/lib/mesos-stack/help-mesos-slave"), Does.Contain("--zk_session_timeout"));
        });
    }

    [Test]
    public void A_second_run_installs_nothing()
    {
        Install();
        var calls = _host.Read("/apt.log");

        Assert.That(Install(), Does.Contain("every package is installed"));
        Assert.That(_host.Read("/apt.log"), Is.EqualTo(calls));
    }

    [Test]
    public void Packages_of_disabled_services_can_be_installed_again()
    {
        Install();
        Directory.Delete($"{_host.Root}/installed", recursive: true);

        Install();

        Assert.That(_host.Read("/apt.log"), Does.Not.Contain("masked"), "a package's postinst fails on a masked unit");
        Assert.That(_host.IsDisabled("zookeeper"));
    }

    [Test]
    public void A_lock_that_somebody_else_holds_is_waited_for()
    {
        _host.Write("/busy", "1\n2\n");

        Assert.That(Install(), Does.Contain("waiting for apt's lock").And.Contain("packages are installed"));
    }

    [Test]
    public void A_key_with_another_fingerprint_is_refused()
    {
        var said = Install(fingerprint: "BA227EBC312D2E43498A533963F8CEE149ACA59E", fails: true);

        Assert.That(said, Does.Contain($"has the fingerprint {Fingerprint}, not BA227EBC"));
        Assert.That(_host.Has("/apt.log"), Is.False);
    }

    [Test]
    public void A_version_that_vanished_is_told_with_those_that_are_there()
    {
        Assert.That(Install("mesos=0.27", fails: true), Does.Contain("no package mesos=0.27; versions there: 1.0 0.28"));
        Assert.That(_host.Has("/usr/sbin/policy-rc.d"), Is.False);
    }

    [TestCase("mesos=0.28", true)]
    [TestCase("mesos", false)]
    public void Only_an_exact_version_may_be_an_older_one(string package, bool may)
    {
        Install(package, fails: false);

        Assert.That(_host.Read("/apt.log").Split('\n').Where(line => line.Contains(" install ", StringComparison.Ordinal) && !line.Contains("--download-only", StringComparison.Ordinal)),
            may ? Has.All.Contains(" --allow-downgrades ") : Has.None.Contains("--allow-downgrades"));
    }

    [Test]
    public void An_installation_that_fails_leaves_the_holds_as_they_were()
    {
        _host.Write("/installed/mesos", "");
        _host.Write("/selections", "mesos hold\n");
        _host.Write("/broken", "");

        Assert.That(Install("mesos=0.28", fails: true), Does.Contain("a disk that is full"));
        Assert.That(_host.Read("/selections"), Is.EqualTo("mesos hold\n"));
    }

    [Test]
    public void needrestart_does_not_run_beside_the_installation()
    {
        Install();

        Assert.That(_host.Read("/apt.log"), Does.Contain("needrestart yes").And.Not.Contain("needrestart runs"));
    }

    [TestCase(0, "W: Failed to fetch http://repo/debian/dists/bookworm/InRelease  Could not connect to repo:80. - connect (111: Connection refused)\nW: Some index files failed to download. They have been ignored, or old ones used instead.",
        "Failed to fetch http://repo/debian/dists/bookworm/InRelease  Could not connect to repo:80")]
    [TestCase(100, "E: Failed to fetch http://repo/debian/dists/bookworm/InRelease  Connection timed out", "Failed to fetch http://repo/debian/dists/bookworm/InRelease  Connection timed out")]
    [TestCase(100, "E: The repository 'http://repo/debian bookworm Release' does not have a Release file.", "The repository 'http://repo/debian bookworm Release' does not have a Release file.")]
    [TestCase(0, "W: An error occurred during the signature verification. The repository is not updated and the previous index files will be used. GPG error: http://repo/debian bookworm InRelease: EXPKEYSIG",
        "GPG error: http://repo/debian bookworm InRelease: EXPKEYSIG")]
    [TestCase(100, "E: something new", "E: something new")]
    public void A_repository_that_does_not_answer_is_named_and_nothing_is_installed(int status, string says, string told)
    {
        _host.Write("/update-says", says + "\n");
        _host.Write("/update-status", $"{status}");

        Assert.That(Install(fails: true), Does.Contain("the package lists could not be read: ").And.Contain(told).And.Contain("The repository of this cluster is http://repo/debian bookworm main"));
        Assert.That(_host.Has("/installed/mesos"), Is.False);
    }

    [Test]
    public void A_repository_that_stands_in_another_file_with_another_key_is_told_with_the_files()
    {
        _host.Write("/update-says", "E: Conflicting values set for option Signed-By regarding source http://repo/debian/ bookworm: /usr/share/keyrings/own.gpg != /usr/share/keyrings/mesos-stack.gpg\nE: The list of sources could not be read.\n");
        _host.Write("/update-status", "100");
        _host.Write("/etc/apt/sources.list.d/own.sources", "Types: deb\nURIs: http://repo/debian\nSuites: bookworm\n");

        Assert.That(Install(fails: true), Does.Contain("files name different keys for the repository http://repo/debian/: ")
            .And.Contain("/etc/apt/sources.list.d/own.sources").And.Contain("This program writes ").And.Contain("remove the repository from the other file"));
    }

    [Test]
    public void A_daemon_that_ended_on_a_host_that_is_as_described_is_started()
    {
        _host.Configure(ScriptHost.Agent());
        _host.Init("stop", "mesos-slave");

        Assert.That(Install(), Does.Contain("starting mesos-slave, which had ended"));
        Assert.That(_host.Running, Is.EqualTo(new[] { "mesos-slave" }));
        var before = _host.Changes.Count;
        Install();
        Assert.That(_host.Changes.Skip(before), Is.Empty);
    }

    [Test]
    public void A_daemon_is_left_to_the_change_that_was_cut_off()
    {
        _host.Configure(ScriptHost.Agent());
        _host.Init("stop", "mesos-slave");
        _host.Write("/var/lib/mesos-stack/pending", "mesos-slave\n");

        Install();

        Assert.That(_host.Running, Is.Empty);
    }

    [Test]
    public void What_a_run_that_was_cut_off_left_undone_is_done_by_the_next()
    {
        _host.Write("/cut", "");
        Install(fails: true);
        File.Delete($"{_host.Root}/cut");
        Assert.That(_host.Has("/selections"), Is.False, "it was cut off before");

        Assert.That(Install(), Does.Contain("every package is installed"));
        Assert.That(_host.Read("/selections"), Is.EqualTo("mesos hold\n"));
        Assert.That(_host.Has("/usr/sbin/policy-rc.d"), Is.False, "else no service of this host would ever start again");
    }

    private string Install(string packages = "mesos", string fingerprint = Fingerprint, bool fails = false)
    {
        var settings = new PackageSettings
        {
            Url = "http://repo/{distro}",
            Suite = "",
            Component = "main",
            Key = new SigningKey { Inline = "", Url = "http://repo/key.asc", Id = "", Fingerprint = fingerprint, Server = "keyserver.ubuntu.com" },
            Master = [],
            Agent = [packages],
        };
        return _host.Run("packages", PackageDescription.For(settings, settings.Agent, HostRole.Agent), fails: fails);
    }
}
