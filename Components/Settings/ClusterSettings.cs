using System.Collections.Immutable;

namespace MesosStack.Components.Settings;

/// <summary>Which address of a droplet its services bind to and advertise.</summary>
public enum Addressing
{
    /// <summary>The VPC address. The user interfaces are reached through an SSH tunnel, or from <see cref="ClusterSettings.UiCidrs"/>.</summary>
    Private,

    /// <summary>The public address, as in the tutorial's plain cluster.</summary>
    Public,
}

/// <summary>Everything that a person decides about a cluster, validated. Made by <see cref="SettingsReader"/> only.</summary>
public sealed record ClusterSettings
{
    /// <summary>DigitalOcean region slug.</summary>
    public required string Region { get; init; }

    /// <summary>Image slug or id of a custom image (Debian or Ubuntu, with upstart or systemd).</summary>
    public required string Image { get; init; }

    /// <summary>Size slug of a master.</summary>
    public required string MasterSize { get; init; }

    /// <summary>Size slug of an agent.</summary>
    public required string AgentSize { get; init; }

    /// <summary>Number of masters: 1, 3, 5 or 7. Fixed for the life of a cluster.</summary>
    public required int Masters { get; init; }

    /// <summary>Number of agents, 0 or more.</summary>
    public required int Agents { get; init; }

    /// <summary>Name that Mesos shows for the cluster; empty for the cluster's resource name.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Which address services bind to. Fixed for the life of a cluster.</summary>
    public required Addressing Addressing { get; init; }

    /// <summary>Range of the VPC in CIDR notation; empty lets DigitalOcean choose.</summary>
    public required string VpcCidr { get; init; }

    /// <summary>Networks from which SSH is allowed.</summary>
    public required ImmutableArray<string> SshCidrs { get; init; }

    /// <summary>Networks from which the user interfaces (5050, 5051, 8080) are reachable; none by default, as they know no password.</summary>
    public required ImmutableArray<string> UiCidrs { get; init; }

    /// <summary>ZooKeeper session timeout of Mesos, such as <c>30secs</c>. A restart of one ZooKeeper takes about 8 s, Mesos's own default is 10 s.</summary>
    public required string ZooKeeperSessionTimeout { get; init; }

    /// <summary>Where the packages come from, and which.</summary>
    public required PackageSettings Packages { get; init; }

    /// <summary>The SSH key pair.</summary>
    public required SshSettings Ssh { get; init; }

    /// <summary>Apps that Marathon runs.</summary>
    public required ImmutableArray<AppSettings> Apps { get; init; }

    /// <summary>Whether the interfaces are shown outside although services advertise the private address.</summary>
    public bool ShowsInterfacesOutside => Addressing == Addressing.Private && !UiCidrs.IsEmpty;
}

/// <summary>A Debian package repository and what is installed from it.</summary>
public sealed record PackageSettings
{
    /// <summary>Base address. <c>{distro}</c> stands for the host's lower-cased distribution name.</summary>
    public required string Url { get; init; }

    /// <summary>Suite; empty for the host's code name.</summary>
    public required string Suite { get; init; }

    /// <summary>Component.</summary>
    public required string Component { get; init; }

    /// <summary>The key that signs the repository.</summary>
    public required SigningKey Key { get; init; }

    /// <summary>Packages of a master, each <c>name</c> or <c>name=version</c>.</summary>
    public required ImmutableArray<string> Master { get; init; }

    /// <summary>Packages of an agent, each <c>name</c> or <c>name=version</c>.</summary>
    public required ImmutableArray<string> Agent { get; init; }
}

/// <summary>A repository's signing key: inline, behind a URL, or on a key server. Exactly one of the three is set.</summary>
public sealed record SigningKey
{
    /// <summary>ASCII-armoured key, or empty.</summary>
    public required string Inline { get; init; }

    /// <summary>Address of the key, or empty.</summary>
    public required string Url { get; init; }

    /// <summary>Id to ask the key server for (8, 16 or 40 hexadecimal digits), or empty.</summary>
    public required string Id { get; init; }

    /// <summary>Full fingerprint, 40 hexadecimal digits; empty where the key is not checked. Needed with <see cref="Id"/>, as short ids can be forged.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Key server that <see cref="Id"/> is asked from.</summary>
    public required string Server { get; init; }
}

/// <summary>The SSH key pair: all empty to have one generated, else a public key and one source of its private key.</summary>
public sealed record SshSettings
{
    /// <summary>Public key as one line of OpenSSH, or empty.</summary>
    public required string PublicKey { get; init; }

    /// <summary>File that holds the private key, or empty.</summary>
    public required string PrivateKeyPath { get; init; }

    /// <summary>Whether <c>sshPrivateKey</c> is configured; its value is read as a secret only where it is used.</summary>
    public required bool HasPrivateKey { get; init; }

    /// <summary>Whether the program makes the key pair.</summary>
    public bool IsGenerated => PublicKey.Length == 0;
}
