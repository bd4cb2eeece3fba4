using System.Collections.Immutable;
using System.Runtime.Versioning;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>The journal beside a state: what a crash leaves at any moment is the last state that was saved, or the one that was being saved.</summary>
[SupportedOSPlatform("linux")]
internal sealed class JournalTests : BackendFixture
{
    private static readonly ResourceState[] Resources = [.. Enumerable.Range(1, 4).Select(n => States.Resource with { Urn = $"{States.ResourceUrn}{n}", Parent = States.StackUrn })];

    // Each is one save: a provider and the stack, then resources with their operations, one replaced, one given up.
    private static readonly StateChange[][] Saves =
    [
        [new StateChange.Took(States.Provider, null, false, false), new StateChange.Took(States.Stack, null, false, false)],
        [new StateChange.Began(0, Pending(0)), new StateChange.Began(1, Pending(1))],
        [new StateChange.Took(Resources[0], null, false, true)],
        [new StateChange.Ended(1), new StateChange.Began(2, Pending(2))],
        [new StateChange.Took(Resources[2], null, false, true), new StateChange.Changed(1, States.Stack with { Outputs = PropertyMapOf("done") })],
        [new StateChange.Began(3, Pending(3))],
    ];

    // What a later run begins with: it takes in the provider and the stack, then a new resource.
    private static readonly StateChange[] Next = [new StateChange.Kept(0), new StateChange.Kept(1), new StateChange.Took(Resources[3], null, false, true)];

    private string JournalFile => Path.ChangeExtension(StateFile, ".journal");

    [Test]
    public async Task A_run_that_is_interrupted_loses_nothing_that_was_saved()
    {
        using (var store = await OpenAsync())
        {
            for (var count = 1; count <= Saves.Length; count++)
            {
                await store.AppendAsync(Saves[count - 1], CancellationToken.None);
                await MustHoldAsync(count);
            }
        }

        // The next run begins with the whole state, and the journal counts from that.
        var before = After(Saves.Length);
        using var next = await OpenAsync();
        await next.AppendAsync([new StateChange.Gone(2)], CancellationToken.None);
        using var again = await OpenAsync();
        Assert.That(Urns(again.Loaded.Snapshot), Is.EqualTo(before.Resources.Select(r => r.Urn).Where((_, place) => place != 2)));
    }

    [Test]
    public async Task A_line_that_was_cut_off_anywhere_is_as_if_its_save_had_not_begun()
    {
        var lengths = await WriteAllAsync();
        var journal = await File.ReadAllBytesAsync(JournalFile);
        for (var length = 0; length <= journal.Length; length++)
        {
            await File.WriteAllBytesAsync(JournalFile, journal[..length]);
            await MustHoldAsync(lengths.Count(end => end <= length));
        }
    }

    [Test]
    public async Task What_follows_a_line_that_was_cut_off_is_written_after_it()
    {
        await WriteAllAsync();
        var journal = await File.ReadAllBytesAsync(JournalFile);
        await File.WriteAllBytesAsync(JournalFile, journal[..^5]);

        using (var store = await OpenAsync())
        {
            await store.AppendAsync(Next, CancellationToken.None);
        }

        using var again = await OpenAsync();
        Assert.That(again.Loaded.Snapshot.Resources.Any(r => r.Urn == Resources[3].Urn));
    }

    [Test]
    public async Task A_crash_at_any_step_of_writing_the_whole_state_leaves_all_changes()
    {
        await WriteAllAsync();
        var whole = After(Saves.Length);
        byte[] oldState = await File.ReadAllBytesAsync(StateFile), oldJournal = await File.ReadAllBytesAsync(JournalFile);
        using (var store = await OpenAsync())
        {
            await store.SaveAsync(whole, CancellationToken.None);
        }

        Assert.That(File.Exists(JournalFile), Is.False, "the changes are part of the state");
        var newState = await File.ReadAllBytesAsync(StateFile);
        await File.WriteAllBytesAsync(JournalFile, oldJournal);
        var journal = new StateJournal(JournalFile);
        journal.Read(StateJournal.Name(oldState), _ => States.Seals(States.Salt));
        journal.AnnounceWritten(StateJournal.Name(newState));
        var announced = await File.ReadAllBytesAsync(JournalFile);

        // While the new state is announced, and once it was.
        for (var length = oldJournal.Length; length <= announced.Length; length++)
        {
            await WriteAsync(oldState, announced[..length]);
            await MustHoldAsync(Saves.Length);
        }

        // The new state is written aside, then in place, then the journal is gone.
        await File.WriteAllBytesAsync(StateFile + ".new", newState[..(newState.Length / 2)]);
        await MustHoldAsync(Saves.Length);
        await WriteAsync(newState, announced);
        await MustHoldAsync(Saves.Length);

        // The next run after a crash just there.
        using (var store = await OpenAsync())
        {
            await store.AppendAsync(Next, CancellationToken.None);
        }

        using var again = await OpenAsync();
        Assert.That(again.Loaded.Snapshot.Resources, Has.Length.EqualTo(whole.Resources.Length + 1));
    }

