using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace MesosStack.Components.Settings;

/// <summary>Which address of a droplet its services bind to and advertise.</summary>
public enum Addressing
{
    /// <summary>The VPC address. The user interfaces are reached through an SSH tunnel, or from <see cref="ClusterSettings.UiCidrs"/>.</summary>
    Private,

    /// <summary>The public address, as in the tutorial's plain cluster.</summary>
    Public,
}

/// <summary>Everything that a person decides about a cluster, validated. <see cref="SettingsReader"/> makes it. A setting is declared here and nowhere else.</summary>
public sealed record ClusterSettings
{
    private const string Slug = "[a-z0-9][a-z0-9._-]*";
    private const string Networks = "must be networks in CIDR notation such as 203.0.113.0/24 or 2001:db8::/32, with no bits set beyond the prefix";

    /// <summary>Region of DigitalOcean. Another one would replace every host, which is refused where there is more than one master.</summary>
    [Setting("region", Default = "nyc3")]
    [Text(63)]
    [Pattern(Slug, "must be a region of DigitalOcean such as nyc3")]
    public required string Region { get; init; }

    /// <summary>
    /// Slug of an image (Debian or Ubuntu, with upstart or systemd), or id of a custom one. The packages must be built for it. Another image replaces the agents, after
    /// their tasks were moved; masters stay as they are until they are replaced for another reason.
    /// </summary>
    [Setting("image")]
    [Text(255)]
    [Pattern(Slug, "must be an image's slug such as debian-12-x64, or the id of a custom image; there is no default, as the packages must fit it")]
    public required string Image { get; init; }

    /// <summary>Size of a master.</summary>
    [Setting("masterSize", Default = "s-2vcpu-4gb")]
    [Text(63)]
    [Pattern(Slug, "must be a size such as s-2vcpu-4gb")]
    [Settled("resizing powers a droplet off, and all masters would be powered off at once")]
    public required string MasterSize { get; init; }

    /// <summary>Size of an agent. Another size replaces the agents, after their tasks were moved.</summary>
    [Setting("agentSize", Default = "s-2vcpu-4gb")]
    [Text(63)]
    [Pattern(Slug, "must be a size such as s-2vcpu-4gb")]
    public required string AgentSize { get; init; }

    /// <summary>Number of masters, 1, 3, 5 or 7.</summary>
    [Setting("masters", Default = 3)]
    [AllowedValues(1, 3, 5, 7, ErrorMessage = "must be 1, 3, 5 or 7: an even number outlives no more failures than one less, zero is no cluster, and ZooKeeper's ids end at 255")]
    [Settled("more masters than twice the quorum less one can corrupt Mesos's registry; with fewer, the surplus masters must stop before the quorum falls, and one update cannot order that")]
    public required int Masters { get; init; }

    /// <summary>Number of agents. One that is taken away is drained first.</summary>
    [Setting("agents", Default = 3)]
    [Range(0, 1000, ErrorMessage = "must be 0 to 1000")]
    public required int Agents { get; init; }

    /// <summary>Name that Mesos shows; empty takes the name that the program gives the cluster.</summary>
    [Setting("clusterName", Default = "")]
    [Text(63)]
    [Pattern("[A-Za-z0-9._ -]{0,63}", "must be at most 63 letters, digits, spaces, dots, dashes or underscores; empty takes the name that the program gives the cluster")]
    public required string ClusterName { get; init; }

    /// <summary>Which address services bind to and advertise: private (the VPC address) or public (as in the tutorial).</summary>
    [Setting("addressing", Default = "private")]
    [EnumDataType(typeof(Addressing), ErrorMessage = "must be private (services on the VPC address) or public (as in the tutorial)")]
    [Settled("every member's address would change at once, and two lists of ZooKeeper servers that differ by more than one can elect two leaders")]
    public required Addressing Addressing { get; init; }

    /// <summary>Range of the VPC, such as 10.42.0.0/24; empty lets DigitalOcean choose. Another one would replace every host, which is refused where there is more than one master.</summary>
    [Setting("vpcCidr", Default = "")]
    [Text(50)]
    [Must(nameof(SettingChecks.VpcRangeOrEmpty), "must be a network of /16 to /28 in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as 10.42.0.0/24; empty lets DigitalOcean choose")]
    public required string VpcCidr { get; init; }

    /// <summary>Networks from which SSH is allowed; it takes a key. Pulumi runs from one of them.</summary>
    [Setting("sshCidrs", Default = new[] { "0.0.0.0/0", "::/0" })]
    [MaxLength(100, ErrorMessage = "must name at most 100")]
    [Text(50)]
    [MinLength(1, ErrorMessage = "must name at least one network, or this program cannot reach the hosts")]
    [Must(nameof(SettingChecks.Network), Networks)]
    public required ImmutableArray<string> SshCidrs
    {
        get;
        init => field = Canonical(value);
    }

