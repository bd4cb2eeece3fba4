using MesosStack.Components;
using MesosStack.Components.Settings;
using Pulumi;

return await Deployment.RunAsync(() =>
{
    var settings = StackSettings.Load();
    var cluster = new MesosCluster("mesos", new MesosClusterArgs { Settings = settings });
    return cluster.StackOutputs();
});
