using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>One kind of resource of the Command provider. Inputs arrive checked.</summary>
internal interface IRemoteResource
{
    /// <summary>The type token.</summary>
    string Type { get; }

    /// <summary>Its inputs.</summary>
    ImmutableSortedDictionary<string, InputSpec> Inputs { get; }

    /// <summary>Faults that kinds of values do not show, besides those of the connection.</summary>
    IEnumerable<CheckFault> Faults(PropertyMap inputs) => [];

    /// <inheritdoc cref="IProvider.CreateAsync" />
    Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation);

    /// <inheritdoc cref="IProvider.UpdateAsync" />
    Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation);

    /// <inheritdoc cref="IProvider.DeleteAsync" />
    Task DeleteAsync(DeleteRequest request, CancellationToken cancellation);
}