    /// <summary>
    /// Networks from which Mesos (5050, 5051) and Marathon (8080) are reachable. They ask for no password, so none by default; the output tunnelCommand is the other way
    /// in. With private addressing, whether there are any is settled when the cluster is made.
    /// </summary>
    [Setting("uiCidrs", Default = new string[0])]
    [MaxLength(100, ErrorMessage = "must name at most 100")]
    [Text(50)]
    [Must(nameof(SettingChecks.Network), Networks)]
    [Must(nameof(SettingChecks.AreNotTheInternet), "must not be the whole internet or a great part of it, together at most a /4 of IPv4 and a /16 of IPv6: who reaches Mesos or Marathon runs commands on every agent, no password asked; name your own networks", Together = true)]
    public required ImmutableArray<string> UiCidrs
    {
        get;
        init => field = Canonical(value);
    }

    /// <summary>ZooKeeper session timeout of Mesos, 10secs to 40secs. A restart of one ZooKeeper takes about 8 s.</summary>
    [Setting("zkSessionTimeout", Default = "30secs")]
    [Text(20)]
    [Must(nameof(SettingChecks.IsSessionTimeout), "must be 10secs to 40secs (ZooKeeper grants at most twenty of its ticks of 2 s); 30secs outlives the restart of one ZooKeeper")]
    public required string ZooKeeperSessionTimeout { get; init; }

    /// <summary>Where the packages come from, and which.</summary>
    public required PackageSettings Packages { get; init; }

    /// <summary>The SSH key pair.</summary>
    public required SshSettings Ssh { get; init; }

    /// <summary>Apps for Marathon, each with id and cmd, and cpus, mem, disk, instances, ports and other fields of its API.</summary>
    [Setting("apps", Default = new string[0])]
    public required ImmutableArray<AppSettings> Apps { get; init; }

    /// <summary>Whether the interfaces are shown outside although services advertise the private address.</summary>
    public bool ShowsInterfacesOutside => Addressing == Addressing.Private && !UiCidrs.IsEmpty;

    /// <summary>What agents' host names depend on, in words.</summary>
    [Settled("every agent would get another host name; Mesos would take it for a new agent and its tasks for lost", Key = "uiCidrs")]
    public string InterfacesOutside => ShowsInterfacesOutside ? "shown outside" : "not shown outside the private network";

    // A fault names an item by its number, so they stay as they are until all are networks.
    private static ImmutableArray<string> Canonical(ImmutableArray<string> networks) => networks.All(network => Cidr.Parse(network) is not null) ? [.. networks.Select(Cidr.Canonical).Distinct()] : networks;
}

/// <summary>A Debian package repository and what is installed from it.</summary>
public sealed record PackageSettings
{
    private const string Package = "[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?";
    private const string Packages = "must be packages as name or name=version";
    private const string AtLeastOne = "must name at least one package";

    /// <summary>Address of the Debian repository with Mesos and Marathon; {distro} stands for the host's lower-cased distribution. No default, as the tutorial's is gone.</summary>
    [Setting("repositoryUrl")]
    [Text(1000)]
    [Must(nameof(SettingChecks.IsRepository), "must be the http(s) address of a Debian repository that has Mesos and Marathon; {distro} stands for the host's distribution. There is no default: the tutorial's repository is gone")]
    public required string Url { get; init; }

    /// <summary>Suite of the repository; empty takes the host's code name.</summary>
    [Setting("repositorySuite", Default = "")]
    [Text(255)]
    [Pattern("([A-Za-z0-9][A-Za-z0-9./_-]*)?", "must be a suite such as bookworm; empty takes the host's code name")]
    public required string Suite { get; init; }

    /// <summary>Component of the repository.</summary>
    [Setting("repositoryComponent", Default = "main")]
    [Text(255)]
    [Pattern("[a-z0-9][a-z0-9._-]*", "must be a component such as main")]
    public required string Component { get; init; }

    /// <summary>The key that signs the repository.</summary>
    public required SigningKey Key { get; init; }

    /// <summary>Packages of a master, each name or name=version.</summary>
    [Setting("masterPackages", Default = new[] { "mesosphere", "zookeeper", "zookeeperd" })]
    [MaxLength(100, ErrorMessage = "must name at most 100")]
    [Text(255)]
    [MinLength(1, ErrorMessage = AtLeastOne)]
    [Pattern(Package, Packages)]
    public required ImmutableArray<string> Master { get; init; }

