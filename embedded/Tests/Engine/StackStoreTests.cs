using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>State files and locks of the local backend.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StackStoreTests : BackendFixture
{
    private string Locks => Folder[".pulumi/locks/organization/try/lab"];

    [Test]
    public async Task Save_lays_the_files_out_as_the_officialBackend_does()
    {
        using (var store = await OpenAsync())
        {
            Assert.That(store.Exists, Is.False);
            await store.SaveAsync(States.Full, CancellationToken.None);
        }

        Assert.That(StateFile, Is.EqualTo(Folder[".pulumi/stacks/try/lab.json"]));
        Assert.That(await File.ReadAllTextAsync(Folder[".pulumi/meta.yaml"]), Is.EqualTo("version: 1\n"));
        Assert.That(File.GetUnixFileMode(StateFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        using var again = await OpenAsync();
        Assert.That(again.Loaded.Snapshot.Resources, Has.Length.EqualTo(4));
    }

    [Test]
    public async Task Each_save_keeps_the_one_before_and_leaves_nothing_else()
    {
        using var store = await OpenAsync();
        await store.SaveAsync(new Snapshot([States.Stack], []), CancellationToken.None);
        var first = await File.ReadAllTextAsync(StateFile);
        await store.SaveAsync(States.Full, CancellationToken.None);
        Assert.That(await File.ReadAllTextAsync(StateFile + ".bak"), Is.EqualTo(first));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(StateFile)!).Select(Path.GetFileName), Is.EquivalentTo(["lab.json", "lab.json.bak"]));
    }

    [Test]
    public async Task A_file_system_without_second_names_keeps_a_copy()
    {
        var file = Folder["f"];
        Durable.Replace(file, "one"u8, (_, _) => -1);
        Durable.Replace(file, "two"u8, (_, _) => -1);
        Assert.That((await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(file + ".bak")), Is.EqualTo(("two", "one")));
        Assert.That(File.GetUnixFileMode(file + ".bak"), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task What_a_killed_save_left_aside_is_not_read_and_does_not_disturb()
    {
        using (var store = await OpenAsync())
        {
            await store.SaveAsync(new Snapshot([States.Stack], []), CancellationToken.None);
        }

        await File.WriteAllTextAsync(StateFile + ".new", "{\"version\":3,\"check");
        await File.WriteAllTextAsync(StateFile + ".old", "rubbish");
        using var again = await OpenAsync();
        Assert.That(again.Loaded.Snapshot.Resources, Has.Length.EqualTo(1));
        await again.SaveAsync(States.Full, CancellationToken.None);
        using var last = await OpenAsync();
        Assert.That(last.Loaded.Snapshot.Resources, Has.Length.EqualTo(4));
    }

    [Test]
    public async Task A_save_that_fails_leaves_the_state_as_it_was()
    {
        using var store = await OpenAsync();
        await store.SaveAsync(new Snapshot([States.Stack], []), CancellationToken.None);
        var before = await File.ReadAllTextAsync(StateFile);
        Directory.CreateDirectory(StateFile + ".new");
        Assert.That(async () => await store.SaveAsync(States.Full, CancellationToken.None), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());
        Assert.That(await File.ReadAllTextAsync(StateFile), Is.EqualTo(before));
    }

    [Test]
    public async Task A_damaged_file_is_named()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        await File.WriteAllTextAsync(StateFile, "{");
        Assert.That(async () => await OpenAsync(), Throws.TypeOf<StateException>().With.Message.StartsWith(StateFile));
    }

    [Test]
    public async Task A_state_without_secrets_asks_for_no_passphrase()
    {
        var vault = new PassphraseVault(new FixedPassphrase(null));
        using var store = await OpenAsync(vault, null);
        await store.SaveAsync(new Snapshot([States.Provider], []), CancellationToken.None);
        using var again = await OpenAsync(vault, null);
        Assert.That(again.Loaded.Salt, Is.Null);
        Assert.That(async () => await again.SaveAsync(new Snapshot([States.Stack], []), CancellationToken.None), Throws.TypeOf<SecretsException>());
    }

    [Test]
    public async Task A_new_state_takes_the_salt_of_the_stack_file()
    {
        var salt = States.Vault.Create().Salt;
        using var store = await OpenAsync(States.Vault, salt);
        await store.SaveAsync(new Snapshot([States.Stack], []), CancellationToken.None);
        using var again = await OpenAsync();
        Assert.That(again.Loaded.Salt, Is.EqualTo(salt));
    }

    [Test]
    public async Task A_second_run_is_kept_out_and_told_who_is_in()
    {
        using (await LockAsync())
        {
            Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>()
                .With.Message.Contain(string.Create(CultureInfo.InvariantCulture, $"`up`, process {Environment.ProcessId} of {Environment.UserName} on {System.Net.Dns.GetHostName()}, since "))
                .And.Message.Contain(Locks));
        }

        using var free = await LockAsync();
        Assert.That(Directory.GetFiles(Locks), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Of_many_runs_that_start_together_exactly_one_gets_in()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await LockAsync();
            }
            catch (StackLockedException)
            {
                return null;
            }
        })));
        Assert.That(tries.Count(t => t is not null), Is.EqualTo(1));
        Array.ForEach(tries, t => t?.Dispose());
    }

    [Test]
    public async Task The_lock_of_a_dead_process_is_taken_over_with_a_notice()
    {
        // Larger than any process id that Linux gives out.
        WriteLock(pid: 2_000_000_000, Environment.MachineName, DateTimeOffset.UtcNow);
        var notices = new List<string>();
        using var held = await LockAsync(notices.Add);
        Assert.That(notices, Has.Count.EqualTo(1));
        Assert.That(notices[0], Does.Contain("2000000000"));
    }

    [Test]
    public async Task The_lock_of_a_killed_run_is_taken_over_though_its_number_was_given_out_again()
    {
        WriteLock(Environment.ProcessId, System.Net.Dns.GetHostName(), DateTimeOffset.UtcNow.AddDays(-30), "mesos-stack");
        using var held = await LockAsync();
        Assert.That(Directory.GetFiles(Locks), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task The_lock_of_a_living_run_holds_whatever_the_clock_says()
    {
        using var held = await LockAsync();
        var file = Directory.GetFiles(Locks).Single();
        var json = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        json["timestamp"] = DateTimeOffset.UtcNow.AddHours(-1);
        json["pid"] = 2_000_000_000;
        await File.WriteAllTextAsync(file, json.ToJsonString());
        Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>());

        File.Delete(file);
        Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>().With.Message.Contain(".life"));
    }

    [Test]
    public void The_lock_of_a_living_process_of_the_official_cli_is_respected()
    {
        WriteLock(Environment.ProcessId, System.Net.Dns.GetHostName(), DateTimeOffset.UtcNow.AddDays(-30));
        Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>());
    }

    [Test]
    public void The_lock_of_another_host_is_respected()
    {
        WriteLock(pid: 2_000_000_000, "elsewhere", DateTimeOffset.UtcNow);
        Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>().With.Message.Contain("elsewhere"));
    }

    [Test]
    public void An_unreadable_lock_is_respected()
    {
        Directory.CreateDirectory(Locks);
        File.WriteAllText(Path.Combine(Locks, "x.json"), "{");
        Assert.That(async () => await LockAsync(), Throws.TypeOf<StackLockedException>().With.Message.Contain("unreadable"));
    }

    private Task<StackLock> LockAsync(Action<string>? notice = null) => Backend.LockAsync("try", "lab", "up", notice ?? (_ => { }), CancellationToken.None);

    private void WriteLock(int pid, string host, DateTimeOffset time, string? engine = null)
    {
        Directory.CreateDirectory(Locks);
        var json = new JsonObject { ["pid"] = pid, ["username"] = "somebody", ["hostname"] = host, ["timestamp"] = time };
        if (engine is not null)
        {
            json["engine"] = engine;
        }

        File.WriteAllText(Path.Combine(Locks, Guid.NewGuid() + ".json"), json.ToJsonString());
    }
}
