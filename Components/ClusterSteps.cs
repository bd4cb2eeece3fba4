using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;

namespace MesosStack.Components;

/// <summary>
/// Declares what is done for a cluster as a whole: the readiness check, the drain of agents and the apps. It is done on the master of the highest number, which is the
/// first to change in a roll: there the readiness check notes that the cluster lives.
/// </summary>
/// <param name="cluster">Resource name of the cluster; the steps' names begin with it.</param>
/// <param name="masters">All masters, from number 1.</param>
/// <param name="agents">All agents.</param>
/// <param name="parent">The component that the steps belong to.</param>
internal sealed class ClusterSteps(string cluster, IReadOnlyList<MesosMaster> masters, IReadOnlyList<MesosAgent> agents, ComponentResource parent)
{
    // How long the drain of one agent may take. drain.sh has the same limit.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(2);

    private readonly List<MesosHost> _hosts = [.. masters, .. agents];

    private MesosMaster Via => masters[^1];

    /// <summary>
    /// Ends well once ZooKeeper has all its members, one Mesos master leads, every agent is active and Marathon has a leader. It runs again when a droplet or a description
    /// changed, so an update that changes neither does not look.
    /// </summary>
    public Command Readiness()
    {
        // The check looks for each agent by the host name that it registers with.
        var addresses = Output.All(
            masters.Select(master => master.MemberAddress.Apply(address => $"{master.MemberName}={address}"))
                .Concat(agents.Select(agent => agent.Addresses.Apply(a => $"{agent.MemberName}={a.Hostname}"))));
        var arguments = Output.Tuple(addresses, Output.All(_hosts.Select(host => host.Droplet.Id)))
            .Apply(both => $"{string.Join(' ', both.Item1)} droplets={MemberList.Checksum(string.Join(' ', both.Item2))}");
        return Declare(
            "readiness",
            MemberList.Whole(masters.Select(master => master.MemberName), agents.Select(agent => agent.MemberName), _hosts.Select(host => host.Description)),
            arguments,
            new CustomTimeouts { Create = TimeSpan.FromMinutes(10), Update = TimeSpan.FromMinutes(10) },
            [.. _hosts.Select(host => host.Configuration)]);
    }

    /// <summary>
    /// Keeps the list of agents. Pulumi deletes after all updates, so an agent that left the list is drained while it still runs. Agents are drained one after the other.
    /// </summary>
    /// <param name="readiness">The check that the cluster is whole without them.</param>
    public Command Drain(Resource readiness)
    {
        // One update may remove all agents of today.
        var limit = TimeSpan.FromMinutes(10) + (Math.Max(agents.Count, 50) * DrainTime);
        return Declare("drain", MemberList.Agents(agents.Select(agent => agent.MemberName)), MesosHost.AddressesOf(_hosts), new CustomTimeouts { Create = limit, Update = limit }, [readiness]);
    }

    /// <summary>An app in Marathon: created, updated in place and deleted through its API.</summary>
    /// <param name="app">The app.</param>
    /// <param name="readiness">The check that the cluster is whole.</param>
    public Command App(AppSettings app, Resource readiness)
    {
        var limit = TimeSpan.FromMinutes(10);
        var name = $"{cluster}-app-{AppRules.StepName(app.Id)}";
        var options = new CustomResourceOptions
        {
            Parent = parent,
            DependsOn = { readiness },

            // The deletion of an old app would delete a replacement that was created first.
            DeleteBeforeReplace = true,
            CustomTimeouts = new CustomTimeouts { Create = limit, Update = limit, Delete = limit },
        };
        return app.HoldsSecrets
            ? Via.Steps.RunSealedForCluster(name, "app", MarathonJson.For(app), MarathonJson.Shown(app), $"app=/{app.Id} sealed=yes", options, "app-delete")
            : Via.Steps.RunForCluster(name, "app", MarathonJson.For(app), $"app=/{app.Id}", options, "app-delete");
    }

    private Command Declare(string script, string description, Output<string> arguments, CustomTimeouts limits, InputList<Resource> after) =>
        Via.Steps.RunForCluster($"{cluster}-{script}", script, description, arguments, new CustomResourceOptions { Parent = parent, DependsOn = after, CustomTimeouts = limits });
}
