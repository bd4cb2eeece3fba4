using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>
/// The package <c>command</c>: <c>command:remote:Command</c> and <c>command:remote:CopyToRemote</c> over SSH, with the behaviour of
/// the official provider on a host whose sshd accepts no environment variables (Debian's and Ubuntu's default): <c>environment</c>
/// is refused before anything runs, and <c>addPreviousOutputInEnv</c> comes to nothing. SSH agents are not used. SSH.NET keeps one
/// thread for each open connection; besides that no thread waits while a command runs. The next command on a host within seconds
/// goes over the same connection. A host that says nothing for long is asked
/// for a sign of life.
/// </summary>
public sealed class CommandProvider : IProvider
{
    private readonly ImmutableSortedDictionary<string, IRemoteResource> _resources;

    /// <summary>A provider that notices within two minutes when a host vanishes.</summary>
    public CommandProvider()
        : this(Liveness.Usual)
    {
    }

    internal CommandProvider(Liveness liveness) => _resources =
        new IRemoteResource[] { new CommandResource(liveness, new KeptConnections(TimeSpan.FromSeconds(5))), new CopyToRemoteResource(liveness) }.ToImmutableSortedDictionary(r => r.Type, r => r, StringComparer.Ordinal);

    /// <inheritdoc />
    public string Package => "command";

    /// <inheritdoc />
    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation)
    {
        var resource = ResourceOf(request.Resource);
        var faults = InputChecker.Check(resource.Inputs, request.NewInputs).ToList();
        if (faults.Count == 0)
        {
            faults.AddRange([.. resource.Faults(request.NewInputs), .. ConnectionInput.Faults(request.NewInputs)]);
        }

        return Task.FromResult(new CheckResult(request.NewInputs, faults));
    }

    /// <inheritdoc />
    public Task<ImmutableSortedDictionary<string, PropertyDiff>> DiffAsync(DiffRequest request, CancellationToken cancellation) =>
        Task.FromResult(InputDiff.Compare(ResourceOf(request.Resource).Inputs, request.OldInputs, request.NewInputs));

    /// <inheritdoc />
    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation) => ResourceOf(request.Resource).CreateAsync(request, cancellation);

    /// <inheritdoc />
    public Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation) =>
        Task.FromResult<ReadResult?>(new ReadResult(request.Id, request.Inputs, request.Outputs));

    /// <inheritdoc />
    public Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation) => ResourceOf(request.Resource).UpdateAsync(request, cancellation);

    /// <inheritdoc />
    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) => ResourceOf(request.Resource).DeleteAsync(request, cancellation);

    private IRemoteResource ResourceOf(ResourceKey key) => _resources.GetValueOrDefault(key.Type)
        ?? throw new ProviderException($"the command provider has no resource {key.Type}; it has {string.Join(", ", _resources.Keys)}");
}
