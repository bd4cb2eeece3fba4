using System.Net.Sockets;

namespace MesosStack.Tests;

/// <summary>How a living master changes: its script run for real among members that are played on loopback addresses, which no other test may find there.</summary>
[NonParallelizable]
[Category("Slow")]
[TestFixture(InitSystem.Systemd)]
[TestFixture(InitSystem.Upstart)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class RollTests(string init)
{
    private readonly List<Member> _members = [];
    private ScriptHost _host = null!;
    private FileStream? _addresses;

    /// <summary>The members' addresses and ports are fixed, so two runs of these tests on a machine go one after the other.</summary>
    [OneTimeSetUp]
    public async Task TakeAddresses()
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(10); _addresses is null;)
        {
            try
            {
                _addresses = new FileStream(Path.Combine(Path.GetTempPath(), "mesos-stack-roll-tests.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(500);
            }
        }
    }

    [OneTimeTearDown]
    public void GiveAddressesBack() => _addresses?.Dispose();

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost(init);
        _host.Configure(ScriptHost.Master());
        _host.Write("/var/lib/mesos-stack/formed", "");
    }

    [TearDown]
    public void RemoveHost()
    {
        _members.ForEach(member => member.Dispose());
        _members.Clear();
        _host?.Dispose();
    }

    [Test]
    public void Where_all_others_are_healthy_it_changes_ZooKeeper_first()
    {
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "follower", leads: true);
        Have("127.0.2.3", "leader", leads: false);
        var before = _host.Changes.Count;

        var said = _host.Configure(ScriptHost.Master().Replace("purgeInterval=24", "purgeInterval=12", StringComparison.Ordinal).Replace("30secs", "20secs", StringComparison.Ordinal));

        Assert.That(said, Does.Contain("changed"));
        Assert.That(Restarts(before), Is.EqualTo(new[] { "zookeeper", "mesos-master" }));
    }

    [Test]
    public void A_new_master_may_be_the_one_that_leads()
    {
        // Master 3 is new: this one still has its old address in its list.
        _host.Write("/etc/zookeeper/conf/zoo.cfg", _host.Read("/etc/zookeeper/conf/zoo.cfg").Replace("server.3=127.0.2.3", "server.3=127.0.2.9", StringComparison.Ordinal));
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "leader", leads: false);
        Have("127.0.2.3", "follower", leads: true);

        Assert.That(_host.Configure(ScriptHost.Master()), Does.Contain("waiting for the other masters to be healthy: 127.0.2.2 127.0.2.3").And.Contain("changed"));
    }

    [Test]
    public void A_new_master_whose_turn_was_before_has_to_have_joined()
    {
        _host.Write("/etc/zookeeper/conf/zoo.cfg", _host.Read("/etc/zookeeper/conf/zoo.cfg").Replace("server.3=127.0.2.3", "server.3=127.0.2.9", StringComparison.Ordinal));
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "leader", leads: true);
        var before = _host.Changes.Count;

        var said = _host.Configure(ScriptHost.Master(), fails: true);

        Assert.That(said, Does.Contain("not changing this master").And.Contain("ZooKeeper on 127.0.2.3 says 'nothing'"));
        Assert.That(Restarts(before), Is.Empty);
    }

    [Test]
    public void A_Mesos_master_that_does_not_run_stops_the_roll()
    {
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "leader", leads: true);
        Have("127.0.2.3", "follower", leads: null);
        var before = _host.Changes.Count;

        var said = _host.Configure(ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal), fails: true);

        Assert.That(said, Does.Contain("the Mesos master on 127.0.2.3 does not answer"));
        Assert.That(Restarts(before), Is.Empty);
    }

    [Test]
    public void A_roll_that_was_interrupted_still_knows_who_was_there_before_it()
    {
        // This host is master 2 now. Master 1 is new and comes after it.
        const string Addresses = $"master-1=127.0.2.2 master-2={ScriptHost.Self} master-3=127.0.2.3";
        var description = ScriptHost.Master(2);
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "follower", leads: false);
        Have("127.0.2.3", "leader", leads: true);
        _host.Configure(description, addresses: Addresses, fails: true);
        _host.Write("/etc/zookeeper/conf/zoo.cfg", "server.1=127.0.2.9:2888:3888\nserver.2=127.0.2.1:2888:3888\nserver.3=127.0.2.3:2888:3888\n");

        // The script is killed at its first restart, when the files are installed.
        _host.DieAtRestart();
        _host.Configure(description, addresses: Addresses, fails: true);
        Assert.That(_host.Read("/etc/zookeeper/conf/zoo.cfg"), Does.Contain("server.1=127.0.2.2:2888:3888"), "the files are installed");
        _host.PlayInit();

        Assert.That(_host.Configure(description, addresses: Addresses), Does.Contain("to be healthy: 127.0.2.3\n").And.Contain("changed"));
        Assert.That(_host.Has("/var/lib/mesos-stack/servers"), Is.False);
    }

    [Test]
    public void A_master_without_the_note_asks_whether_the_cluster_lives()
    {
        File.Delete($"{_host.Root}/var/lib/mesos-stack/formed");
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "leader", leads: true);
        var changed = ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal);

        Assert.That(_host.Configure(changed, fails: true), Does.Contain("not changing this master").And.Contain("127.0.2.3"));
        Assert.That(_host.Has("/var/lib/mesos-stack/formed"), "the note is made for the next time");
    }

    [Test]
    public async Task A_master_without_the_note_waits_for_an_election()
    {
        File.Delete($"{_host.Root}/var/lib/mesos-stack/formed");
        var changed = ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal);
        var run = Task.Run(() => _host.Configure(changed, fails: true));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Have("127.0.2.2", "leader", leads: true);

        Assert.That(await run, Does.Contain("looking for a Mesos master").And.Contain("not changing this master"));
    }

    [TestCase("\"registrar\\/log\\/recovered\":0.0,", TestName = "A leader that has not recovered its registry is no living cluster")]
    [TestCase("", 0, TestName = "Before Mesos 1.0 a leader without agents is no living cluster")]
    public void Masters_that_never_met_change_without_a_gate(string metric, int agents = 3)
    {
        File.Delete($"{_host.Root}/var/lib/mesos-stack/formed");
        Have("127.0.2.2", "leader", leads: true, metric, agents);
        var changed = ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal);

        Assert.That(_host.Configure(changed), Does.Contain("starting mesos-master").And.Contain("started"));
    }

    [TestCase(false, "leading Mesos masters: none")]
    [TestCase(true, "leading Mesos masters: 127.0.2.2")]
    public void One_Mesos_master_has_to_lead_and_not_two(bool two, string why)
    {
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "leader", leads: two);
        Have("127.0.2.3", "follower", leads: two);

        Assert.That(_host.Configure(ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal), fails: true), Does.Contain(why));
    }

    [Test]
    public void What_a_change_brought_about_is_told_and_left_to_the_next_gate()
    {
        // Nobody answers on this master: its ZooKeeper does not come back.
        Have("127.0.2.2", "leader", leads: true);
        Have("127.0.2.3", "follower", leads: false);
        var before = _host.Changes.Count;

        var said = _host.Configure(ScriptHost.Master().Replace("purgeInterval=24", "purgeInterval=12", StringComparison.Ordinal).Replace("30secs", "20secs", StringComparison.Ordinal));

        Assert.That(said, Does.Contain("ZooKeeper on 127.0.2.1 says 'nothing', 3 s after its restart"));
        Assert.That(Restarts(before), Is.EqualTo(new[] { "zookeeper", "mesos-master" }));
    }

    [Test]
    public void A_daemon_that_does_not_start_is_told_and_does_not_end_the_step()
    {
        Have(ScriptHost.Self, "follower", leads: false);
        Have("127.0.2.2", "follower", leads: true);
        Have("127.0.2.3", "leader", leads: false);
        _host.Serve("mesos-master", "/bin/false");

        var said = _host.Configure(ScriptHost.Master().Replace("30secs", "20secs", StringComparison.Ordinal));

        Assert.That(said, Does.Contain($"mesos-master does not start; {(init == InitSystem.Systemd ? "journalctl -u mesos-master" : "/var/log/upstart/mesos-master.log")} tells why").And.Contain("changed"));
        Assert.That(_host.Running, Is.EquivalentTo(new[] { "zookeeper", "marathon" }));
    }

    private void Have(string address, string mode, bool? leads, string metric = "", int agents = 1)
    {
        try
        {
            _members.Add(new Member(address, mode, leads, $"{metric}\"master\\/slaves_active\":{agents}"));
        }
        catch (SocketException taken)
        {
            Assert.Ignore($"a port of {address} is in use on this machine: {taken.Message}");
        }
    }

    private IEnumerable<string> Restarts(int before) =>
        _host.Changes.Skip(before).Where(change => change.StartsWith("restart ", StringComparison.Ordinal)).Select(change => change.Split(' ')[1]);

    /// <summary>The ports of a member that are asked: ZooKeeper's <c>srvr</c> and the metrics of the Mesos master.</summary>
    private sealed class Member : IDisposable
    {
        private readonly List<AnsweringPort> _ports = [];

        /// <param name="address">Its address.</param>
        /// <param name="mode">What its ZooKeeper says it is.</param>
        /// <param name="leads">Whether its Mesos master leads; null where none runs.</param>
        /// <param name="metrics">Its other metrics.</param>
        public Member(string address, string mode, bool? leads, string metrics)
        {
            try
            {
                _ports.Add(AnsweringPort.ZooKeeper(address, mode));
                if (leads is null)
                {
                    return;
                }

                var body = $$"""{"master\/elected":{{(leads == true ? 1 : 0)}}.0,{{metrics}}}""";
                _ports.Add(new AnsweringPort(address, 5050, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            }
            catch (SocketException)
            {
                Dispose();
                throw;
            }
        }

        public void Dispose() => _ports.ForEach(port => port.Dispose());
    }
}
