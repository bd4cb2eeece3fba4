using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Random;

/// <summary>
/// The package <c>random</c>: values from the system's cryptographic source, made once and kept in the state. Every changed
/// input makes a new one. Knows <c>RandomBytes</c> and <c>RandomId</c>.
/// </summary>
public sealed class RandomProvider : IProvider
{
    private static readonly ImmutableDictionary<string, RandomKind> Kinds = RandomKind.All.ToImmutableDictionary(k => k.Type, StringComparer.Ordinal);

    /// <inheritdoc />
    public string Package => "random";

    /// <inheritdoc />
    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation)
    {
        var kind = KindOf(request.Resource);
        var faults = InputChecker.Check(kind.Inputs, request.NewInputs).ToList();
        if (faults.Count == 0 && !request.NewInputs.ContainsUnknown)
        {
            faults.AddRange(kind.Faults(request.NewInputs));
        }

        return Task.FromResult(new CheckResult(request.NewInputs, faults));
    }

    /// <inheritdoc />
    public Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation) =>
        Task.FromResult(InputDiff.Compare(KindOf(request.Resource).Inputs, request.OldInputs, request.NewInputs));

    /// <inheritdoc />
    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        var kind = KindOf(request.Resource);
        return Task.FromResult(request.Preview
            ? new CreateResult("", kind.Given(request.Inputs).WithUnknown(kind.Made))
            : kind.Create(kind.Given(request.Inputs)));
    }

    /// <inheritdoc />
    public Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation) =>
        Task.FromResult<ReadResult?>(new ReadResult(request.Id, request.Inputs, request.Outputs));

    /// <inheritdoc />
    public Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation) =>
        throw new ProviderException($"{request.Resource.Type} cannot be changed in place");

    /// <inheritdoc />
    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) => Task.CompletedTask;

    private static RandomKind KindOf(ResourceKey resource) => Kinds.GetValueOrDefault(resource.Type)
        ?? throw new ProviderException($"the random provider has no resource {resource.Type}; it has {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}");
}
