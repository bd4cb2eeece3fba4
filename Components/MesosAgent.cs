using System.Globalization;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;

namespace MesosStack.Components;

/// <summary>An agent (in the tutorial's words a slave): it runs tasks. Before it goes, its tasks are moved.</summary>
public sealed class MesosAgent : MesosHost
{
    // What one drain may take; then the agent goes all the same.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMinutes(2);

    private static readonly HostServices Roles = new(Run: "mesos-slave", Never: "zookeeper mesos-master marathon chronos");

    private readonly string _name;
    private readonly MesosHostArgs _args;

    /// <summary>Declares the droplet and what is installed on it.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="args">What it is made of.</param>
    /// <param name="options">Options.</param>
    public MesosAgent(int number, MesosHostArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MesosAgent", $"agent-{number}", args, options, new HostRole(
            args.Settings.AgentSize,
            string.Join(' ', args.Settings.Packages.Agent),
            Roles,
            new CustomResourceOptions
            {
                IgnoreChanges = { "sshKeys", "userData" },

                // An agent that finds other memory than before refuses its old identity; a new one takes over instead.
                ReplaceOnChanges = { "size" },
            }))
    {
        _name = $"agent-{number}";
        _args = args;
        RegisterOutputs();
    }

    /// <summary>Declares what it is to be, once the masters are what they are to be.</summary>
    internal void Join(Output<Ensemble> ensemble, Resource lastMaster)
    {
        Stage(Output.Tuple(ensemble, Addresses).Apply(both => Wanted.Agent(_args.Settings, both.Item1, both.Item2)));
        Apply(Output.Create(Neighbours.None), [lastMaster]);
    }

    /// <summary>Declares what happens before the droplet is deleted.</summary>
    /// <param name="ensemble">All masters.</param>
    /// <param name="via">The master that is asked, as the agent may be dead.</param>
    internal void DrainBeforeDeletion(Output<Ensemble> ensemble, MesosMaster via)
    {
        var script = Output.Tuple(ensemble, Addresses).Apply(both => RemoteScript.Drain(new Dictionary<string, string>
        {
            ["AGENT"] = both.Item2.Hostname,
            ["ADDRESS"] = both.Item2.Member,
            ["MASTERS"] = string.Join(' ', both.Item1.Addresses),
            ["DEADLINE"] = DrainTime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        }));
        _ = new Command($"{_name}-drain", new CommandArgs
        {
            Connection = via.Steps.Connection(),
            Delete = script,
            Triggers = new object[] { Droplet.Id },
            AddPreviousOutputInEnv = false,
            Logging = Logging.StdoutAndStderr,
        }, new CustomResourceOptions
        {
            Parent = this,

            // Not with its own droplet, or it would never run. Where that master goes too, the whole cluster goes.
            DeletedWith = via.Droplet,

            // All agents may go at once, and they are drained one after the other.
            CustomTimeouts = new CustomTimeouts { Delete = TimeSpan.FromMinutes(8) + (_args.Settings.Agents * DrainTime) },
            AdditionalSecretOutputs = { "stdout", "stderr" },
        });
    }
}
