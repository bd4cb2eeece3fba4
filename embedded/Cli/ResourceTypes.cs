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
}
