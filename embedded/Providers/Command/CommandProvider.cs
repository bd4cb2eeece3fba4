using System.Collections.Immutable;
using System.Security.Cryptography;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>
/// The package <c>command</c>: <c>command:remote:Command</c> over SSH, with the behaviour of the official provider on a host
/// whose sshd accepts no environment variables (Debian's and Ubuntu's default): <c>environment</c> is refused before
/// anything runs, and <c>addPreviousOutputInEnv</c> comes to nothing. SSH agents are not used. SSH.NET keeps one thread for
/// each open connection; besides that no thread waits while a command runs. A host that says nothing for long is asked for
/// a sign of life.
/// </summary>
public sealed class CommandProvider : IProvider
{
    private const string RemoteCommand = "command:remote:Command";

    private static readonly ImmutableHashSet<string> Loggings = ["stdout", "stderr", "stdoutAndStderr", "none"];

    private static readonly (string, InputSpec)[] Endpoint =
    [
        ("host", new(InputKind.Text, Required: true)),
        ("port", new(InputKind.Whole)),
        ("user", new(InputKind.Text)),
        ("password", new(InputKind.Text)),
        ("privateKey", new(InputKind.Text)),
        ("privateKeyPassword", new(InputKind.Text)),
        ("hostKey", new(InputKind.Text)),
        ("agentSocketPath", new(InputKind.Text)),
        ("dialErrorLimit", new(InputKind.Whole)),
        ("perDialTimeout", new(InputKind.Whole)),
    ];

    private static readonly ImmutableSortedDictionary<string, InputSpec> Specs = InputSpec.Of(
        ("connection", new(InputKind.Object, Required: true, Fields: InputSpec.Of([.. Endpoint, ("proxy", new(InputKind.Object, Fields: InputSpec.Of(Endpoint)))]))),
        ("create", new(InputKind.Text)),
        ("update", new(InputKind.Text)),
        ("delete", new(InputKind.Text)),
        ("stdin", new(InputKind.Text)),
        ("environment", new(InputKind.Map)),
        ("triggers", new(InputKind.List, Replaces: true, Items: new(InputKind.Any))),
        ("logging", new(InputKind.Text)),
        ("addPreviousOutputInEnv", new(InputKind.Bool)));

    private readonly Liveness _liveness;

    /// <summary>A provider that notices within two minutes when a host vanishes.</summary>
    public CommandProvider()
        : this(Liveness.Usual)
    {
    }

    internal CommandProvider(Liveness liveness) => _liveness = liveness;

    /// <inheritdoc />
    public string Package => "command";

    /// <inheritdoc />
    public Task ConfigureAsync(PropertyMap settings, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancellation)
    {
        if (request.Resource.Type != RemoteCommand)
        {
            throw new ProviderException($"the command provider has no resource {request.Resource.Type}; it has {RemoteCommand}");
        }

        var faults = InputChecker.Check(Specs, request.NewInputs).ToList();
        if (faults.Count == 0)
        {
            faults.AddRange(Faults(request.NewInputs));
        }

        return Task.FromResult(new CheckResult(request.NewInputs, faults));
    }

    /// <inheritdoc />
    public Task<DiffResult> DiffAsync(DiffRequest request, CancellationToken cancellation) =>
        Task.FromResult(InputDiff.ToResult(InputDiff.Compare(Specs, request.OldInputs, request.NewInputs)));

    /// <inheritdoc />
    public async Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation)
    {
        var id = request.Resource.Name + RandomNumberGenerator.GetHexString(8, lowercase: true);
        return new CreateResult(id, request.Preview
            ? request.Inputs.WithUnknown("stdout", "stderr")
            : await RunAsync(new RemoteRun(request.Inputs, _liveness, request.Status), request.Inputs, request.Inputs.Text("create"), request.Timeout, cancellation));
    }

    /// <inheritdoc />
    public Task<ReadResult?> ReadAsync(ReadRequest request, CancellationToken cancellation) =>
        Task.FromResult<ReadResult?>(new ReadResult(request.Id, request.Inputs, request.Outputs));

    /// <inheritdoc />
    public async Task<PropertyMap> UpdateAsync(UpdateRequest request, CancellationToken cancellation)
    {
        if (request.Preview)
        {
            return request.NewInputs.WithUnknown("stdout", "stderr");
        }

        var run = new RemoteRun(request.NewInputs, _liveness, request.Status);
        try
        {
            return await RunAsync(run, request.NewInputs, request.NewInputs.Text("update") ?? request.NewInputs.Text("create"), request.Timeout, cancellation);
        }
        catch (ProviderException e) when (run.IsOutcomeUnknown)
        {
            // Else it would count as not done, and with the old inputs back nothing would be run on a host that it has changed.
            throw new OutcomeUnknownException(e.Message, e);
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(DeleteRequest request, CancellationToken cancellation) =>
        await RunAsync(new RemoteRun(request.Inputs, _liveness, request.Status), request.Inputs, request.Inputs.Text("delete"), request.Timeout, cancellation);

    // An absent command does nothing and prints nothing.
    private static async Task<PropertyMap> RunAsync(RemoteRun run, PropertyMap inputs, string? command, TimeSpan? limit, CancellationToken cancellation)
    {
        var (stdout, stderr) = command is null ? ("", "") : await run.RunAsync(command, limit, cancellation);
        return inputs.With("stdout", stdout).With("stderr", stderr);
    }

    private static IEnumerable<CheckFault> Faults(PropertyMap inputs)
    {
        if (inputs.Fields("environment") is { Count: > 0 })
        {
            yield return new CheckFault("environment", "cannot be sent by this provider, and sshd refuses it unless AcceptEnv names each variable; set the variables in the command's own text");
        }

        if (inputs.Text("logging") is { } logging && !Loggings.Contains(logging))
        {
            yield return new CheckFault("logging", $"has to be one of {string.Join(", ", Loggings.Order(StringComparer.Ordinal))}");
        }

        var connection = inputs.Fields("connection");
        foreach (var (path, endpoint) in new[] { ("connection", connection), ("connection.proxy", connection?.Fields("proxy")) })
        {
            foreach (var fault in endpoint is null ? [] : EndpointFaults(path, endpoint))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<CheckFault> EndpointFaults(string path, PropertyMap endpoint)
    {
        if (endpoint.Value("agentSocketPath") is not null)
        {
            yield return new CheckFault($"{path}.agentSocketPath", "an SSH agent cannot be used by this provider; give privateKey or password");
        }

        if (endpoint.Value("privateKey") is null && endpoint.Value("password") is null)
        {
            yield return new CheckFault(path, "has neither privateKey nor password (an SSH agent cannot be used by this provider)");
        }

        if (endpoint.Number("port") is < 1 or > 65535)
        {
            yield return new CheckFault($"{path}.port", "has to be within 1 and 65535");
        }
    }
}
