using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>The input <c>connection</c>, which all remote resources have. Login is by a private key; hosts behind others are not reached.</summary>
internal static class ConnectionInput
{
    /// <summary>What it may be.</summary>
    public static InputSpec Spec { get; } = new(InputKind.Object, Required: true, Fields: InputSpec.Of(
        ("host", new(InputKind.Text, Required: true)),
        ("port", new(InputKind.Whole)),
        ("user", new(InputKind.Text)),
        ("privateKey", new(InputKind.Text, Required: true)),
        ("hostKey", new(InputKind.Text)),
        ("dialErrorLimit", new(InputKind.Whole)),
        ("perDialTimeout", new(InputKind.Whole))));

    /// <summary>Faults that kinds of values do not show.</summary>
    public static IEnumerable<CheckFault> Faults(PropertyMap inputs)
    {
        if (inputs.Fields("connection")?.Number("port") is < 1 or > 65535)
        {
            yield return new CheckFault("connection.port", "has to be within 1 and 65535");
        }
    }
}
