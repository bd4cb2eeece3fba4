namespace MesosStack.Embedded.Lab.Hosts;

/// <summary>What a droplet needs from this machine.</summary>
/// <param name="Id">Number of the droplet.</param>
/// <param name="Name">Host name.</param>
/// <param name="PublicAddress">Address of eth0.</param>
/// <param name="PrivateAddress">Address of eth1.</param>
/// <param name="PrivatePrefixLength">Length of the VPC's network prefix.</param>
/// <param name="Network">Number of the VPC on this machine.</param>
/// <param name="AuthorizedKeys">Public keys that root logs in with.</param>
internal sealed record MachineSpec(
    long Id, string Name, string PublicAddress, string PrivateAddress, int PrivatePrefixLength, int Network, IReadOnlyList<string> AuthorizedKeys);

/// <summary>How a machine is.</summary>
internal enum MachineState
{
    /// <summary>It runs, or is rebooting.</summary>
    Running,

    /// <summary>It was shut down.</summary>
    Off,

    /// <summary>It neither runs nor was it shut down: killed, or this machine was restarted.</summary>
    Lost,
}

/// <summary>Makes, runs and removes machines. Every method may be called again after it was cut short.</summary>
internal interface IMachineHost
{
    /// <summary>Makes disk, network and metadata where they are missing.</summary>
    Task PrepareAsync(MachineSpec spec);

    /// <summary>Boots a prepared machine; nothing where it runs.</summary>
    Task StartAsync(long id);

    /// <summary>Ends a machine at once; nothing where it does not run.</summary>
    Task PowerOffAsync(long id);

    /// <summary>Asks a machine to shut down and waits for it.</summary>
    /// <returns>Whether it did within the time that a cloud gives it.</returns>
    Task<bool> ShutdownAsync(long id);

    /// <summary>Asks a machine to reboot and waits until its new system starts.</summary>
    /// <returns>Whether it did within the time that a cloud gives it.</returns>
    Task<bool> RebootAsync(long id);

    /// <summary>Ends a machine and removes everything it had.</summary>
    Task DestroyAsync(long id);

    /// <summary>Removes the network of a VPC.</summary>
    Task RemoveNetworkAsync(int network);

    /// <summary>Replaces the nftables rules in the network namespace of a prepared machine.</summary>
    Task SetFirewallAsync(long id, string rules);

    /// <summary>How a machine is right now.</summary>
    MachineState State(long id);
}
