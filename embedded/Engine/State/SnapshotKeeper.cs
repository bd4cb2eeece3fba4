using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>The state could not be saved.</summary>
internal sealed class SaveException(string message, Exception inner) : IOException(message, inner);

/// <summary>The stack's state while a run changes it. Changes are saved as such, and many that wait to be saved share one write; when they have grown, and at the end of the run, the state is saved as a whole.</summary>
internal sealed class SnapshotKeeper
{
    private readonly Lock _gate = new();
    private readonly IStateStore? _store;
    private readonly Dictionary<ResourceState, int> _olds = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PendingOperation, int> _operations = new(ReferenceEqualityComparer.Instance);
    private SnapshotBuilder _state;
    private int _nextOperation;
    private List<StateChange> _unsaved = [];
    private TaskCompletionSource? _next;
    private TaskCompletionSource? _current;
    private bool _saveWhole;
    private bool _appended;
    private bool _dirty;
    private bool _changed;

    /// <summary>Keeps a state.</summary>
    /// <param name="before">The state at the start.</param>
    /// <param name="store">Where to save; null saves nothing.</param>
    /// <param name="changed">The state at the start is not what is saved.</param>
    public SnapshotKeeper(Snapshot before, IStateStore? store, bool changed = false)
    {
        // Only interrupted creates stay in the state. OperationRun marks an interrupted update as failed, and an interrupted delete is repeated.
        var begun = before.PendingOperations.Where(p => p.Kind == OperationKind.Creating).ToList();
        _store = store;
        _saveWhole = _dirty = _changed = changed || begun.Count < before.PendingOperations.Length;
        _state = new SnapshotBuilder(before with { PendingOperations = [.. begun] });
        _nextOperation = begun.Count;
        for (var place = 0; place < before.Resources.Length; place++)
        {
            _olds[before.Resources[place]] = place;
        }
    }

    /// <summary>The state now.</summary>
    public Snapshot Current
    {
        get
        {
            lock (_gate)
            {
                return _state.Build();
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
    public void Begin(PendingOperation operation)
    {
        lock (_gate)
        {
            var number = _operations[operation] = _nextOperation++;
            Apply(new StateChange.Began(number, operation));
        }
    }

    /// <summary>Remembers that an operation ended and left nothing changed.</summary>
    public void Cancel(PendingOperation operation)
    {
        lock (_gate)
        {
            End(operation);
        }
    }

    /// <summary>Takes in the new state of a resource.</summary>
    /// <param name="state">The new state.</param>
    /// <param name="old">The state it had; null for a new resource.</param>
    /// <param name="keepOld">The old one still has to be deleted.</param>
    /// <param name="operation">The operation that ended with it. Now the outcome of an interrupted create of the same resource is known, too.</param>
    public void Put(ResourceState state, ResourceState? old, bool keepOld = false, PendingOperation? operation = null)
    {
        lock (_gate)
        {
            var matters = old is null || keepOld || operation is not null || !ResourceFields.Same(old, state);
            Apply(matters ? new StateChange.Took(state, old is null ? null : _olds[old], keepOld, operation is not null) : new StateChange.Kept(_olds[old!]), matters);
        }
    }

    /// <summary>Replaces the outputs of a resource that this run has taken in.</summary>
    public void SetOutputs(string urn, PropertyMap outputs)
    {
        lock (_gate)
        {
            var state = _state.Find(urn);
            if (!state.Outputs.Equals(outputs))
            {
                Apply(new StateChange.Changed(_state.PlaceOf(urn), state with { Outputs = outputs }));
            }
        }
    }

    /// <summary>Whether this run has taken in a resource.</summary>
    public bool Has(string urn)
    {
        lock (_gate)
        {
            return _state.Has(urn);
        }
    }

    /// <summary>The state that this run gave a resource.</summary>
    public ResourceState Find(string urn)
    {
        lock (_gate)
        {
            return _state.Find(urn);
        }
    }

    /// <summary>Marks a resource of the state at the start as deleted until its replacement is there.</summary>
    public void AwaitReplacement(ResourceState old, PendingOperation? operation)
    {
        lock (_gate)
        {
            Apply(new StateChange.AwaitsReplacement(_olds[old]));
            End(operation);
        }
    }

    /// <summary>Forgets a resource of the state at the start.</summary>
    public void Drop(ResourceState old, PendingOperation? operation)
    {
        lock (_gate)
        {
            Apply(new StateChange.Gone(_olds[old]));
            End(operation);
        }
    }

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

            // The write that runs now began before the last change, so the caller waits for the next one.
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

    /// <summary>Saves what is left at the end of the run, and the state as a whole in place of its changes.</summary>
    /// <exception cref="SaveException">It could not be saved.</exception>
    public async Task FinishAsync()
    {
        await SaveAsync();
        if (_store is not null && _appended)
        {
            try
            {
                await _store.SaveAsync(Current, CancellationToken.None);
            }
            catch (Exception e)
            {
                throw Failure(e);
            }

            _appended = false;
        }
    }

    private static SaveException Failure(Exception e) => new($"the state could not be saved: {e.Message}", e);

    private async Task WriteAsync(IStateStore store)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            Snapshot? whole;
            List<StateChange> changes;
            lock (_gate)
            {
                if (_next is null)
                {
                    _current = null;
                    return;
                }

                _current = waiting = _next;
                _next = null;
                whole = _saveWhole || store.IsWholeDue ? BeginAnew() : null;
                changes = [];
                if (whole is null)
                {
                    (changes, _unsaved) = (_unsaved, changes);
                }

                _dirty = false;
            }

            try
            {
                await (whole is null ? store.AppendAsync(changes, CancellationToken.None) : store.SaveAsync(whole, CancellationToken.None));
                lock (_gate)
                {
                    (_saveWhole, _appended) = (false, whole is null);
                }

                waiting.SetResult();
            }
            catch (Exception e)
            {
                lock (_gate)
                {
                    _unsaved.InsertRange(0, changes);
                    (_saveWhole, _dirty) = (whole is not null, true);
                }

                waiting.SetException(Failure(e));
            }
        }
    }

    // The state so far becomes the one that changes are counted from.
    private Snapshot BeginAnew()
    {
        var whole = _state.Build();
        var places = _state.Left.Select((old, place) => (Old: old, Place: _state.Taken + place)).ToDictionary(p => p.Old, p => p.Place);
        foreach (var (resource, old) in _olds.ToList())
        {
            if (places.TryGetValue(old, out var place))
            {
                _olds[resource] = place;
            }
            else
            {
                _olds.Remove(resource);
            }
        }

        _operations.Clear();
        _nextOperation = 0;
        foreach (var operation in whole.PendingOperations)
        {
            _operations[operation] = _nextOperation++;
        }

        _unsaved = [.. Enumerable.Range(0, _state.Taken).Select(place => new StateChange.Kept(place))];
        _state = new SnapshotBuilder(whole);
        _unsaved.ForEach(_state.Apply);
        return whole;
    }

    private void End(PendingOperation? operation)
    {
        if (operation is not null && _operations.TryGetValue(operation, out var number))
        {
            Apply(new StateChange.Ended(number));
        }
    }

    private void Apply(StateChange change, bool matters = true)
    {
        _state.Apply(change);
        _unsaved.Add(change);
        (_dirty, _changed) = (_dirty || matters, _changed || matters);
    }
}
