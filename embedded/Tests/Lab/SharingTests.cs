using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Lab.Api;
using MesosStack.Embedded.Lab.Control;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Tests.Lab;

/// <summary>How runs and clones on one machine share its lab, without hosts.</summary>
[TestFixture]
internal sealed class SharingTests
{
    private readonly List<string> _told = [];
    private string _root = null!;
    private LabOptions _options = null!;
    private LabUser _one = null!;
    private LabUser _two = null!;

    [SetUp]
    public void Make()
    {
        _told.Clear();
        _root = Directory.CreateTempSubdirectory("lab-").FullName;
        _options = new LabOptions { Prefix = "mstx", ApiPort = 17919, StateDirectory = _root + "/state", RunDirectory = _root + "/run", CacheDirectory = _root + "/cache" };
        (_one, _two) = (new LabUser(Directory.CreateDirectory(_root + "/one").FullName, "lab"), new LabUser(Directory.CreateDirectory(_root + "/two").FullName, "lab"));
    }

    [TearDown]
    public void Remove() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task The_second_waits_for_the_turn_and_is_told_once()
    {
        var first = await FileTurn.TakeAsync(_options.TurnFile, "waiting", _told.Add, CancellationToken.None);
        var second = FileTurn.TakeAsync(_options.TurnFile, "waiting", _told.Add, CancellationToken.None);
        await Task.Delay(500);
        Assert.That((second.IsCompleted, _told.Count), Is.EqualTo((false, 1)));
        first.Dispose();
        (await second).Dispose();
        Assert.That(_told, Is.EqualTo(new[] { "waiting" }));
    }

