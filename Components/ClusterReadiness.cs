using System.Globalization;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="ClusterReadiness"/>.</summary>
public sealed class ClusterReadinessArgs : ResourceArgs
{
    /// <summary>All masters, from number 1.</summary>
    public required IReadOnlyList<MesosMaster> Masters { get; init; }

    /// <summary>All agents.</summary>
    public required IReadOnlyList<MesosAgent> Agents { get; init; }

    /// <summary>The packages, as configured; other ones are a reason to look again.</summary>
    public required string Packages { get; init; }
}

/// <summary>
/// Ends once ZooKeeper has all its members, one Mesos master leads, every agent is active and Marathon knows its leader.
/// It hangs on droplets and configuration, so an update that changes neither does not look.
/// </summary>
public sealed class ClusterReadiness : ComponentResource
{
    /// <summary>Declares the check. It runs on the first master.</summary>
    public ClusterReadiness(string name, ClusterReadinessArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:ClusterReadiness", name, options)
    {
        var hosts = args.Masters.Concat<MesosHost>(args.Agents).ToList();
        var script = Output.Tuple(
            Output.All(args.Masters.Select(master => master.MemberAddress)),
            Output.All(args.Agents.Select(agent => agent.Addresses.Apply(addresses => addresses.Hostname))),
            Output.All(hosts.Select(host => host.WantedText))).Apply(all => RemoteScript.Readiness(new Dictionary<string, string>
        {
            ["MASTERS"] = string.Join(' ', all.Item1),
            ["AGENTS"] = string.Join(' ', all.Item2),
            ["DEADLINE"] = 300.ToString(CultureInfo.InvariantCulture),
            ["CONFIGURATION"] = Wanted.Hash(string.Join('\n', all.Item3.Append(args.Packages))),
        }));

        var via = args.Masters[0];
        Check = new Command($"{name}-check", new CommandArgs
        {
            Connection = via.Steps.Connection(),
            Create = script,
            Update = script,
            Triggers = hosts.Select(host => (object)host.Droplet.Id).ToArray(),
            AddPreviousOutputInEnv = false,
            Logging = Logging.StdoutAndStderr,
        }, new CustomResourceOptions
        {
            Parent = this,
            DependsOn = hosts.Select(host => (Resource)host.Applied).ToArray(),
            DeletedWith = via.Droplet,
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(10), Update = TimeSpan.FromMinutes(10) },
            AdditionalSecretOutputs = { "stdout", "stderr" },
        });
        RegisterOutputs();
    }

    /// <summary>The check itself.</summary>
    internal Command Check { get; }
}
