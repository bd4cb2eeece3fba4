using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>The input <c>connection</c>, which all remote resources have.</summary>
internal static class ConnectionInput
{
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

    /// <summary>What it may be.</summary>
    public static InputSpec Spec { get; } =
        new(InputKind.Object, Required: true, Fields: InputSpec.Of([.. Endpoint, ("proxy", new(InputKind.Object, Fields: InputSpec.Of(Endpoint)))]));

    /// <summary>Faults that kinds of values do not show.</summary>
    public static IEnumerable<CheckFault> Faults(PropertyMap inputs)
    {
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
