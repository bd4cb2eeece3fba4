using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Components;

/// <summary>A master: ZooKeeper, a Mesos master and Marathon. Its number is its ZooKeeper id for good.</summary>
public sealed class MesosMaster : MesosHost
{
    private static readonly HostServices Roles = new(Run: "zookeeper mesos-master marathon", Never: "mesos-slave chronos");

    private readonly int _number;
    private readonly MesosHostArgs _args;

    /// <summary>Declares the droplet and what is installed on it.</summary>
    /// <param name="number">1 to 255.</param>
    /// <param name="args">What it is made of.</param>
    /// <param name="options">Options.</param>
    public MesosMaster(int number, MesosHostArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosMaster", $"master-{number}", args, options, new HostRole(
            args.Settings.MasterSize,
            string.Join(' ', args.Settings.Packages.Master),
            Roles,
            new CustomResourceOptions
            {
                // Never two hosts with one ZooKeeper id; and a master goes on purpose only, not because a list was edited.
                DeleteBeforeReplace = true,
                IgnoreChanges = { "sshKeys", "userData", "image" },
            }))
    {
        _number = number;
        _args = args;
        RegisterOutputs();
    }

    /// <summary>Declares what it is to be among the others. Changes nothing on the host.</summary>
    internal void StageAmong(Output<Ensemble> ensemble, string clusterName) =>
        Stage(Output.Tuple(ensemble, Addresses).Apply(both => Wanted.Master(_args.Settings, clusterName, both.Item1, _number, both.Item2)));

    /// <summary>Declares the step that makes it so.</summary>
    /// <param name="ensemble">All masters.</param>
    /// <param name="after">What comes before: the master whose turn it was.</param>
    internal void ApplyAmong(Output<Ensemble> ensemble, params IEnumerable<Resource> after) =>
        Apply(ensemble.Apply(e => new Neighbours(e.Addresses.Where((_, index) => index != _number - 1), e.Addresses.Skip(_number))), after);

    /// <summary>Declares the step that notes on it that the cluster was whole. From then on it changes only while all others are healthy.</summary>
    /// <param name="whole">The check that the cluster is whole.</param>
    internal void NoteFormed(Resource whole) => Steps.Run("formed", RemoteScript.Formed(), whole);
}
