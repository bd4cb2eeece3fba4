using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli;

/// <summary>The types of resources that the commands know.</summary>
internal static class ResourceTypes
{
    public const string Cluster = "mesos-stack:index:MesosCluster";
    public const string Master = "mesos-stack:index:MesosMaster";
    public const string Agent = "mesos-stack:index:MesosAgent";
    public const string Droplet = "digitalocean:index/droplet:Droplet";
    public const string Command = "command:remote:Command";
    public const string Copy = "command:remote:CopyToRemote";
    private const string Stack = "pulumi:pulumi:Stack";

    /// <summary>The outputs of the stack whose state this is.</summary>
    public static PropertyMap StackOutputs(Snapshot state) => state.Resources.FirstOrDefault(r => r.Type == Stack)?.Outputs ?? PropertyMap.Empty;
}
