using System.Text.Encodings.Web;
using System.Text.Json;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Engine.State;

/// <summary>One stack's state: a file, and beside it a journal of the changes of a run that has not ended.</summary>
public sealed class StackStore : IStateStore, IDisposable
{
    private static readonly JsonSerializerOptions ForPeople = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    /// <summary>A journal up to this many bytes is never too long: it is read in a few seconds.</summary>
    internal const long ShortJournal = 64 << 20;

    // The whole state is written so seldom that it is a small part of what a run writes.
    private const long JournalShare = 4;

    private readonly FileBackend _backend;
    private readonly string _file;
    private readonly string _stack;
    private readonly SealedValues _seals;
    private readonly StateJournal _journal;
    private readonly SemaphoreSlim _saving = new(1);
    private readonly Action _ask;
    private JournalUse _use;
    private string _saved;
    private long _length;
    private string? _salt;

    internal StackStore(FileBackend backend, string file, bool exists, string stack, byte[] json, StateJournal journal, PassphraseVault vault, string? preferredSalt)
    {
        (_backend, _file, _stack, Exists) = (backend, file, stack, exists);
        string? journalSalt = null;
        (Loaded, _seals) = DeploymentReader.Read(json, salt => new SealedValues(() =>
        {
            var cipher = (salt ?? journalSalt ?? preferredSalt) is { } known ? vault.Open(known) : vault.Create();
            _salt = cipher.Salt;
            return cipher;
        }));
        _salt ??= Loaded.Salt;
        _ask = () => vault.Ask(_salt ?? preferredSalt);
        _saved = StateJournal.Name(json);
        (_journal, _length) = (journal, json.Length);
        if (_journal.Exists)
        {
            var changes = _journal.Read(_saved, salt =>
            {
                _salt ??= journalSalt = salt;
                return _seals;
            });
            _use = changes is null ? JournalUse.LeftOver : JournalUse.Unfinished;
            Loaded = Loaded with { Salt = _salt, Snapshot = SnapshotBuilder.Apply(Loaded.Snapshot, changes ?? []) };
            SnapshotIntegrity.Check(Loaded.Snapshot);
        }
    }

    // How this run uses the file of the journal.
    private enum JournalUse
    {
        // There is none.
        None,

        // All its changes are part of the state.
        LeftOver,

        // An earlier run was interrupted; its changes are part of what was read, but not of the state's file.
        Unfinished,

        // It takes the changes of this run.
        Open,
    }

    /// <summary>All files of a stack's state, the state itself first.</summary>
    /// <param name="file">The state.</param>
    internal static IEnumerable<string> Files(string file) => [file, JournalOf(file), file + ".bak"];

    /// <inheritdoc />
    public bool IsWholeDue => _use == JournalUse.Open && _journal.Length > Math.Max(ShortJournal, JournalShare * _length);

    /// <summary>Whether the file was there when it was read.</summary>
    public bool Exists { get; }

    /// <summary>The state as it was read.</summary>
    public Deployment Loaded { get; }

    /// <summary>
    /// Has the cipher ready: a save may come while nobody can be asked, and after something was made. A person is asked before the method returns; the key, which takes
    /// a good part of a second, is derived in the background.
    /// </summary>
    /// <returns>Ends once the key is there. It fails with a <see cref="SecretsException"/> where the passphrase is the wrong one.</returns>
    /// <exception cref="SecretsException">There is no passphrase to be had.</exception>
    public Task PrepareSealingAsync()
    {
        _ask();
        return Task.Run(_seals.Prepare);
    }

    /// <summary>Saves a state: written aside, synced, renamed. The one before stays with the ending <c>.bak</c>. The journal ends with it.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was.</exception>
    /// <exception cref="SecretsException">A secret could not be sealed.</exception>
    public Task SaveAsync(Snapshot snapshot, CancellationToken cancellation) => InTurnAsync(() => Save(snapshot), cancellation);

    /// <summary>Has the file of the state hold what an interrupted run left in the journal, for whoever reads that file alone.</summary>
    /// <exception cref="IOException">It could not be written; the files are as they were.</exception>
    public Task FoldAsync(CancellationToken cancellation) => InTurnAsync(Fold, cancellation);

    /// <inheritdoc />
    /// <exception cref="SecretsException">A secret could not be sealed.</exception>
    public Task AppendAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation) => InTurnAsync(() => Append(changes), cancellation);

    /// <inheritdoc />
    public void Dispose() => _saving.Dispose();

    /// <summary>The state as <c>stack export</c> prints it.</summary>
    /// <param name="showSecrets">With secrets in clear.</param>
    public byte[] Export(bool showSecrets)
    {
        var compact = DeploymentWriter.Write(Loaded, DeploymentForm.Export, _stack, showSecrets ? SecretsForm.Clear : SecretsForm.Sealed, _seals, () => _salt, DateTimeOffset.UtcNow);
        using var document = JsonDocument.Parse(compact, new JsonDocumentOptions { MaxDepth = 512 });
        return JsonSerializer.SerializeToUtf8Bytes(document, ForPeople);
    }

    /// <summary>Writes a state into another stack's file.</summary>
    internal void WriteAs(string file, string stack, Snapshot snapshot)
    {
        _backend.Prepare(file);
        Durable.Replace(file, Json(snapshot, stack));
    }

    internal static string JournalOf(string file) => Path.ChangeExtension(file, ".journal");

    private async Task InTurnAsync(Action write, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            write();
        }
        finally
        {
            _saving.Release();
        }
    }

    private void Save(Snapshot snapshot)
    {
        _backend.Prepare(_file);
        var json = Json(snapshot, _stack);
        var name = StateJournal.Name(json);
        if (_use == JournalUse.LeftOver)
        {
            EndJournal();
        }

        if (_use != JournalUse.None)
        {
            _journal.AnnounceWritten(name);
        }

        Durable.Replace(_file, json);
        (_saved, _length) = (name, json.Length);
        if (_use != JournalUse.None)
        {
            EndJournal();
        }
    }

    private byte[] Json(Snapshot snapshot, string stack) =>
        DeploymentWriter.Write(Loaded with { Snapshot = snapshot }, DeploymentForm.Checkpoint, stack, SecretsForm.Sealed, _seals, () => _salt, DateTimeOffset.UtcNow);

    private void Append(IReadOnlyList<StateChange> changes)
    {
        if (_use != JournalUse.Open)
        {
            // The changes are counted from what was read, so the file has to hold that.
            if (_use == JournalUse.Unfinished || !File.Exists(_file))
            {
                Save(Loaded.Snapshot);
            }

            _journal.Begin(_saved);
            _use = JournalUse.Open;
        }

        _journal.Append(changes, _seals, () => _salt);
    }

    private void Fold()
    {
        if (_use == JournalUse.Unfinished)
        {
            Save(Loaded.Snapshot);
        }
        else if (_use == JournalUse.LeftOver)
        {
            EndJournal();
        }
    }

    private void EndJournal()
    {
        _journal.Delete();
        _use = JournalUse.None;
    }
}
