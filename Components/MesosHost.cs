using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.DigitalOcean;

namespace MesosStack.Components;

/// <summary>Arguments of a host of a cluster.</summary>
public sealed class MesosHostArgs : ResourceArgs
{
    /// <summary>The cluster's settings.</summary>
    public required ClusterSettings Settings { get; init; }

    /// <summary>The network it joins.</summary>
    public required ClusterNetwork Network { get; init; }

    /// <summary>The key of its root user.</summary>
    public required ClusterAccess Access { get; init; }

    /// <summary>Ends its name, so that it is unique in the account.</summary>
    public required Output<string> Suffix { get; init; }
}

/// <summary>A droplet with its packages installed, but nothing configured and nothing started.</summary>
public abstract class MesosHost : ComponentResource
{
    private readonly HostRole _role;

    private protected MesosHost(string type, string name, MesosHostArgs args, ComponentResourceOptions? options, HostRole role)
        : base(type, name, options)
    {
        Droplet = new Droplet($"{name}-droplet", new DropletArgs
        {
            Name = Output.Format($"{name}-{args.Suffix}"),
            Image = args.Settings.Image,
            Region = args.Settings.Region,
            Size = role.Size,
            VpcUuid = args.Network.VpcUuid,
            SshKeys = { args.Access.Fingerprint },
            Tags = { args.Network.TagName },
            Monitoring = false,
        }, CustomResourceOptions.Merge(role.DropletOptions, new CustomResourceOptions
        {
            Parent = this,
            DependsOn = { args.Network.Firewall },
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(15), Delete = TimeSpan.FromMinutes(10) },
        }));

        PublicAddress = Droplet.Ipv4Address;
        Addresses = Output.Tuple(Droplet.Ipv4Address, Droplet.Ipv4AddressPrivate).Apply(both => HostAddresses.For(args.Settings, both.Item1, both.Item2));
        MemberAddress = Addresses.Apply(addresses => addresses.Member);
        Steps = new HostSteps(name, Droplet, args.Access.PrivateKey, this);
        Ready = Steps.Wait(RemoteScript.Wait());
        Installed = Steps.Run("packages", RemoteScript.Packages(role.PackageValues(args.Settings.Packages)), Ready);
        _role = role;
    }

    /// <summary>The droplet's public address, which SSH uses.</summary>
    [Output("publicAddress")]
    public Output<string> PublicAddress { get; private set; }

    /// <summary>The address by which the other members reach it.</summary>
    [Output("memberAddress")]
    public Output<string> MemberAddress { get; private set; }

    /// <summary>All its addresses, by use.</summary>
    internal Output<HostAddresses> Addresses { get; }

    /// <summary>The droplet.</summary>
    internal Droplet Droplet { get; }

    /// <summary>Runs scripts on it.</summary>
    internal HostSteps Steps { get; }

    /// <summary>What it is to be, once <c>Join</c> was called.</summary>
    internal Output<string> WantedText { get; private set; } = null!;

    /// <summary>The step that writes aside what it is to be.</summary>
    internal Command Staged { get; private set; } = null!;

    /// <summary>The step that makes it so.</summary>
    internal Command Applied { get; private set; } = null!;

    /// <summary>SSH has answered and the first boot is through.</summary>
    private protected Command Ready { get; }

    /// <summary>The packages are installed.</summary>
    internal Command Installed { get; }

    /// <summary>Declares the step that writes aside what the host is to be. It needs no packages, so it does not wait for them.</summary>
    private protected void Stage(Output<string> wanted)
    {
        WantedText = wanted;
        Staged = Steps.Run("stage", wanted.Apply(RemoteScript.Stage), Ready);
    }

    /// <summary>Declares the step that makes the host what is staged.</summary>
    /// <param name="neighbours">The other masters, as a master sees them; none for an agent.</param>
    /// <param name="after">What comes before.</param>
    private protected void Apply(Output<Neighbours> neighbours, IEnumerable<Resource> after)
    {
        var script = Output.Tuple(WantedText, MemberAddress, neighbours).Apply(values => RemoteScript.Apply(new Dictionary<string, string>
        {
            ["WANTED_SHA256"] = Wanted.Hash(values.Item1),
            ["RUN"] = _role.Services.Run,
            ["NEVER"] = _role.Services.Never,
            ["SELF"] = values.Item2,
            ["PEERS"] = string.Join(' ', values.Item3.All),
            ["EARLIER"] = string.Join(' ', values.Item3.Earlier),
            ["GATE_SECONDS"] = "120",
            ["STEADY_SECONDS"] = "10",
            ["PACKAGES"] = _role.PackageNames,
        }));
        Applied = Steps.Run("apply", script, [Installed, Staged, .. after]);
    }
}

/// <summary>Addresses of the other masters.</summary>
/// <param name="All">All of them.</param>
/// <param name="Earlier">Those whose turn in a roll is before.</param>
internal sealed record Neighbours(IEnumerable<string> All, IEnumerable<string> Earlier)
{
    /// <summary>What an agent has.</summary>
    public static Neighbours None { get; } = new([], []);
}

/// <summary>The services of a role, each a list divided by blanks.</summary>
/// <param name="Run">Those that run, in the order of their start.</param>
/// <param name="Never">Those that are kept from ever starting.</param>
internal sealed record HostServices(string Run, string Never);

/// <summary>What tells the hosts of one role from those of the other.</summary>
/// <param name="Size">Size of the droplet.</param>
/// <param name="PackageNames">Packages, divided by blanks.</param>
/// <param name="Services">Services.</param>
/// <param name="DropletOptions">How the droplet lives.</param>
internal sealed record HostRole(string Size, string PackageNames, HostServices Services, CustomResourceOptions DropletOptions)
{
    /// <summary>The values of <c>packages.sh</c>.</summary>
    public IReadOnlyDictionary<string, string> PackageValues(PackageSettings packages) => new Dictionary<string, string>
    {
        ["REPO_URL"] = packages.Url,
        ["REPO_SUITE"] = packages.Suite,
        ["REPO_COMPONENT"] = packages.Component,
        ["KEY_INLINE"] = packages.Key.Inline.ReplaceLineEndings("\n").TrimEnd('\n'),
        ["KEY_URL"] = packages.Key.Url,
        ["KEY_SERVER"] = packages.Key.Server,
        ["KEY_FINGERPRINT"] = packages.Key.Fingerprint,
        ["PACKAGES"] = PackageNames,
        ["NEVER"] = Services.Never,
    };
}
