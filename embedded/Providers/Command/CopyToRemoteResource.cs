using System.Collections.Immutable;
using System.Security.Cryptography;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>The files of a folder on a host. They are copied again where they or their path there changed; nothing is ever deleted there.</summary>
internal sealed class CopyToRemoteResource(Liveness liveness) : IRemoteResource
{
    public string Type => "command:remote:CopyToRemote";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
        ("connection", ConnectionInput.Spec),
        ("source", new(InputKind.Archive, Required: true)),
        ("remotePath", new(InputKind.Text, Required: true)),
        ("triggers", new(InputKind.List, Replaces: true, Items: new(InputKind.Any))));

    public async Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        if (request.Preview)
        {
            return new CreateResult("", request.Inputs);
        }

        await new RemoteCopy(new SshEndpoint(request.Inputs), liveness, request.Status)
            .RunAsync(Source(request.Inputs, request.WorkingDirectory), request.Inputs.RequiredText("remotePath"), request.Timeout, cancellation);
        return new CreateResult(RandomNumberGenerator.GetHexString(8, lowercase: true), request.Inputs);
    }

    public async Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation)
    {
        if (!request.Preview && IsOutdated(request))
        {
            var copy = new RemoteCopy(new SshEndpoint(request.NewInputs), liveness, request.Status);
            try
            {
                await copy.RunAsync(Source(request.NewInputs, request.WorkingDirectory), request.NewInputs.RequiredText("remotePath"), request.Timeout, cancellation);
            }
            catch (ProviderException e) when (copy.HasBegun)
            {
                // Otherwise the state would keep the old files. If the program then went back to them, nothing would be copied to a host that has half of the new ones.
                throw new OutcomeUnknownException(e.Message, e);
            }
        }

        return request.NewInputs;
    }

    public Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) => Task.CompletedTask;

    // Another connection alone copies nothing, as with the official provider.
    private static bool IsOutdated(UpdateRequest request) =>
        request.IsRepeated
        || !Equals(request.OldOutputs.Value("source"), request.NewInputs.Value("source"))
        || request.OldOutputs.Text("remotePath") != request.NewInputs.Text("remotePath");

    private static string Source(PropertyMap inputs, string workingDirectory)
    {
        var archive = inputs.Value("source") as PropertyValue.Archive ?? throw new ProviderException("source is missing");
        return workingDirectory.Length > 0 ? Path.GetFullPath(archive.Path, workingDirectory) : Path.GetFullPath(archive.Path);
    }
}
