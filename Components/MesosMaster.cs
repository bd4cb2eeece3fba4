using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Components;

/// <summary>A master: ZooKeeper, a Mesos master and Marathon. Its number is its ZooKeeper id for good.</summary>
public sealed class MesosMaster : MesosHost
{
    /// <summary>Declares the droplet, its scripts and its packages.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="args">Arguments; the number is 1 to 255.</param>
    /// <param name="options">Options.</param>
    public MesosMaster(string name, MesosHostArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosMaster", name, Text.MemberName.Master(args.Number), args, options, new DropletLife(
            args.Settings.MasterSize,
            args.Settings.Packages.Master,
            HostRole.Master,
            new CustomResourceOptions
            {
                // Never two hosts with one ZooKeeper id. And a master is replaced on purpose only, not because a list was edited.
                DeleteBeforeReplace = true,
                IgnoreChanges = { "sshKeys", "userData", "image" },
            })) => RegisterOutputs();

    /// <inheritdoc />
    internal override string Description => HostDescription.Master(Args.Settings, Args.ClusterName, Args.Number);
}
