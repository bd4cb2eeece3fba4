using System.Collections.Immutable;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Random;
using Pulumi.Utilities;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="MesosCluster"/>.</summary>
public sealed class MesosClusterArgs : ResourceArgs
{
    /// <summary>What a person decided.</summary>
    public required ClusterSettings Settings { get; init; }
}

/// <summary>A Mesos cluster: network, access, masters, agents, the check that it is whole, and its apps.</summary>
public sealed class MesosCluster : ComponentResource
{
    private readonly ClusterSettings _settings;

    /// <summary>Declares the cluster.</summary>
    public MesosCluster(string name, MesosClusterArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosCluster", name, options)
    {
        _settings = args.Settings;
        var stack = Deployment.Instance.StackName;
        var clusterName = _settings.ClusterName.Length > 0 ? _settings.ClusterName : stack;
        var own = new ComponentResourceOptions { Parent = this };

        var suffix = Suffix(name);
        var uniqueName = Output.Format($"mesos-{stack}-{suffix}");
        var network = new ClusterNetwork($"{name}-network", new ClusterNetworkArgs { Settings = _settings, UniqueName = uniqueName }, own);
        var access = new ClusterAccess($"{name}-access", new ClusterAccessArgs { Settings = _settings, UniqueName = uniqueName }, own);
        var hostArgs = new MesosHostArgs { Settings = _settings, Network = network, Access = access, Suffix = suffix };

        var masters = Enumerable.Range(1, _settings.Masters).Select(number => new MesosMaster(number, hostArgs, own)).ToList();
        var agents = Enumerable.Range(1, _settings.Agents).Select(number => new MesosAgent(number, hostArgs, own)).ToList();
        var ensemble = Output.All(masters.Select(master => master.MemberAddress)).Apply(addresses => new Ensemble(addresses));

        Configure(masters, agents, ensemble, clusterName);
        var readiness = new ClusterReadiness($"{name}-readiness", new ClusterReadinessArgs
        {
            Masters = masters,
            Agents = agents,
            Packages = string.Join(' ', _settings.Packages.Master.Concat(_settings.Packages.Agent)),
        }, own);

        foreach (var master in masters)
        {
            master.NoteFormed(readiness.Check);
        }

        foreach (var app in _settings.Apps)
        {
            _ = new MarathonApp($"app-{app.Id}", new MarathonAppArgs { App = app, Via = masters[0], After = readiness.Check }, own);
        }

        var formed = new RandomId($"{name}-formed", new RandomIdArgs { ByteLength = 3 }, new CustomResourceOptions { Parent = this, DependsOn = { readiness.Check } });
        Masters = Output.Tuple(Addresses(masters), Output.Create(RefuseLosingTwoMasters(formed, masters))).Apply(both => both.Item1);
        Agents = Addresses(agents);
        ZooKeeperUrl = ensemble.Apply(e => e.MesosUrl);
        MasterUiUrls = Urls(masters, 5050);
        MarathonUrls = Urls(masters, 8080);
        var commands = new SshCommands(stack, _settings.Ssh);
        SshCommands = Output.All(masters.Concat<MesosHost>(agents).Select(host => host.PublicAddress.Apply(address => KeyValuePair.Create(host.GetResourceName(), commands.To(address)))))
            .Apply(pairs => pairs.ToImmutableDictionary());
        TunnelCommand = masters[0].PublicAddress.Apply(commands.Tunnel);
        SaveSshKeyCommand = Output.Create(commands.SaveKey);
        SshPrivateKey = _settings.Ssh.IsGenerated ? access.PrivateKey : Output.Create("");
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

    /// <summary>The outputs as a stack's.</summary>
    public IDictionary<string, object?> StackOutputs() => new Dictionary<string, object?>
    {
        ["masterUiUrls"] = MasterUiUrls,
        ["marathonUrls"] = MarathonUrls,
        ["zookeeperUrl"] = ZooKeeperUrl,
        ["masters"] = Masters,
        ["agents"] = Agents,
        ["sshCommands"] = SshCommands,
        ["tunnelCommand"] = TunnelCommand,
        ["saveSshKeyCommand"] = SaveSshKeyCommand,
        ["sshPrivateKey"] = SshPrivateKey,
    };

    // Kept from the first update on, whatever is configured later. Every name in the account hangs on it, so a refusal comes before anything is touched.
    private Output<string> Suffix(string name)
    {
        var birth = new RandomId($"{name}-birth", new RandomIdArgs
        {
            ByteLength = 3,
            Keepers = new Dictionary<string, string>(BirthCertificate.Of(_settings)),
        }, new CustomResourceOptions { Parent = this, IgnoreChanges = { "keepers" } });
        return Output.Tuple(birth.Keepers, birth.Hex).Apply(both =>
        {
            var refusals = BirthCertificate.Refusals(both.Item1 ?? ImmutableDictionary<string, string>.Empty, _settings);
            return refusals.Count == 0
                ? both.Item2
                : throw new RunException($"This cluster lives, and what was settled when it was made cannot be changed; nothing was touched. Put it back, or make another stack:\n  {string.Join("\n  ", refusals)}");
        });
    }

    // All hosts stage at once. Then the masters change one after the other, the highest id first, and the agents follow all at once.
    private static void Configure(List<MesosMaster> masters, List<MesosAgent> agents, Output<Ensemble> ensemble, string clusterName)
    {
        foreach (var master in masters)
        {
            master.StageAmong(ensemble, clusterName);
        }

        // No master changes before each of them could be reached, told and given its packages.
        IEnumerable<Resource> before = masters.SelectMany(master => new[] { master.Staged, master.Installed });
        foreach (var master in Enumerable.Reverse(masters))
        {
            master.ApplyAmong(ensemble, before);
            before = [master.Applied];
        }

        foreach (var agent in agents)
        {
            agent.Join(ensemble, masters[0].Applied);
            agent.DrainBeforeDeletion(ensemble, masters[0]);
        }
    }

    // Only a preview can tell: there, the id of a droplet that is to be made is not known. Whether the cluster was ever whole says the resource that comes after the check.
    private static async Task<bool> RefuseLosingTwoMasters(RandomId formed, List<MesosMaster> masters)
    {
        if (!Deployment.Instance.IsDryRun || !await OutputUtilities.GetIsKnownAsync(formed.Hex))
        {
            return true;
        }

        var lost = new List<string>();
        foreach (var master in masters)
        {
            if (!await OutputUtilities.GetIsKnownAsync(master.Droplet.Id))
            {
                lost.Add(master.GetResourceName());
            }
        }

        if (lost.Count > 1)
        {
            throw new RunException($"{string.Join(" and ", lost)} would be replaced in one update; nothing was touched. With most masters new at once, Mesos's registry and Marathon's apps are lost: replace one master per update.");
        }

        if (lost.Count == masters.Count)
        {
            Log.Warn($"{lost[0]} is the only master and would be replaced: Mesos's registry and every app that was not made by this program are lost with it.");
        }

        return true;
    }

    private static Output<ImmutableDictionary<string, string>> Addresses(IEnumerable<MesosHost> hosts) =>
        Output.All(hosts.Select(host => host.PublicAddress.Apply(address => KeyValuePair.Create(host.GetResourceName(), address)))).Apply(pairs => pairs.ToImmutableDictionary());

    private static Output<ImmutableArray<string>> Urls(IEnumerable<MesosHost> hosts, int port) =>
        Output.All(hosts.Select(host => host.Addresses.Apply(addresses => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://{addresses.Hostname}:{port}"))));
}
