using MesosStack.Components;
using MesosStack.Components.Settings;
using Pulumi.DigitalOcean;

namespace MesosStack.Examples;

/// <summary>A cluster in a network that the program makes itself, beside whatever else lives there.</summary>
public static class OwnNetwork
{
    /// <summary>Declares both; gives the stack's outputs.</summary>
    public static IDictionary<string, object?> Declare()
    {
        var settings = StackSettings.Load();
        var vpc = new Vpc("office", new VpcArgs { Name = "office", Region = settings.Region, IpRange = "10.77.0.0/24" });
        var cluster = new MesosCluster("mesos", new MesosClusterArgs { Settings = settings, VpcUuid = vpc.Id });
        return new Dictionary<string, object?>(cluster.StackOutputs()) { ["vpcUuid"] = vpc.Id };
    }
}