    [Test]
    public async Task A_crash_before_any_step_that_reaches_the_disk_loses_nothing_not_even_one_after_the_other()
    {
        var crashes = 0;
        for (var first = 1; ; first++, crashes++)
        {
            var saved = 0;
            var crashed = await CrashAsync(first, async () =>
            {
                using var store = await OpenAsync();
                for (; saved < Saves.Length; saved++)
                {
                    await store.AppendAsync(Saves[saved], CancellationToken.None);
                }

                await store.SaveAsync(After(saved), CancellationToken.None);
            });
            if (!crashed)
            {
                break;
            }

            var found = await SavedAsync(saved, saved + 1);
            await CrashAgainAsync(found);
            Folder.Dispose();
            SetUp();
        }

        Assert.That(crashes, Is.AtLeast(30), "the steps of a first run");
    }

    [Test]
    public async Task The_steps_are_in_an_order_that_a_power_cut_cannot_turn_around()
    {
        List<string> steps = [];
        using var store = await OpenAsync();
        await store.AppendAsync(Saves[0], CancellationToken.None);
        Durable.BeforeStep.Value = steps.Add;
        await store.AppendAsync(Saves[1], CancellationToken.None);
        await store.SaveAsync(After(2), CancellationToken.None);
        Durable.BeforeStep.Value = null;

        var folder = Path.GetDirectoryName(StateFile)!;
        Assert.That(steps.Select(step => step.Replace(folder, "stacks", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "write stacks/lab.journal", "sync stacks/lab.journal",
            "write stacks/lab.journal", "sync stacks/lab.journal",
            "write stacks/lab.json.new", "sync stacks/lab.json.new", "link stacks/lab.json.old", "rename stacks/lab.json.old", "rename stacks/lab.json.new", "sync stacks",
            "delete stacks/lab.journal", "sync stacks",
        }));
    }

    [Test]
    public async Task What_an_interrupted_run_left_is_folded_into_the_state_on_demand()
    {
        await WriteAllAsync();
        using (var store = await OpenAsync())
        {
            await store.FoldAsync(CancellationToken.None);
        }

        Assert.That(File.Exists(JournalFile), Is.False);
        await MustHoldAsync(Saves.Length);

        using var again = await OpenAsync();
        var state = await File.ReadAllBytesAsync(StateFile);
        await again.FoldAsync(CancellationToken.None);
        Assert.That(await File.ReadAllBytesAsync(StateFile), Is.EqualTo(state), "nothing is written where there is no journal");
    }

    [Test]
    public async Task The_whole_state_is_due_once_the_changes_are_much_larger()
    {
        using var store = await OpenAsync();
        await store.SaveAsync(After(Saves.Length), CancellationToken.None);
        var large = new StateChange.Took(States.Resource with { Parent = States.StackUrn, Outputs = PropertyMapOf(new string('x', (int)StackStore.ShortJournal / 4)) }, null, false, true);
        for (var i = 0; i < 4; i++)
        {
            Assert.That(store.IsWholeDue, Is.False);
            await store.AppendAsync([large], CancellationToken.None);
        }

        Assert.That(store.IsWholeDue);
        await store.SaveAsync(After(Saves.Length), CancellationToken.None);
        Assert.That(store.IsWholeDue, Is.False);
    }

