using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>The state could not be saved.</summary>
internal sealed class SaveException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// The stack's state while a run changes it: what the run has touched, in the order of completion, then what it has not got to yet.
/// Many changes that wait to be saved share one write.
/// </summary>
internal sealed class SnapshotKeeper
{
    private readonly Lock _gate = new();
    private readonly ISnapshotStore? _store;
    private readonly List<Slot> _olds;
    private readonly Dictionary<ResourceState, Slot> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly List<ResourceState> _news = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly List<PendingOperation> _pending;
    private TaskCompletionSource? _next;
    private TaskCompletionSource? _current;
    private bool _dirty;
    private bool _changed;

    /// <summary>Keeps a state.</summary>
    /// <param name="before">The state at the start.</param>
    /// <param name="store">Where to save; null saves nothing.</param>
    /// <param name="changed">The state at the start is not what is saved.</param>
    public SnapshotKeeper(Snapshot before, ISnapshotStore? store, bool changed = false)
    {
        (_store, _dirty, _changed) = (store, changed, changed);
        _olds = [.. before.Resources.Select(state => new Slot(state))];
        foreach (var slot in _olds)
        {
            _slots[slot.State] = slot;
        }

        // The others are begun anew: what was updated is not well (see OperationRun), a delete is repeated.
        _pending = [.. before.PendingOperations.Where(p => p.Kind == OperationKind.Creating)];
        if (_pending.Count < before.PendingOperations.Length)
        {
            (_dirty, _changed) = (true, true);
        }
    }

    /// <summary>The state now.</summary>
    public Snapshot Current
    {
        get
        {
            lock (_gate)
            {
                return Build();
            }
        }
    }

    /// <summary>Whether anything was changed since the start.</summary>
    public bool Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed;
            }
        }
    }

    /// <summary>Remembers that an operation begins.</summary>
    public void Begin(PendingOperation operation) => Change(() => _pending.Add(operation));

    /// <summary>Remembers that an operation ended and left nothing changed.</summary>
    public void Cancel(PendingOperation operation) => Change(() => _pending.RemoveAll(p => ReferenceEquals(p, operation)));

    /// <summary>Takes in the new state of a resource.</summary>
    /// <param name="state">The new state.</param>
    /// <param name="old">The state it had; null for a new resource.</param>
    /// <param name="keepOld">The old one still has to be deleted.</param>
    /// <param name="operation">The operation that ended with it.</param>
    public void Put(ResourceState state, ResourceState? old, bool keepOld = false, PendingOperation? operation = null) =>
        Change(
            () =>
            {
                if (old is not null)
                {
                    var slot = _slots[old];
                    slot.State = keepOld ? slot.State with { Delete = true } : slot.State;
                    slot.Gone = !keepOld;
                    if (old.Urn != state.Urn)
                    {
                        _renamed[old.Urn] = state.Urn;
                    }
                }

                if (operation is not null)
                {
                    // Of an interrupted create of the same resource, too: now its outcome is known.
                    _pending.RemoveAll(p => p.Resource.Urn == state.Urn);
                }

                _places[state.Urn] = _news.Count;
                _news.Add(state);
            },
            old is null || keepOld || operation is not null || !StateComparison.Same(old, state));

    /// <summary>Replaces the outputs of a resource that this run has taken in.</summary>
    public void SetOutputs(string urn, Protocol.PropertyMap outputs)
    {
        lock (_gate)
        {
            var place = _places[urn];
            var matters = !_news[place].Outputs.Equals(outputs);
            (_dirty, _changed) = (_dirty || matters, _changed || matters);
            _news[place] = _news[place] with { Outputs = outputs };
        }
    }

    /// <summary>Whether this run has taken in a resource.</summary>
    public bool Has(string urn)
    {
        lock (_gate)
        {
            return _places.ContainsKey(urn);
        }
    }

    /// <summary>The state that this run gave a resource.</summary>
    public ResourceState Find(string urn)
    {
        lock (_gate)
        {
            return _news[_places[urn]];
        }
    }

    /// <summary>Marks a resource of the state at the start as deleted until its replacement is there.</summary>
    public void AwaitReplacement(ResourceState old, PendingOperation? operation) =>
        Change(() =>
        {
            _slots[old].State = _slots[old].State with { PendingReplacement = true };
            RemovePending(operation);
        });

    /// <summary>Forgets a resource of the state at the start.</summary>
    public void Drop(ResourceState old, PendingOperation? operation) =>
        Change(() =>
        {
            _slots[old].Gone = true;
            RemovePending(operation);
        });

    /// <summary>Returns when everything up to now is saved; nothing is written where nothing changed.</summary>
    /// <exception cref="SaveException">It could not be saved.</exception>
    public Task SaveAsync()
    {
        lock (_gate)
        {
            if (_store is null)
            {
                return Task.CompletedTask;
            }

            if (!_dirty)
            {
                return _current?.Task ?? Task.CompletedTask;
            }

            // A write under way began before the last change: wait for the one after it.
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var result = _next.Task;
            if (_current is null)
            {
                _current = _next;
                _ = Task.Run(() => WriteAsync(_store));
            }

            return result;
        }
    }

    private async Task WriteAsync(ISnapshotStore store)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            Snapshot snapshot;
            lock (_gate)
            {
                if (_next is null)
                {
                    _current = null;
                    return;
                }

                _current = waiting = _next;
                _next = null;
                snapshot = Build();
                _dirty = false;
            }

            try
            {
                await store.SaveAsync(snapshot, CancellationToken.None);
                waiting.SetResult();
            }
            catch (Exception e)
            {
                lock (_gate)
                {
                    _dirty = true;
                }

                waiting.SetException(new SaveException($"the state could not be saved: {e.Message}", e));
            }
        }
    }

    private void Change(Action change, bool matters = true)
    {
        lock (_gate)
        {
            change();
            (_dirty, _changed) = (_dirty || matters, _changed || matters);
        }
    }

    private void RemovePending(PendingOperation? operation) => _pending.RemoveAll(p => ReferenceEquals(p, operation));

    private Snapshot Build() =>
        new([.. _news, .. _olds.Where(slot => !slot.Gone).Select(slot => Renamed(slot.State))], [.. _pending]);

    private ResourceState Renamed(ResourceState state) => _renamed.Count == 0
        ? state
        : state with
        {
            Parent = Renamed(state.Parent),
            DeletedWith = Renamed(state.DeletedWith),
            Dependencies = [.. state.Dependencies.Select(Renamed)],
            PropertyDependencies = state.PropertyDependencies.ToImmutableSortedDictionary(
                p => p.Key, p => p.Value.Select(Renamed).ToImmutableArray(), StringComparer.Ordinal),
        };

    private string Renamed(string urn) => _renamed.GetValueOrDefault(urn, urn);

    private sealed class Slot(ResourceState state)
    {
        public ResourceState State { get; set; } = state;

        public bool Gone { get; set; }
    }
}
