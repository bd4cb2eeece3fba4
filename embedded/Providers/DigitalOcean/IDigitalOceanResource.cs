using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>One kind of thing at DigitalOcean. Inputs arrive checked; every operation may be given up.</summary>
internal interface IDigitalOceanResource
{
    /// <summary>The type token.</summary>
    string Type { get; }

    /// <summary>Its inputs.</summary>
    ImmutableSortedDictionary<string, InputSpec> Inputs { get; }

    /// <summary>Outputs that only the API knows.</summary>
    ImmutableArray<string> Computed { get; }

    /// <summary>Inputs whose outputs do not tell what they are now.</summary>
    ImmutableArray<string> Unreadable => [];

    /// <summary>How long an operation may take where the program does not say.</summary>
    TimeSpan UsualLimit => TimeSpan.FromMinutes(10);

    /// <summary>Faults that kinds of values do not show. Some inputs may be unknown.</summary>
    IEnumerable<CheckFault> Faults(PropertyMap inputs) => [];

    /// <summary>Whether a difference replaces that its spec alone would not.</summary>
    bool Replaces(string path, PropertyMap oldInputs, PropertyMap newInputs) => false;

    /// <summary>Outputs that change with these inputs in a way only the API knows.</summary>
    IEnumerable<string> ComputedAfter(PropertyMap oldInputs, PropertyMap newInputs) => [];

    /// <summary>The id of what an interrupted create made, other than what is known; null where it made nothing.</summary>
    Task<string?> FindAsync(PropertyMap inputs, IReadOnlySet<string> known, CancellationToken cancellation);

    /// <summary>Creates; gives the id as soon as the API has it.</summary>
    Task<string> CreateAsync(PropertyMap inputs, CancellationToken cancellation);

    /// <summary>Waits until what was created is as it should be.</summary>
    Task SettleAsync(string id, Action<string> status, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Its outputs as they are now, with the inputs that the API does not tell; null where it is gone.</summary>
    Task<PropertyMap?> ReadAsync(string id, PropertyMap inputs, CancellationToken cancellation);

    /// <summary>Changes it in place, and waits until that is done.</summary>
    Task UpdateAsync(string id, PropertyMap oldInputs, PropertyMap newInputs, Action<string> status, CancellationToken cancellation);

    /// <summary>Deletes it and waits until it is gone.</summary>
    Task DeleteAsync(string id, PropertyMap inputs, Action<string> status, CancellationToken cancellation);
}
