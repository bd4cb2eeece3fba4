using MesosStack.Components;
using MesosStack.Components.Settings;

namespace MesosStack.Examples;

/// <summary>Two clusters in one program, say to move work from one to the other. Both read the same settings; only the first has the apps.</summary>
public static class TwoClusters
{
    /// <summary>Declares them; gives the stack's outputs.</summary>
    public static IDictionary<string, object?> Declare()
    {
        var settings = StackSettings.Load();
        var blue = new MesosCluster("blue", new MesosClusterArgs { Settings = settings });
        var green = new MesosCluster("green", new MesosClusterArgs { Settings = settings with { Apps = [] } });
        return new Dictionary<string, object?>
        {
            ["blueMasterUiUrls"] = blue.MasterUiUrls,
            ["blueMarathonUrls"] = blue.MarathonUrls,
            ["blueSshPrivateKey"] = blue.SshPrivateKey,
            ["greenMasterUiUrls"] = green.MasterUiUrls,
            ["greenMarathonUrls"] = green.MarathonUrls,
            ["greenSshPrivateKey"] = green.SshPrivateKey,
        };
    }
}