    /// <summary>Packages of an agent, each name or name=version.</summary>
    [Setting("agentPackages", Default = new[] { "mesos" })]
    [MaxLength(100, ErrorMessage = "must name at most 100")]
    [Text(255)]
    [MinLength(1, ErrorMessage = AtLeastOne)]
    [Pattern(Package, Packages)]
    public required ImmutableArray<string> Agent { get; init; }
}

/// <summary>A repository's signing key: inline, behind a URL, or on a key server. Exactly one of the three is set.</summary>
public sealed record SigningKey
{
    /// <summary>The repository's signing key, ASCII-armoured. Exactly one of signingKey, signingKeyUrl and signingKeyId must be set.</summary>
    [Setting("signingKey", Default = "")]
    [Text(60_000, lines: true)]
    [Must(nameof(SettingChecks.IsArmouredKeyOrEmpty), "must be an ASCII-armoured public key, from its BEGIN line to its END line")]
    public required string Inline { get; init; }

    /// <summary>Address of the signing key.</summary>
    [Setting("signingKeyUrl", Default = "")]
    [Text(1000)]
    [Must(nameof(SettingChecks.IsWebAddressOrEmpty), "must be an http(s) address")]
    public required string Url { get; init; }

    /// <summary>Id of the signing key on a key server; needs signingKeyFingerprint, as short ids can be forged.</summary>
    [Setting("signingKeyId", Default = "")]
    [Text(40)]
    [Pattern("([0-9A-Fa-f]{8}|[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})?", "must be 8, 16 or 40 hexadecimal digits")]
    public required string Id { get; init; }

    /// <summary>Full fingerprint of the signing key; checked wherever the key comes from.</summary>
    [Setting("signingKeyFingerprint", Default = "")]
    [Text(80)]
    [Pattern("([0-9A-F]{40})?", "must be the full fingerprint, 40 hexadecimal digits")]
    public required string Fingerprint
    {
        get;

        // As GnuPG prints it, in groups.
        init => field = value.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    /// <summary>Key server for signingKeyId.</summary>
    [Setting("keyServer", Default = "keyserver.ubuntu.com")]
    [Text(253)]
    [Pattern("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", "must be the host name of a key server")]
    public required string Server { get; init; }
}

/// <summary>The SSH key pair: all empty to have one generated, else a public key, or the fingerprint of one that the account has, and one source of its private key.</summary>
public sealed record SshSettings
{
    /// <summary>Public SSH key, one line; empty has the program make a key pair and keep it in the stack's state as a secret. Which one is settled when the cluster is made.</summary>
    [Setting("sshPublicKey", Default = "")]
    [Text(8000)]
    [Must(nameof(SettingChecks.PublicKeyOrEmpty), "must be one line of OpenSSH such as 'ssh-ed25519 AAAA... name'; empty has the program make a key pair")]
    public required string PublicKey
    {
        get;
        init => field = value.Trim();
    }

    /// <summary>
    /// Fingerprint of a key that the account has already, as DigitalOcean shows it, in place of sshPublicKey: hosts are given that key, and none is registered. Its
    /// private half is set as for sshPublicKey.
    /// </summary>
    [Setting("sshKeyFingerprint", Default = "")]
    [Text(60)]
    [Pattern("([0-9a-f]{2}(:[0-9a-f]{2}){15})?", "must be sixteen pairs of hexadecimal digits with colons between, as 'doctl compute ssh-key list' and 'ssh-keygen -l -E md5 -f FILE' show them")]
    public required string KeyFingerprint
    {
        get;

        // As ssh-keygen prints it.
        init => field = (value.StartsWith("MD5:", StringComparison.Ordinal) ? value[4..] : value).ToLowerInvariant();
    }

    /// <summary>File of the private key that belongs to sshPublicKey or sshKeyFingerprint; OpenSSH's form or PEM, not encrypted.</summary>
    [Setting("sshPrivateKeyPath", Default = "")]
    [Text(1000)]
    public required string PrivateKeyPath { get; init; }

    /// <summary>Instead of sshPrivateKeyPath the private key itself; set it with 'pulumi config set --secret'.</summary>
    [Setting("sshPrivateKey", Default = "", Secret = true)]
    [Text(SshPrivateKey.Most, lines: true)]
    public required bool HasPrivateKey { get; init; }

    /// <summary>Whether the program makes the key pair.</summary>
    public bool IsGenerated => PublicKey.Length == 0 && KeyFingerprint.Length == 0;

    /// <summary>The key that hosts accept: <c>generated</c>, or its fingerprint.</summary>
    [Settled("the hosts accept the key that they were created with, and no other", Key = "sshPublicKey")]
    public string AcceptedKey => IsGenerated ? "generated" : SshPublicKey.Parse(PublicKey).Fingerprint;
}