    [Test]
    public async Task A_killed_process_gives_its_turn_back()
    {
        using (await FileTurn.TakeAsync(_options.TurnFile, "", _told.Add, CancellationToken.None))
        {
            // The file is made.
        }

        using var other = Process.Start(new ProcessStartInfo("flock", [_options.TurnFile, "sh", "-c", "echo has it; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.That(await other.StandardOutput.ReadLineAsync(), Is.EqualTo("has it"));
        var waiting = FileTurn.TakeAsync(_options.TurnFile, "waiting", _told.Add, CancellationToken.None);
        Assert.That(await Until.TrueAsync(() => _told.Count > 0, TimeSpan.FromSeconds(5)), "it has to wait");
        other.Kill(entireProcessTree: true);
        (await waiting.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    [Test]
    public void A_use_is_seen_until_it_ends_and_that_of_a_dead_process_is_not()
    {
        var uses = new LabUses(_options);
        Assert.That(uses.Living(), Is.Empty, "no lab");
        var use = uses.Add(_one);
        Assert.That(uses.Living().Select(u => (u.Process.Id, u.User)), Is.EqualTo(new[] { (Environment.ProcessId, _one) }));
        Assert.That(uses.Others(), Is.Empty);

        // A process of that number lives, and began at another time.
        WriteUse(1, "1 1");
        Assert.That(uses.Others(), Is.Empty, "killed");
        WriteUse(1, LinuxProcess.Find(1)!.Value.ToString());
        Assert.That(uses.Others().Select(u => u.ToString()), Is.EqualTo(new[] { $"process 1 (stack lab of {_root}/two)" }));
        use.Dispose();
        Assert.That(uses.Living().Select(u => u.Process.Id), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_use_may_end_after_the_lab()
    {
        var use = new LabUses(_options).Add(_one);
        Directory.Delete(_options.RunDirectory, recursive: true);
        Assert.That(use.Dispose, Throws.Nothing);
    }

    [Test]
    public async Task Whoever_makes_a_droplet_is_known_by_the_connection()
    {
        var uses = new LabUses(_options);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var caller = Caller.Of(client.Client.LocalEndPoint, listener.LocalEndpoint);
        Assert.That(uses.Of(caller), Is.Null, "this process has not said for whom it works");
        using (uses.Add(_one))
        {
            Assert.That(uses.Of(caller), Is.EqualTo(_one));
            Assert.That(uses.Of(new Caller(0, "1")), Is.Null, "another socket");
            Assert.That(uses.OwnerOf(new Caller(0, "1")), Is.Null, "nobody knows who started the lab");
            Directory.CreateDirectory(_options.StateDirectory);
            uses.SaveStarter(_two);
            Assert.That((uses.OwnerOf(new Caller(0, "1")), uses.OwnerOf(caller)), Is.EqualTo((_two, _one)));
        }
    }

    [Test]
    public async Task Stop_takes_nobody_elses_droplets_but_with_all()
    {
        NeedsRoot();
        Save(("mesos-1-master-1", _one), ("mesos-2-master-1", _two));
        var lab = new LabController(_options);
        Assert.That(() => lab.StopAsync(_told.Add, _one), Throws.TypeOf<LabException>().With.Message.Contains("nothing was touched")
            .And.Message.Contains($"stack lab of {_root}/two: mesos-2-master-1").And.Message.Contains("lab stop --all").And.Message.Not.Contains("mesos-1-"));
        Assert.That(lab.Status().Droplets, Has.Count.EqualTo(2));
        Assert.That(await lab.StopAsync(_told.Add, _one, all: true), Is.True);
        Assert.That(Directory.Exists(_options.StateDirectory), Is.False);
    }

    [Test]
    public async Task Stop_is_refused_while_another_process_uses_the_lab()
    {
        NeedsRoot();
        Save();
        WriteUse(1, LinuxProcess.Find(1)!.Value.ToString());
        var lab = new LabController(_options);
        Assert.That(() => lab.StopAsync(_told.Add, _two), Throws.TypeOf<LabException>().With.Message.Contains($"process 1 (stack lab of {_root}/two)"));
        Assert.That(await lab.StopAsync(_told.Add, _two, all: true), Is.True);
    }

    [Test]
    public async Task What_the_same_folder_made_what_nobody_made_and_leftovers_go_with_a_stop()
    {
        NeedsRoot();
        Save(("mine", _one with { Stack = "other" }), ("old", null), ("left", new LabUser(_root + "/gone", "lab")));
        Assert.That(await new LabController(_options).StopAsync(_told.Add, _one), Is.True);
        Assert.That(Directory.Exists(_options.StateDirectory), Is.False);
    }

    [Test]
    public async Task Records_that_cannot_be_read_do_not_keep_a_lab_from_being_stopped()
    {
        NeedsRoot();
        Save();
        await File.WriteAllTextAsync(_options.RecordsFile, "{");
        Assert.That(await new LabController(_options).StopAsync(_told.Add, _one), Is.True);
    }

    [Test]
    public void Leftovers_are_the_droplets_whose_folder_is_gone()
    {
        NeedsRoot();
        Save(("mesos-1-master-1", new LabUser(_root + "/gone", "lab")), ("mesos-1-agent-1", new LabUser(_root + "/gone", "lab")), ("mesos-2-master-1", _two), ("floor", null));
        Assert.That(new LabController(_options).DescribeLeftovers(), Is.EqualTo(
            $"droplets are left of stack lab of {_root}/gone, which is gone (mesos-1-master-1, mesos-1-agent-1); `mesos-stack lab prune` removes them"));
        Directory.CreateDirectory(_root + "/gone");
        Assert.That(new LabController(_options).DescribeLeftovers(), Is.Null);
    }

    [Test]
    public void Owners_survive_a_restart_of_the_daemon()
    {
        Save(("mine", _one), ("old", null));
        Assert.That(new RecordsFile(_options.RecordsFile).Load().Droplets.Select(d => d.Owner), Is.EqualTo(new[] { _one, null }));
    }

    private static void NeedsRoot()
    {
        if (LabController.WhyNotHere() is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    private void WriteUse(int id, string process)
    {
        Directory.CreateDirectory(_options.UsesDirectory);
        File.WriteAllText(Path.Combine(_options.UsesDirectory, $"{id}"), JsonSerializer.Serialize(new { Process = process, User = _two }));
    }

    private void Save(params (string Name, LabUser? Owner)[] droplets)
    {
        Directory.CreateDirectory(_options.StateDirectory);
        var records = new LabRecords { NextId = 100 };
        records.Droplets.AddRange(droplets.Select(droplet => new DropletRecord
        {
            Id = records.NextId++, Name = droplet.Name, HostName = droplet.Name, Region = "lab1", Size = "s-1vcpu-2gb", Disk = 50, Tags = [], VpcId = "", PublicAddress = "203.0.113.9",
            PrivateAddress = "198.19.0.9", AuthorizedKeys = [], CreatedAt = LabState.Now(), Owner = droplet.Owner,
        }));
        new RecordsFile(_options.RecordsFile).Save(records);
    }
}
