using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Components;

/// <summary>An agent (in the tutorial's words a slave): it runs tasks.</summary>
public sealed class MesosAgent : MesosHost
{
    /// <summary>Declares the droplet, its scripts and its packages.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="args">Arguments.</param>
    /// <param name="options">Options.</param>
    public MesosAgent(string name, MesosHostArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosAgent", name, Text.MemberName.Agent(args.Number), args, options, new DropletLife(
            args.Settings.AgentSize,
            args.Settings.Packages.Agent,
            HostRole.Agent,
            new CustomResourceOptions
            {
                IgnoreChanges = { "sshKeys", "userData" },

                // An agent that finds other memory than before refuses to start under its old id. A new agent takes its place instead.
                ReplaceOnChanges = { "size" },
            })) => RegisterOutputs();

    /// <inheritdoc />
    internal override string Description => HostDescription.Agent(Args.Settings, Args.Number);
}
