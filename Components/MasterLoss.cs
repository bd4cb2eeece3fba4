using Pulumi;
using Pulumi.Random;
using Pulumi.Utilities;

namespace MesosStack.Components;

/// <summary>Refuses an update in which most masters would be new at once.</summary>
internal static class MasterLoss
{
    /// <summary>
    /// Only a preview can tell: there, the id of a droplet that is to be created is not known. The random id that is created after the readiness check is known once the
    /// cluster was whole.
    /// </summary>
    /// <exception cref="RunException">Two masters or more would be replaced.</exception>
    public static async Task<bool> RefuseTwoAsync(RandomId formed, IReadOnlyList<MesosMaster> masters)
    {
        if (!Deployment.Instance.IsDryRun || !await OutputUtilities.GetIsKnownAsync(formed.Hex))
        {
            return true;
        }

        var lost = new List<string>();
        foreach (var master in masters)
        {
            if (!await OutputUtilities.GetIsKnownAsync(master.Droplet.Id))
            {
                lost.Add(master.MemberName);
            }
        }

        if (lost.Count > 1)
        {
            throw new RunException($"{string.Join(" and ", lost)} would be replaced in one update; nothing was touched. With most masters new at once, Mesos's registry and Marathon's apps are lost: replace one master per update.");
        }

        if (lost.Count == masters.Count)
        {
            Log.Warn($"{lost[0]} is the only master and would be replaced: Mesos's registry and every app that was not made by this program are lost with it.");
        }

        return true;
    }
}
