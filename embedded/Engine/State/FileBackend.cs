using System.Text;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// The states below one directory, in the layout of Pulumi's local backend: the official CLI works on them with
/// <c>PULUMI_BACKEND_URL=file://&lt;directory&gt;</c>.
/// </summary>
/// <param name="directory">The directory that holds <c>.pulumi</c>.</param>
public sealed class FileBackend(string directory)
{
    private readonly string _root = Path.Combine(directory, ".pulumi");

    /// <summary>The file of a stack's state.</summary>
    public string StackFile(string project, string stack) => Path.Combine(_root, "stacks", project, stack + ".json");

    /// <summary>Whether a stack has a state, or what is left of one that is gone.</summary>
    public bool Knows(string project, string stack) => StackStore.Files(StackFile(project, stack)).Any(File.Exists);

    /// <summary>Keeps every other run out of a stack until the lock is given back.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="stack">The stack's short name.</param>
    /// <param name="verb">What this run does: it is told to others that come while it runs.</param>
    /// <param name="notice">Takes a sentence about every stale lock that was taken over.</param>
    /// <param name="cancellation">Ends the wait for another run that is just starting.</param>
    /// <exception cref="StackLockedException">Another run holds it.</exception>
    public Task<StackLock> LockAsync(string project, string stack, string verb, Action<string> notice, CancellationToken cancellation) =>
        StackLock.TakeAsync(
            Path.Combine(_root, "locks", "organization", project, stack),
            Path.Combine(directory, $"{project}.{stack}.turn"),
            Path.Combine(directory, $"{project}.{stack}.life"),
            verb,
            notice,
            cancellation);

    /// <summary>
    /// Gives a stack another name: its state is written under that name, then the one under the old name is deleted. Where that was interrupted, it can be done again.
    /// </summary>
    /// <param name="project">The project's name.</param>
    /// <param name="store">The stack's state.</param>
    /// <param name="from">The stack's short name.</param>
    /// <param name="to">Its short name to be.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="SecretsException">Its secrets cannot be sealed.</exception>
    public void Rename(string project, StackStore store, string from, string to)
    {
        if (!store.Exists)
        {
            return;
        }

        store.WriteAs(StackFile(project, to), FullName(project, to), Renaming.OfStack(store.Loaded.Snapshot, project, from, to));

        // The state goes last: what is left without it would be taken for a state that was lost.
        foreach (var left in StackStore.Files(StackFile(project, from)).Reverse().Where(File.Exists))
        {
            Durable.Delete(left);
        }
    }

    /// <summary>Reads a stack's state; a stack that was never saved is empty.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="stack">The stack's short name.</param>
    /// <param name="vault">Opens and seals its secrets.</param>
    /// <param name="preferredSalt">The salt for a state that has none yet; null makes a new one when the first secret is sealed.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StateException">The state cannot be used.</exception>
    /// <exception cref="SecretsException">Its secrets cannot be opened.</exception>
    public async Task<StackStore> OpenAsync(string project, string stack, PassphraseVault vault, string? preferredSalt, CancellationToken cancellation)
    {
        var file = StackFile(project, stack);
        for (var attempt = 1; ; attempt++)
        {
            // The journal is read before the state. Where another run writes its state in between, the journal then does not match, which is noticed; a missing journal would not be.
            var journal = new StateJournal(StackStore.JournalOf(file));
            var exists = File.Exists(file);
            if (!exists)
            {
                RefuseLost(file);
            }

            var json = exists ? await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false) : Encoding.UTF8.GetBytes("""{"version":3,"checkpoint":{}}""");
            try
            {
                return new StackStore(this, file, exists, FullName(project, stack), json, journal, vault, preferredSalt);
            }
            catch (OtherStateException) when (attempt < 5)
            {
                // Another run may have written its state between the two readings.
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation).ConfigureAwait(false);
            }
            catch (StateException e)
            {
                throw new StateException($"{file}: {e.Message}", e);
            }
        }
    }

    // To take such a stack for an empty one would mean to make everything a second time.
    private static void RefuseLost(string file)
    {
        if (StackStore.Files(file).FirstOrDefault(File.Exists) is not { } left || File.Exists(file))
        {
            return;
        }

        var (backup, journal) = (file + ".bak", StackStore.JournalOf(file));
        throw new StateException(left == journal && !File.Exists(backup)
            ? $"the state is gone, but the changes of an interrupted run are there: {journal}. Put the state back from a copy of yours. Only where nothing of the stack exists any more, delete {journal} instead: the stack then has no resources"
            : $"the state is gone, but the one before its last change is there. Put it back: cp -p '{backup}' '{file}', then look with `preview --refresh` at what it does not know. Only where nothing of the stack exists any more, delete {backup} instead: the stack then has no resources");
    }

    private static string FullName(string project, string stack) => $"organization/{project}/{stack}";

    /// <summary>Marks the directory as a backend with projects.</summary>
    internal void Prepare(string stackFile)
    {
        Durable.CreateDirectory(Path.GetDirectoryName(stackFile)!);
        var meta = Path.Combine(_root, "meta.yaml");
        if (!File.Exists(meta))
        {
            Durable.Replace(meta, "version: 1\n"u8);
        }
    }
}
