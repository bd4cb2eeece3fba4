using System.Collections.Immutable;
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

    /// <summary>Number of the host among those of its role, from 1.</summary>
    [Input("number")]
    public required int Number { get; init; }

    /// <summary>Name that Mesos shows of the cluster.</summary>
    [Input("clusterName")]
    public required string ClusterName { get; init; }

    /// <summary>Name of the droplet, unique in the account.</summary>
    [Input("dropletName")]
    public required Input<string> DropletName { get; init; }

    /// <summary>Slug or id of the droplet's image.</summary>
    [Input("image")]
    public required Input<string> Image { get; init; }

    /// <summary>The network that it joins.</summary>
    public required ClusterNetwork Network { get; init; }

    /// <summary>The key of its root user.</summary>
    public required ClusterAccess Access { get; init; }
}

/// <summary>A droplet with the cluster's scripts and packages on it. <c>Configure</c> declares what makes a member of it.</summary>
public abstract class MesosHost : ComponentResource
{
    private protected MesosHost(string type, string name, string memberName, MesosHostArgs args, ComponentResourceOptions? options, DropletLife life)
        : base(type, name, options)
    {
        Args = args;
        MemberName = memberName;
        Droplet = new Droplet($"{name}-droplet", new DropletArgs
        {
            Name = args.DropletName,
            Image = args.Image,
            Region = args.Settings.Region,
            Size = life.Size,
            VpcUuid = args.Network.VpcUuid,
            SshKeys = { args.Access.Fingerprint },
            Tags = { args.Network.TagName },
            Monitoring = false,
        }, CustomResourceOptions.Merge(life.Options, new CustomResourceOptions
        {
            Parent = this,
            DependsOn = { args.Network.Firewall },
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(15), Delete = TimeSpan.FromMinutes(10) },
        }));

        // All steps and all other members take the addresses from here. So nothing is done on a host that is off, or to one that has no address.
        var usable = Output.All(new[] { args.DropletName.ToOutput(), Droplet.Id, Droplet.Status, Droplet.Ipv4Address, Droplet.Ipv4AddressPrivate })
            .Apply(told => Usable(args.Settings, told));
        PublicAddress = usable.Apply(both => both.Public);
        Addresses = usable.Apply(both => both.Addresses);
        MemberAddress = Addresses.Apply(addresses => addresses.Member);
        Steps = new HostSteps(name, Droplet, PublicAddress, args.Access.PrivateKey, this);
        var scripts = Steps.CopyScripts();
        Packages = Steps.Run("packages", PackageDescription.For(args.Settings.Packages, life.Packages, life.Role), Output.Create(""), scripts);
    }

    /// <summary>The droplet's public address, which SSH uses.</summary>
    [Output("publicAddress")]
    public Output<string> PublicAddress { get; private set; }

    /// <summary>The address by which the other members reach it.</summary>
    [Output("memberAddress")]
    public Output<string> MemberAddress { get; private set; }

    /// <summary>Its name in descriptions and outputs, such as <c>master-1</c>.</summary>
    internal string MemberName { get; }

    /// <summary>All its addresses, by use.</summary>
    internal Output<HostAddresses> Addresses { get; }

    /// <summary>The droplet.</summary>
    internal Droplet Droplet { get; }

    /// <summary>Runs scripts on it.</summary>
    internal HostSteps Steps { get; }

    /// <summary>The step that installs the packages.</summary>
    internal Command Packages { get; }

    /// <summary>What the host shall be.</summary>
    internal abstract string Description { get; }

    /// <summary>The step that makes the host so; declared by <see cref="Configure"/>.</summary>
    internal Command Configuration { get; private set; } = null!;

    /// <summary>The arguments it was made with.</summary>
    private protected MesosHostArgs Args { get; }

    /// <summary>Declares the step that makes the host what its description says.</summary>
    /// <param name="masters">All masters; the description names them.</param>
    /// <param name="after">What comes before.</param>
    internal void Configure(IEnumerable<MesosHost> masters, params IEnumerable<Resource> after) =>
        Configuration = Steps.Run("configuration", Description, AddressesOf(masters.Contains(this) ? masters : [.. masters, this]), [Packages, .. after]);

    private static (string Public, HostAddresses Addresses) Usable(ClusterSettings settings, ImmutableArray<string> told)
    {
        var (name, id, status, publicAddress, privateAddress) = (told[0], told[1], told[2], told[3], told[4]);
        var addresses = HostAddresses.For(settings, publicAddress, privateAddress);
        return DropletCheck.Fault(name, id, status, publicAddress, addresses.Member) is { } fault ? throw new RunException(fault) : (publicAddress, addresses);
    }

    /// <summary>The addresses of hosts as arguments of a script.</summary>
    internal static Output<string> AddressesOf(IEnumerable<MesosHost> hosts) =>
        Output.All(hosts.Select(host => host.Addresses.Apply(addresses => addresses.Arguments(host.MemberName)))).Apply(arguments => string.Join(' ', arguments));
}

/// <summary>What tells the droplets of one role from those of the other.</summary>
/// <param name="Size">Size slug.</param>
/// <param name="Packages">Packages, each <c>name</c> or <c>name=version</c>.</param>
/// <param name="Role">What runs on it.</param>
/// <param name="Options">When Pulumi replaces it, and how.</param>
internal sealed record DropletLife(string Size, IReadOnlyList<string> Packages, HostRole Role, CustomResourceOptions Options);
