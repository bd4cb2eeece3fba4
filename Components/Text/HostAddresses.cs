using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>The addresses of one host, by use.</summary>
/// <param name="Member">What the other members reach it by.</param>
/// <param name="Bind">What Mesos binds to.</param>
/// <param name="Advertise">What Mesos tells others instead of <paramref name="Bind"/>; null where that is the same.</param>
/// <param name="Hostname">What a person's browser is sent to, and what an agent registers as.</param>
public sealed record HostAddresses(string Member, string Bind, string? Advertise, string Hostname)
{
    /// <summary>The addresses that the settings ask for.</summary>
    public static HostAddresses For(ClusterSettings settings, string publicAddress, string privateAddress) => settings switch
    {
        { Addressing: Addressing.Public } => new(publicAddress, publicAddress, null, publicAddress),
        { ShowsInterfacesOutside: true } => new(privateAddress, "0.0.0.0", privateAddress, publicAddress),
        _ => new(privateAddress, privateAddress, null, privateAddress),
    };
}
