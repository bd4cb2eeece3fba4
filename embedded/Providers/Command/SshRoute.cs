using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>A host, and the one in front of it where it is reached through another.</summary>
/// <param name="Target">The host.</param>
/// <param name="Proxy">The one in front of it.</param>
/// <param name="Login">The inputs that say where to log in and how; two routes with the same ones lead to the same host and user.</param>
internal sealed record SshRoute(SshEndpoint Target, SshEndpoint? Proxy, PropertyMap Login)
{
    /// <summary>What must never be shown.</summary>
    public IEnumerable<string> Secrets => [.. Target.Secrets, .. Proxy?.Secrets ?? []];

    /// <summary>Reads the <c>connection</c> of a resource.</summary>
    /// <exception cref="ProviderException">The inputs name no host.</exception>
    public static SshRoute Of(PropertyMap inputs)
    {
        var connection = inputs.Fields("connection") ?? throw new ProviderException("connection is missing");
        return new SshRoute(new SshEndpoint(connection), connection.Fields("proxy") is { } proxy ? new SshEndpoint(proxy) : null, connection.Without("dialErrorLimit").Without("perDialTimeout"));
    }
}