    [Test]
    public async Task A_run_that_ended_leaves_the_state_alone()
    {
        await WriteAllAsync();
        using (var store = await OpenAsync())
        {
            await store.SaveAsync(After(Saves.Length), CancellationToken.None);
        }

        using var again = await OpenAsync();
        Assert.That(Urns(again.Loaded.Snapshot), Is.EqualTo(Urns(After(Saves.Length))));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(StateFile)!).Select(Path.GetFileName), Is.EquivalentTo(["lab.json", "lab.json.bak"]));
    }

    [Test]
    public async Task A_journal_of_another_state_is_refused()
    {
        await WriteAllAsync();
        await File.AppendAllTextAsync(StateFile, "\n");

        Assert.That(OpenAsync, Throws.InstanceOf<StateException>().With.Message.Contains("belong to another state"));
    }

    [Test]
    public async Task A_damaged_line_among_others_is_told_and_not_skipped()
    {
        await WriteAllAsync();
        var journal = await File.ReadAllTextAsync(JournalFile);
        await File.WriteAllTextAsync(JournalFile, journal.Replace("\"began\":0", "\"began\":7", StringComparison.Ordinal));

        Assert.That(OpenAsync, Throws.InstanceOf<StateException>().With.Message.Contains("line 3 is damaged"));
    }

    [Test]
    public async Task A_save_costs_the_same_whatever_the_size_of_the_state()
    {
        foreach (var size in new[] { 10, 1000 })
        {
            using var store = await OpenAsync();
            var many = Enumerable.Range(0, size).Select(n => States.Resource with { Urn = $"{States.ResourceUrn}-{n}", Parent = States.StackUrn });
            await store.SaveAsync(new Snapshot([States.Provider, States.Stack, .. many], []), CancellationToken.None);
            var state = new FileInfo(StateFile).LastWriteTimeUtc;
            await store.AppendAsync(Next, CancellationToken.None);

            Assert.That(new FileInfo(StateFile).LastWriteTimeUtc, Is.EqualTo(state), "the state itself is not written");
            Assert.That(new FileInfo(JournalFile).Length, Is.LessThan(3000));
        }
    }

    [Test]
    public async Task No_secret_is_in_clear_in_the_journal()
    {
        await WriteAllAsync();

        var journal = await File.ReadAllTextAsync(JournalFile);
        Assert.That(journal, Does.Contain("ciphertext").And.Not.Contain("hunter2hunter").And.Not.Contain("matryoshka"));
        Assert.That(File.GetUnixFileMode(JournalFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    // A crash before the step of that number; gives whether it came to that.
    private static async Task<bool> CrashAsync(int step, Func<Task> work)
    {
        Durable.BeforeStep.Value = _ =>
        {
            if (--step == 0)
            {
                throw new CrashException();
            }
        };
        try
        {
            await work();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
        finally
        {
            Durable.BeforeStep.Value = null;
        }
    }

    // From what a crash left, with a line that was cut off on top: the next run crashes at each of its steps in turn.
    private async Task CrashAgainAsync(int saves)
    {
        using var left = new Scratch();
        if (File.Exists(JournalFile))
        {
            await File.AppendAllTextAsync(JournalFile, "0123");
        }

        Copy(Folder.Path, left.Path);
        for (var second = 1; ; second++)
        {
            Directory.Delete(Folder.Path, recursive: true);
            Copy(left.Path, Folder.Path);
            var crashed = await CrashAsync(second, async () =>
            {
                using var store = await OpenAsync();
                await store.FoldAsync(CancellationToken.None);
                await store.AppendAsync([new StateChange.Took(States.Provider with { Urn = States.ProviderUrn + "2" }, null, false, false)], CancellationToken.None);
            });
            using var again = await OpenAsync();
            var found = again.Loaded.Snapshot.Resources.Count(r => r.Urn != States.ProviderUrn + "2");
            Assert.That(found, Is.EqualTo(After(saves).Resources.Length), $"after a second crash before step {second}");
            if (!crashed)
            {
                Assert.That(again.Loaded.Snapshot.Resources, Has.Length.EqualTo(found + 1));
                return;
            }
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(folder.Replace(from, to, StringComparison.Ordinal));
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
        }
    }

    // Which of the two the files hold: the last state that was saved, or the one that was being saved.
    private async Task<int> SavedAsync(params int[] candidates)
    {
        using var store = await OpenAsync();
        var found = Describe(store.Loaded.Snapshot);
        var fitting = candidates.Where(saves => Describe(After(Math.Min(saves, Saves.Length))) == found).ToList();
        Assert.That(fitting, Is.Not.Empty, $"saved: {candidates[0]}; found: {found}");
        return Math.Min(fitting[0], Saves.Length);
    }

    private static string Describe(Snapshot snapshot) =>
        string.Join('\n', snapshot.Resources.Select(r => $"{r.Urn} {r.Outputs.GetHashCode()}").Concat(snapshot.PendingOperations.Select(p => $"{p.Kind} {p.Resource.Urn}")));

    // The state after so many saves.
    private static Snapshot After(int saves) => SnapshotBuilder.Apply(Snapshot.Empty, Saves.Take(saves).SelectMany(changes => changes));

    private static PendingOperation Pending(int number) => new(Resources[number], OperationKind.Creating);

    private static Protocol.PropertyMap PropertyMapOf(string text) => Protocol.PropertyMap.Empty.With("address", text);

    private static IEnumerable<string> Urns(Snapshot snapshot) => snapshot.Resources.Select(r => r.Urn);

    private async Task MustHoldAsync(int saves)
    {
        var expected = After(saves);
        using var store = await OpenAsync();
        var found = store.Loaded.Snapshot;
        Assert.That(Urns(found), Is.EqualTo(Urns(expected)));
        Assert.That(found.Resources.Select(r => r.Outputs), Is.EqualTo(expected.Resources.Select(r => r.Outputs)));
        Assert.That(found.PendingOperations.Select(p => p.Resource.Urn), Is.EqualTo(expected.PendingOperations.Select(p => p.Resource.Urn)));
    }

    // All saves of a run that is then interrupted; gives the length of the journal after each.
    private async Task<List<long>> WriteAllAsync()
    {
        List<long> lengths = [];
        using var store = await OpenAsync();
        foreach (var changes in Saves)
        {
            await store.AppendAsync(changes, CancellationToken.None);
            lengths.Add(new FileInfo(JournalFile).Length);
        }

        return lengths;
    }

    private async Task WriteAsync(byte[] state, byte[] journal)
    {
        await File.WriteAllBytesAsync(StateFile, state);
        await File.WriteAllBytesAsync(JournalFile, journal);
    }

    private sealed class CrashException : Exception;
}
