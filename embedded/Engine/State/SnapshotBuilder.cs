using System.Collections.Immutable;

namespace MesosStack.Embedded.Engine.State;

/// <summary>A state at the start of a run with the changes of the run applied: what the run has taken in, in the order of completion, then what it has not got to yet. Not safe for several threads.</summary>
public sealed class SnapshotBuilder
{
    private readonly List<ResourceState> _olds;
    private readonly HashSet<int> _gone = [];
    private readonly List<ResourceState> _news = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly List<(int Number, PendingOperation Operation)> _pending;

    /// <summary>The state at the start.</summary>
    public SnapshotBuilder(Snapshot before) =>
        (_olds, _pending) = ([.. before.Resources], [.. before.PendingOperations.Select((operation, place) => (place, operation))]);

    /// <summary>The state that some changes make of another one.</summary>
    public static Snapshot Apply(Snapshot before, IEnumerable<StateChange> changes)
    {
        var builder = new SnapshotBuilder(before);
        foreach (var change in changes)
        {
            builder.Apply(change);
        }

        return builder.Build();
    }

    /// <summary>How many resources the run has taken in.</summary>
    public int Taken => _news.Count;

    /// <summary>Places of the resources of the start that are still to come, in their order.</summary>
    public IEnumerable<int> Left => Enumerable.Range(0, _olds.Count).Where(place => !_gone.Contains(place));

    /// <summary>Whether the run has taken in a resource.</summary>
    public bool Has(string urn) => _places.ContainsKey(urn);

    /// <summary>Place of a resource among those that the run has taken in.</summary>
    public int PlaceOf(string urn) => _places[urn];

    /// <summary>The state that the run gave a resource.</summary>
    public ResourceState Find(string urn) => _news[_places[urn]];

    /// <summary>Applies a change.</summary>
    public void Apply(StateChange change)
    {
        switch (change)
        {
            case StateChange.Began began:
                _pending.Add((began.Number, began.Operation));
                break;
            case StateChange.Ended ended:
                _pending.RemoveAll(p => p.Number == ended.Number);
                break;
            case StateChange.Kept kept:
                _gone.Add(kept.Old);
                Take(_olds[kept.Old]);
                break;
            case StateChange.Took took:
                TakeOver(took);
                break;
            case StateChange.Changed changed:
                _news[changed.Place] = changed.State;
                break;
            case StateChange.AwaitsReplacement waits:
                _olds[waits.Old] = _olds[waits.Old] with { PendingReplacement = true };
                break;
            case StateChange.Gone gone:
                _gone.Add(gone.Old);
                break;
            default:
                throw new NotSupportedException($"cannot apply a change of type {change.GetType().Name}");
        }
    }

    /// <summary>The state with all changes.</summary>
    public Snapshot Build() =>
        new([.. _news, .. _olds.Where((_, place) => !_gone.Contains(place)).Select(Renamed)], [.. _pending.Select(p => p.Operation)]);

    private void TakeOver(StateChange.Took took)
    {
        if (took.Old is { } place)
        {
            var old = _olds[place];
            if (took.KeepsOld)
            {
                _olds[place] = old with { Delete = true };
            }
            else
            {
                _gone.Add(place);
            }

            if (old.Urn != took.State.Urn)
            {
                _renamed[old.Urn] = took.State.Urn;
            }
        }

        if (took.EndsOperations)
        {
            _pending.RemoveAll(p => p.Operation.Resource.Urn == took.State.Urn);
        }

        Take(took.State);
    }

    private void Take(ResourceState state)
    {
        _places[state.Urn] = _news.Count;
        _news.Add(state);
    }

    private ResourceState Renamed(ResourceState state) => _renamed.Count == 0 ? state : Renaming.References(state, Renamed);

    private string Renamed(string urn) => _renamed.GetValueOrDefault(urn, urn);
}
