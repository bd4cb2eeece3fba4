using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>The addresses of one host, by use.</summary>
/// <param name="Member">What the other members reach it by.</param>
/// <param name="Hostname">What a person's browser is sent to, and what an agent registers as.</param>
public sealed record HostAddresses(string Member, string Hostname)
{
    /// <summary>The addresses that the settings ask for.</summary>
    public static HostAddresses For(ClusterSettings settings, string publicAddress, string privateAddress) => settings switch
    {
        { Addressing: Addressing.Public } => new(publicAddress, publicAddress),
        { ShowsInterfacesOutside: true } => new(privateAddress, publicAddress),
        _ => new(privateAddress, privateAddress),
    };

    /// <summary>The addresses as arguments of a script: <c>NAME=ADDRESS</c>, and <c>NAME.public=ADDRESS</c> where the host's name is another address.</summary>
    /// <param name="name">Name of the member.</param>
    public string Arguments(string name) => Member == Hostname ? $"{name}={Member}" : $"{name}={Member} {name}.public={Hostname}";
}
