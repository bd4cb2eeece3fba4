using System.Collections.Concurrent;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

[TestFixture]
internal sealed class CopyToRemoteTests() : SshdTests(Copy)
{
    private static readonly ResourceKey Copy = Key("command:remote:CopyToRemote", "master-1-scripts");

    private string _work = "";
    private string _target = "";

    [SetUp]
    public void MakeFolder()
    {
        _work = Directory.CreateTempSubdirectory("mesos-stack-copy-").FullName;
        _target = Path.Combine(_work, "host", "lib", "mesos-stack");
        Write("scripts/a.sh", "one\n");
        Write("scripts/sub/c", "three\n");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_work, recursive: true);

    [Test]
    public async Task With_a_slash_the_files_go_into_the_path_which_is_made_with_its_parents()
    {
        var said = new ConcurrentQueue<string>();

        var created = await _provider.CreateAsync(Create(Copy, Inputs("./scripts/"), status: said.Enqueue) with { WorkingDirectory = _work }, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Copied(), Is.EquivalentTo(new[] { "a.sh", "sub/c" }));
            Assert.That(Read("sub/c"), Is.EqualTo("three\n"));
            Assert.That(created.Id, Does.Match("^[0-9a-f]{8}$"));
            Assert.That(created.Outputs, Is.EqualTo(Inputs("./scripts/")));
            Assert.That(said, Is.EqualTo(new[] { "copying a.sh …", "copying sub/c …" }));
        }
    }

    [Test]
    public async Task Without_a_slash_the_folder_itself_goes_there()
    {
        await CreateAsync(Inputs("scripts"));

        Assert.That(Copied(), Is.EquivalentTo(new[] { "scripts/a.sh", "scripts/sub/c" }));
    }

    [Test]
    public async Task What_is_there_is_overwritten_and_what_is_not_in_the_folder_stays()
    {
        Write("host/lib/mesos-stack/a.sh", "older and longer\n");
        Write("host/lib/mesos-stack/other", "kept\n");
        var large = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"line {i}\n"));
        Write("scripts/large", large);
        Write("scripts/empty", "");

        await CreateAsync(Inputs("scripts/"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read("a.sh"), Is.EqualTo("one\n"));
            Assert.That(Read("other"), Is.EqualTo("kept\n"));
            Assert.That(Read("large") == large, Is.True);
            Assert.That(Read("empty"), Is.Empty);
        }
    }

    [Test]
    public async Task An_update_copies_again_where_the_files_or_the_path_changed()
    {
        var before = Inputs("scripts/", hash: "1");
        await CreateAsync(before);
        Write("scripts/a.sh", "changed\n");
        var after = Inputs("scripts/", hash: "2");

        var outputs = await UpdateAsync(before, after);
        Assert.That((Read("a.sh"), outputs), Is.EqualTo(("changed\n", after)));

        var elsewhere = after.With("remotePath", _target + "-2");
        await UpdateAsync(after, elsewhere);
        Assert.That(File.ReadAllText(_target + "-2/a.sh"), Is.EqualTo("changed\n"));
    }

    [Test]
    public async Task An_update_of_anything_else_copies_nothing_unless_the_one_before_did_not_end()
    {
        var before = Inputs("scripts/");
        var after = before.With("connection", Connection(("dialErrorLimit", 3d))).With("source", new PropertyValue.Archive("moved/", "1"));

        Assert.That(await UpdateAsync(before, after), Is.EqualTo(after));
        Assert.That(Directory.Exists(_target), Is.False);

        await _provider.UpdateAsync(Update(Copy, "x", before, before, before) with { WorkingDirectory = _work, IsRepeated = true }, CancellationToken.None);
        Assert.That(Read("a.sh"), Is.EqualTo("one\n"));
    }

    [Test]
    public async Task Triggers_replace_files_and_path_update_and_another_folder_with_the_same_files_is_no_change()
    {
        var before = Inputs("scripts/").With("triggers", List("7"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await DiffAsync(before, before.With("triggers", List("8"))), Is.EqualTo(new[] { ("triggers[0]", true) }));
            Assert.That(await DiffAsync(before, before.With("triggers", List(PropertyValue.NotKnown))), Is.EqualTo(new[] { ("triggers[0]", true) }));
            Assert.That(await DiffAsync(before, before.With("source", new PropertyValue.Archive("scripts/", "2"))), Is.EqualTo(new[] { ("source", false) }));
            Assert.That(await DiffAsync(before, before.With("source", PropertyValue.NotKnown)), Is.EqualTo(new[] { ("source", false) }));
            Assert.That(await DiffAsync(before, before.With("remotePath", "/elsewhere")), Is.EqualTo(new[] { ("remotePath", false) }));
            Assert.That(await DiffAsync(before, before.With("source", new PropertyValue.Archive("elsewhere/", "1"))), Is.Empty);
        }
    }

    [Test]
    public async Task A_preview_calls_nobody_and_takes_an_unknown_source()
    {
        var inputs = Inputs("scripts/").With("source", PropertyValue.NotKnown).With("connection", Obj(("host", PropertyValue.NotKnown), ("privateKey", PropertyValue.NotKnown)));

        var created = await _provider.CreateAsync(Create(Copy, inputs, preview: true), CancellationToken.None);
        var updated = await _provider.UpdateAsync(Update(Copy, "x", Inputs("scripts/"), Inputs("scripts/"), inputs, preview: true), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FaultsAsync(inputs), Is.Empty);
            Assert.That((created.Id, created.Outputs, updated), Is.EqualTo(("", inputs, inputs)));
        }
    }

    [Test]
    public async Task Faults_name_the_property()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FaultsAsync(Map(("connection", Connection()))), Is.EquivalentTo(new[] { "remotePath", "source" }));
            Assert.That(await FaultsAsync(Inputs("scripts/").With("source", "scripts/").With("mode", "0755")), Is.EquivalentTo(new[] { "mode", "source" }));
            Assert.That(await FaultsAsync(Inputs("scripts/").With("connection", Obj(("host", "h")))), Is.EqualTo(new[] { "connection.privateKey" }));
        }
    }

    [Test]
    public async Task Deleting_and_reading_call_nobody()
    {
        var inputs = Inputs("scripts/").With("connection", Obj(("host", "127.0.0.1"), ("port", 1d), ("privateKey", _sshd.PrivateKey)));

        await _provider.DeleteAsync(Delete(Copy, "x", inputs, inputs), CancellationToken.None);
        var read = await _provider.ReadAsync(new ReadRequest(Copy, "x", inputs, inputs), CancellationToken.None);

        Assert.That(read, Is.EqualTo(new ReadResult("x", inputs, inputs)));
    }

    [Test]
    public async Task A_host_that_comes_up_late_is_waited_for()
    {
        using var late = Sshd.Prepare();
        var said = new ConcurrentQueue<string>();
        var inputs = Inputs("scripts/").With("connection", Obj(("host", "127.0.0.1"), ("port", late.Port), ("privateKey", late.PrivateKey), ("dialErrorLimit", -1d)));
        var running = _provider.CreateAsync(Create(Copy, inputs, status: said.Enqueue) with { WorkingDirectory = _work }, CancellationToken.None);
        await Task.Delay(500);
        late.Start();
        await running;

        Assert.That(said.First(), Does.Contain($"waiting for SSH on 127.0.0.1:{late.Port}").And.Contain("connection refused"));
        Assert.That(Read("a.sh"), Is.EqualTo("one\n"));
    }

    [Test]
    public async Task What_the_host_refuses_is_told_with_host_path_and_reason()
    {
        Write("host/lib/mesos-stack", "a file");
        Assert.That((await CatchAsync(Inputs("scripts/"))).Message, Does.Contain("127.0.0.1").And.Contain($"{_target} is there and is no directory"));

        Assert.That((await CatchAsync(Inputs("scripts/").With("remotePath", "/proc/mesos-stack"))).Message, Does.StartWith("/proc/mesos-stack could not be copied to 127.0.0.1: "));
        using var plain = await Sshd.StartAsync("ForceCommand false");
        Assert.That(
            (await CatchAsync(Inputs("scripts/").With("connection", Obj(("host", "127.0.0.1"), ("port", plain.Port), ("privateKey", plain.PrivateKey), ("dialErrorLimit", 0d))))).Message,
            Does.Contain($"cannot reach 127.0.0.1:{plain.Port}"));
    }

    [TestCase("echo 'Please login as the user \"debian\".'", 5)]
    [TestCase("echo 'Please login as the user \"debian\".'; sleep 3", 1)]
    public async Task A_host_that_answers_in_the_place_of_SFTP_is_given_up_with_what_it_says(string forced, int perDialTimeout)
    {
        using var sshd = await Sshd.StartAsync($"ForceCommand {forced}");
        var provider = new CommandProvider(Liveness.Usual with { RefusalLimit = TimeSpan.FromSeconds(1) });
        var connection = Obj(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey), ("dialErrorLimit", -1d), ("perDialTimeout", (double)perDialTimeout));

        var failure = await Assert.ThrowsAsync<ProviderException>(
            () => provider.CreateAsync(Create(Copy, Inputs("scripts/").With("connection", connection)) with { WorkingDirectory = _work }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.That(failure!.Message, Does.StartWith($"127.0.0.1:{sshd.Port} answers, but for 1 s it lets root log in and takes no files: ")
            .And.Contain("the host says: Please login as the user \"debian\"").And.Contain("ForceCommand in /etc/ssh/sshd_config"));
    }

    [Test]
    public async Task A_folder_that_is_gone_and_a_link_to_one_are_told_before_anybody_is_called()
    {
        var inputs = Inputs("scripts/").With("connection", Obj(("host", "127.0.0.1"), ("port", 1d), ("privateKey", _sshd.PrivateKey)));
        Directory.CreateSymbolicLink(Path.Combine(_work, "scripts", "link"), _work);
        Assert.That((await CatchAsync(inputs)).Message, Does.Contain($"{_work}/scripts/link is a link to a folder"));

        Directory.Delete(Path.Combine(_work, "scripts"), recursive: true);
        Assert.That((await CatchAsync(inputs)).Message, Does.Contain($"{_work}/scripts/ cannot be read"));
    }

    [Test]
    public async Task A_copy_that_is_cut_off_fails_and_an_update_counts_neither_as_done_nor_as_not_done()
    {
        using var sshd = await Sshd.StartAsync();
        WriteLarge("scripts/z");
        var inputs = Inputs("scripts/").With("connection", Obj(("host", "127.0.0.1"), ("port", sshd.Port), ("privateKey", sshd.PrivateKey)));
        var begun = new TaskCompletionSource();
        var old = Inputs("scripts/", hash: "0");
        var running = _provider.UpdateAsync(
            Update(Copy, "x", old, old, inputs) with { WorkingDirectory = _work, Status = line => _ = line == "copying z …" && begun.TrySetResult() }, CancellationToken.None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
        sshd.Stop();

        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.That(failure!.Message, Does.Contain($"{_target}/z could not be copied to 127.0.0.1"));
    }

    [Test]
    public async Task The_time_limit_ends_a_copy()
    {
        Write("scripts/z", "x");
        Directory.CreateDirectory(_target);
        Sshd.Run("mkfifo", Path.Combine(_target, "z"));

        var failure = await CatchAsync(Inputs("scripts/"), TimeSpan.FromSeconds(2));

        Assert.That(failure.Message, Does.Contain("00:00:02").And.Contain($"{_target}/z was being copied to 127.0.0.1"));
    }

    [Test]
    public async Task A_host_that_vanishes_is_noticed()
    {
        if (DistantHost.Hindrance is { } why)
        {
            Assert.Ignore(why);
        }

        using var host = await DistantHost.StartAsync();
        WriteLarge("scripts/z");
        var provider = new CommandProvider(new Liveness(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)));
        var inputs = Inputs("scripts/").With("connection", Obj(("host", host.Address), ("port", host.Sshd.Port), ("privateKey", host.Sshd.PrivateKey)));
        var begun = new TaskCompletionSource();
        var running = provider.CreateAsync(Create(Copy, inputs, status: line => _ = line == "copying z …" && begun.TrySetResult()) with { WorkingDirectory = _work }, CancellationToken.None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
        host.Cut();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.That(failure!.Message, Does.Contain($"{host.Address} went away while {_target}/z was copied"));
    }

    private async Task CreateAsync(PropertyMap inputs) => await _provider.CreateAsync(Create(Copy, inputs) with { WorkingDirectory = _work }, CancellationToken.None);

    private async Task<ProviderException> CatchAsync(PropertyMap inputs, TimeSpan? timeout = null) =>
        (await Assert.ThrowsAsync<ProviderException>(() => _provider.CreateAsync(Create(Copy, inputs, timeout: timeout) with { WorkingDirectory = _work }, CancellationToken.None)))!;

    private Task<PropertyMap> UpdateAsync(PropertyMap before, PropertyMap after) =>
        _provider.UpdateAsync(Update(Copy, "x", before, before, after) with { WorkingDirectory = _work }, CancellationToken.None);

    private async Task<IEnumerable<(string, bool)>> DiffAsync(PropertyMap before, PropertyMap after) =>
        (await _provider.DiffAsync(new DiffRequest(Copy, before, after), CancellationToken.None)).Select(d => (d.Key, d.Value.Replaces));

    private PropertyMap Inputs(string path, string hash = "1") =>
        Map(("connection", Connection()), ("source", new PropertyValue.Archive(path, hash)), ("remotePath", _target));

    private IEnumerable<string> Copied() => Directory.EnumerateFiles(_target, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_target, f));

    private string Read(string name) => File.ReadAllText(Path.Combine(_target, name));

    private void WriteLarge(string path)
    {
        using var file = File.Create(Path.Combine(_work, path));
        file.SetLength(256 << 20);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
