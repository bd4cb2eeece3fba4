using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Providers;

/// <summary>
/// What the engine asks of the owner of a family of resources. Shaped like Pulumi's provider protocol, without its process
/// boundary: secrets arrive marked (<see cref="PropertyValue.Secret"/>), unknown values only in previews.
/// Implementations are called from many resources at once. Cancellation says that nobody waits any longer: what is only
/// waited for is given up, and what became of the rest is told as after any other failure.
/// </summary>
public interface IProvider
{
    /// <summary>The package, as it stands first in a type token: <c>digitalocean</c> in <c>digitalocean:index/droplet:Droplet</c>.</summary>
    string Package { get; }

    /// <summary>Takes the settings of the package (<c>digitalocean:token</c> arrives as <c>token</c>). Called once, before anything else. Opens no connection.</summary>
    /// <exception cref="ProviderException">A setting is missing or malformed.</exception>
    Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation);

    /// <summary>Checks and completes the inputs of a resource. Opens no connection.</summary>
    Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation);

    /// <summary>The differences between a resource and its new inputs, by property path (<c>triggers[0]</c>, <c>connection.host</c>). Opens no connection.</summary>
    Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation);

    /// <summary>Creates the resource; in a preview it tells what would be known.</summary>
    /// <exception cref="ProviderException">It could not be created; nothing is left that has to be remembered.</exception>
    /// <exception cref="ResourceInitException">It exists, but not as it should.</exception>
    /// <exception cref="OutcomeUnknownException">It may exist; the next create finds out (<see cref="CreateRequest.Interrupted"/>).</exception>
    Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation);

    /// <summary>Reads the resource back; null where it is gone.</summary>
    /// <exception cref="ProviderException">It could not be read.</exception>
    Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation);

    /// <summary>Changes the resource in place and gives its new outputs; in a preview it tells what would be known.</summary>
    /// <exception cref="ProviderException">It could not be changed; it is as it was.</exception>
    /// <exception cref="ResourceInitException">It was changed, but not as it should.</exception>
    Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation);

    /// <summary>Deletes the resource; one that is gone already is no error.</summary>
    /// <exception cref="ProviderException">It could not be deleted.</exception>
    Task DeleteAsync(DeleteRequest request, CancellationToken cancellation);
}
