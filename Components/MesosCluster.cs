using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Random;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="MesosCluster"/>.</summary>
public sealed class MesosClusterArgs : ResourceArgs
{
    /// <summary>What a person decided.</summary>
    public required ClusterSettings Settings { get; init; }

    /// <summary>Id of a VPC that exists, or that another resource makes. The cluster makes its own where there is none.</summary>
    [Input("vpcUuid")]
    public Input<string>? VpcUuid { get; init; }

    /// <summary>Id of an image that another resource makes, in place of <see cref="ClusterSettings.Image"/>.</summary>
    [Input("image")]
    public Input<string>? Image { get; init; }
}

/// <summary>
/// A Mesos cluster: network, access, masters, agents, the check that it is whole, and its apps. A program may have several; the names of all they make begin with the
/// cluster's own, at DigitalOcean with a random suffix, too.
/// </summary>
public sealed partial class MesosCluster : ComponentResource
{
    /// <summary>Declares the cluster.</summary>
    /// <param name="name">Name of the cluster: letters, digits and dashes, at most 40 characters.</param>
    /// <param name="args">Arguments.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="ArgumentException">DigitalOcean would refuse the name.</exception>
    public MesosCluster(string name, MesosClusterArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosCluster", NamePattern().IsMatch(name) ? name : throw new ArgumentException(
            $"a cluster cannot be called '{name}': DigitalOcean takes letters, digits and dashes only, and at most 40 of them leave room for what follows", nameof(name)), options)
    {
        var settings = args.Settings;
        if (args.VpcUuid is not null && settings.VpcCidr.Length > 0)
        {
            throw new ArgumentException($"the cluster '{name}' joins a VPC that exists ({nameof(args.VpcUuid)}), so its settings must not name a range for one ({SettingTable.Key(s => s.VpcCidr)}: {settings.VpcCidr})", nameof(args));
        }

        var own = new ComponentResourceOptions { Parent = this };

        var uniqueName = ClusterIdentity.UniqueName(name, settings, this);
        var network = new ClusterNetwork($"{name}-network", new ClusterNetworkArgs { Settings = settings, Name = uniqueName, VpcUuid = args.VpcUuid }, own);
        var access = new ClusterAccess($"{name}-access", new ClusterAccessArgs { Settings = settings, Name = uniqueName }, own);

        MesosHostArgs Host(string member, int number) => new()
        {
            Settings = settings,
            Number = number,
            ClusterName = settings.ClusterName.Length > 0 ? settings.ClusterName : name,
            DropletName = uniqueName.Apply(unique => $"{unique}-{member}"),
            Image = args.Image ?? settings.Image,
            Network = network,
            Access = access,
        };
        var masters = Enumerable.Range(1, settings.Masters).Select(n => (Number: n, Member: MemberName.Master(n)))
            .Select(m => new MesosMaster($"{name}-{m.Member}", Host(m.Member, m.Number), own)).ToList();
        var agents = Enumerable.Range(1, settings.Agents).Select(n => (Number: n, Member: MemberName.Agent(n)))
            .Select(a => new MesosAgent($"{name}-{a.Member}", Host(a.Member, a.Number), own)).ToList();
        Configure(masters, agents);

        var steps = new ClusterSteps(name, masters, agents, this);
        var readiness = steps.Readiness();
        steps.Drain(readiness);
        foreach (var app in settings.Apps)
        {
            steps.App(app, readiness);
        }

        var formed = new RandomId($"{name}-formed", new RandomIdArgs { ByteLength = 3 }, new CustomResourceOptions { Parent = this, DependsOn = { readiness } });
        Masters = Output.Tuple(Addresses(masters), Output.Create(MasterLoss.RefuseTwoAsync(formed, masters))).Apply(both => both.Item1);
        Agents = Addresses(agents);
        ZooKeeperUrl = Output.All(masters.Select(master => master.MemberAddress)).Apply(addresses => new Ensemble(addresses).MesosUrl);
        MasterUiUrls = Urls(masters, 5050);
        MarathonUrls = Urls(masters, 8080);
        var commands = uniqueName.Apply(unique => new SshCommands(unique, Deployment.Instance.StackName, settings.Ssh));
        SshCommands = Output.Tuple(commands, Output.All(masters.Concat<MesosHost>(agents).Select(host => host.PublicAddress.Apply(address => (host.MemberName, address)))))
            .Apply(both => both.Item2.ToImmutableDictionary(host => host.MemberName, host => both.Item1.To(host.address)));
        TunnelCommand = Output.Tuple(commands, masters[0].PublicAddress).Apply(both => both.Item1.Tunnel(both.Item2));
        SaveSshKeyCommand = commands.Apply(c => c.SaveKey);
        SshPrivateKey = settings.Ssh.IsGenerated ? access.PrivateKey : Output.Create("");
        RegisterOutputs();
    }

    /// <summary>Mesos's user interface on each master; all lead to the leading one.</summary>
    [Output("masterUiUrls")]
    public Output<ImmutableArray<string>> MasterUiUrls { get; private set; }

    /// <summary>Marathon's user interface on each master.</summary>
    [Output("marathonUrls")]
    public Output<ImmutableArray<string>> MarathonUrls { get; private set; }

    /// <summary>Where Mesos's frameworks find the leading master.</summary>
    [Output("zookeeperUrl")]
    public Output<string> ZooKeeperUrl { get; private set; }

    /// <summary>Public address of each master, by name.</summary>
    [Output("masters")]
    public Output<ImmutableDictionary<string, string>> Masters { get; private set; }

    /// <summary>Public address of each agent, by name.</summary>
    [Output("agents")]
    public Output<ImmutableDictionary<string, string>> Agents { get; private set; }

    /// <summary>How to log in to each host, by name.</summary>
    [Output("sshCommands")]
    public Output<ImmutableDictionary<string, string>> SshCommands { get; private set; }

    /// <summary>How to reach the user interfaces where they are not open to you: a SOCKS proxy through the first master.</summary>
    [Output("tunnelCommand")]
    public Output<string> TunnelCommand { get; private set; }

    /// <summary>How to save a generated key where <see cref="SshCommands"/> looks for it; empty for a configured one.</summary>
    [Output("saveSshKeyCommand")]
    public Output<string> SaveSshKeyCommand { get; private set; }

    /// <summary>The generated private key, a secret; empty for a configured one.</summary>
    [Output("sshPrivateKey")]
    public Output<string> SshPrivateKey { get; private set; }

    /// <summary>All outputs of the cluster, by name, as those of a stack.</summary>
    // The official SDK keeps the names of its attributes to itself, so the constructor's argument is looked at.
    public IDictionary<string, object?> StackOutputs() => (
        from property in typeof(MesosCluster).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        from attribute in property.GetCustomAttributesData()
        where attribute.AttributeType == typeof(OutputAttribute)
        select (Name: (string)attribute.ConstructorArguments[0].Value!, Value: property.GetValue(this))).ToDictionary(output => output.Name, output => (object?)output.Value);

    // Every host gets its scripts and packages at once. Then the masters change one after the other, the highest number first, and the agents follow at once.
    private static void Configure(List<MesosMaster> masters, List<MesosAgent> agents)
    {
        // No master changes before Pulumi could reach each of them and install its packages.
        IEnumerable<Resource> before = masters.Select(master => master.Packages);
        foreach (var master in Enumerable.Reverse(masters))
        {
            master.Configure(masters, before);
            before = [master.Configuration];
        }

        foreach (var agent in agents)
        {
            agent.Configure(masters, before);
        }
    }

    private static Output<ImmutableDictionary<string, string>> Addresses(IEnumerable<MesosHost> hosts) =>
        Output.All(hosts.Select(host => host.PublicAddress.Apply(address => KeyValuePair.Create(host.MemberName, address)))).Apply(pairs => pairs.ToImmutableDictionary());

    private static Output<ImmutableArray<string>> Urls(IEnumerable<MesosHost> hosts, int port) =>
        Output.All(hosts.Select(host => host.Addresses.Apply(addresses => string.Create(CultureInfo.InvariantCulture, $"http://{addresses.Hostname}:{port}"))));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
