using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>What is known while steps are planned: the state at the start, and what the program has asked for so far. Used by one planner at a time.</summary>
internal sealed class Ledger
{
    private readonly string _project;
    private readonly string _stack;
    private readonly Dictionary<string, ResourceState> _olds;
    private readonly Dictionary<string, PropertyMap> _interrupted;
    private readonly Dictionary<string, Goal> _goals = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceState, string> _claims = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _formerUrns = new(StringComparer.Ordinal);
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceState, Task> _madeRoom = new(ReferenceEqualityComparer.Instance);

    /// <summary>A ledger for one run.</summary>
    public Ledger(string project, string stack, Snapshot before)
    {
        (_project, _stack, Before) = (project, stack, before);
        _olds = before.Resources.Where(r => !r.Delete).ToDictionary(r => r.Urn, StringComparer.Ordinal);
        _interrupted = before.PendingOperations
            .Where(p => p.Kind == OperationKind.Creating)
            .GroupBy(p => p.Resource.Urn, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last().Resource.Inputs, StringComparer.Ordinal);
    }

    /// <summary>The state at the start.</summary>
    public Snapshot Before { get; }

    /// <summary>The old states that were replaced by a new resource beside them.</summary>
    public HashSet<ResourceState> Superseded { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The URN of a stack's resource.</summary>
    public string Urn(string parent, string type, string name) => Urns.Create(_stack, _project, parent, type, name);

    /// <summary>Enters what the program wants.</summary>
    /// <returns>The URN.</returns>
    /// <exception cref="PlanningException">The parent is not there, or the same resource was asked for before.</exception>
    public string Register(Goal goal)
    {
        if (goal.Parent.Length > 0 && !_goals.ContainsKey(goal.Parent))
        {
            throw new PlanningException(goal.Parent, $"the parent {goal.Parent} of '{goal.Name}' was not registered");
        }

        var urn = Urn(goal.Parent, goal.Type, goal.Name);
        foreach (var dependency in goal.Dependencies.Append(goal.DeletedWith))
        {
            if (dependency.Length > 0 && !_goals.ContainsKey(dependency))
            {
                throw new PlanningException(urn, $"it depends on {dependency}, which was not registered");
            }
        }

        return _goals.TryAdd(urn, goal)
            ? urn
            : throw new PlanningException(urn, "the program declares this resource twice: give one of them another name or another parent");
    }

    /// <summary>What the program wanted of a resource before; null where it is "".</summary>
    public Goal? Goal(string urn) => urn.Length == 0 ? null : _goals[urn];

    /// <summary>Whether the program has asked for a resource in this run.</summary>
    public bool IsRegistered(string urn) => _goals.ContainsKey(urn);

    /// <summary>The inputs of a create that an earlier run could not see to its end; null for none.</summary>
    public PropertyMap? Interrupted(string urn) => _interrupted.GetValueOrDefault(urn);

    /// <summary>The state at the start under a URN that nobody has claimed; null for none.</summary>
    public ResourceState? Unclaimed(string urn) => _olds.TryGetValue(urn, out var old) && !_claims.ContainsKey(old) ? old : null;

    /// <summary>Whether somebody claimed a state.</summary>
    public bool IsClaimed(ResourceState old) => _claims.ContainsKey(old);

    /// <summary>Finds a resource's state at the start, under its URN or one of its aliases, and claims it.</summary>
    /// <exception cref="PlanningException">Another resource has claimed it.</exception>
    public ResourceState? Claim(string urn, Goal goal)
    {
        foreach (var candidate in Candidates(urn, goal))
        {
            if (!_olds.TryGetValue(candidate, out var old))
            {
                continue;
            }

            if (!_claims.TryAdd(old, urn))
            {
                throw new PlanningException(urn, $"both it and {_claims[old]} are what was {candidate} before: take the alias from one of them");
            }

            if (candidate != urn)
            {
                _formerUrns[urn] = candidate;
            }

            return old;
        }

        return null;
    }

    /// <summary>Claims the state of a resource that no program declares.</summary>
    public void Claim(ResourceState old) => _claims.Add(old, old.Urn);

    /// <summary>Enters that a resource is replaced.</summary>
    public void Replaced(string urn) => _replaced.Add(urn);

    /// <summary>Whether a resource is replaced in this run.</summary>
    public bool IsReplaced(string urn) => _replaced.Contains(urn);

    /// <summary>Enters that a state's resource is deleted so that something it depends on can be replaced.</summary>
    /// <param name="old">The state.</param>
    /// <param name="done">Ends with the deletion.</param>
    public void MadeRoom(ResourceState old, Task done) => _madeRoom.Add(old, done);

    /// <summary>The deletion of a state's resource that was entered with <see cref="MadeRoom"/>; null for none.</summary>
    public Task? RoomForAsync(ResourceState old) => _madeRoom.GetValueOrDefault(old);

    private IEnumerable<string> Candidates(string urn, Goal goal)
    {
        yield return urn;
        foreach (var former in goal.FormerNames)
        {
            yield return Urn(goal.Parent, goal.Type, former);
        }

        if (goal.Parent.Length == 0 || !_formerUrns.TryGetValue(goal.Parent, out var formerParent))
        {
            yield break;
        }

        // A child whose name begins with the parent's name had a name that began with the parent's former name.
        var parentName = Urns.Name(goal.Parent);
        var formerName = goal.Name.StartsWith(parentName, StringComparison.Ordinal)
            ? Urns.Name(formerParent) + goal.Name[parentName.Length..]
            : goal.Name;
        yield return Urn(formerParent, goal.Type, formerName);
        foreach (var former in goal.FormerNames)
        {
            yield return Urn(formerParent, goal.Type, former);
        }
    }
}
