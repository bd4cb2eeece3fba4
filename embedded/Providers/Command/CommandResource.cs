using System.Collections.Immutable;
using System.Security.Cryptography;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>A command on a host, with its own create, update and delete.</summary>
internal sealed class CommandResource(Liveness liveness, KeptConnections connections) : IRemoteResource
{
    private static readonly ImmutableHashSet<string> Loggings = ["stdout", "stderr", "stdoutAndStderr", "none"];

    public string Type => "command:remote:Command";

    public ImmutableSortedDictionary<string, InputSpec> Inputs { get; } = InputSpec.Of(
        ("connection", ConnectionInput.Spec),
        ("create", new(InputKind.Text)),
        ("update", new(InputKind.Text)),
        ("delete", new(InputKind.Text)),
        ("stdin", new(InputKind.Text)),
        ("environment", new(InputKind.Map)),
        ("triggers", new(InputKind.List, Replaces: true, Items: new(InputKind.Any))),
        ("logging", new(InputKind.Text)),
        ("addPreviousOutputInEnv", new(InputKind.Bool)));

    public IEnumerable<CheckFault> Faults(PropertyMap inputs)
    {
        if (inputs.Fields("environment") is { Count: > 0 })
        {
            yield return new CheckFault("environment", "cannot be sent by this provider, and sshd refuses it unless AcceptEnv names each variable; set the variables in the command's own text");
        }

        if (inputs.Text("logging") is { } logging && !Loggings.Contains(logging))
        {
            yield return new CheckFault("logging", $"has to be one of {string.Join(", ", Loggings.Order(StringComparer.Ordinal))}");
        }
    }

    public async Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        var id = request.Resource.Name + RandomNumberGenerator.GetHexString(8, lowercase: true);
        return new CreateResult(id, request.Preview
            ? request.Inputs.WithUnknown("stdout", "stderr")
            : await RunAsync(new RemoteRun(request.Inputs, liveness, connections, request.Status), request.Inputs, request.Inputs.Text("create"), request.Timeout, cancellation));
    }

    public async Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation)
    {
        if (request.Preview)
        {
            return request.NewInputs.WithUnknown("stdout", "stderr");
        }

        var run = new RemoteRun(request.NewInputs, liveness, connections, request.Status);
        try
        {
            return await RunAsync(run, request.NewInputs, request.NewInputs.Text("update") ?? request.NewInputs.Text("create"), request.Timeout, cancellation);
        }
        catch (ProviderException e) when (run.IsOutcomeUnknown)
        {
            // Otherwise the state would keep the old inputs. If the program then went back to them, nothing would run on a host that the command has changed.
            throw new OutcomeUnknownException(e.Message, e);
        }
    }

    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) =>
        await RunAsync(new RemoteRun(request.Inputs, liveness, connections, request.Status), request.Inputs, request.Inputs.Text("delete"), request.Timeout, cancellation);

    // An absent command does nothing and prints nothing.
    private static async Task<PropertyMap> RunAsync(RemoteRun run, PropertyMap inputs, string? command, TimeSpan? limit, CancellationToken cancellation)
    {
        var (stdout, stderr) = command is null ? ("", "") : await run.RunAsync(command, limit, cancellation);
        return inputs.With("stdout", stdout).With("stderr", stderr);
    }
}
