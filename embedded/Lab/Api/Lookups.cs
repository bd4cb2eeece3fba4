using System.Globalization;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Finds records by what a request calls them; what is not there is the API's 404.</summary>
internal static class Lookups
{
    public static DropletRecord Droplet(this LabRecords records, long id) =>
        records.Droplets.Find(d => d.Id == id && d.Phase != DropletPhase.Deleting) ?? throw ApiException.NotFound();

    /// <summary>Whether an action on a droplet is under way.</summary>
    public static bool Locked(this LabRecords records, DropletRecord droplet) =>
        records.Actions.Exists(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress);

    public static ActionRecord Action(this LabRecords records, long id) => records.Actions.Find(a => a.Id == id) ?? throw ApiException.NotFound();

    public static KeyRecord Key(this LabRecords records, string idOrFingerprint) => records.FindKey(idOrFingerprint) ?? throw ApiException.NotFound();

    public static KeyRecord? FindKey(this LabRecords records, string idOrFingerprint) => records.Keys.Find(k =>
        k.Fingerprint == idOrFingerprint || k.Id.ToString(CultureInfo.InvariantCulture) == idOrFingerprint);

    public static VpcRecord Vpc(this LabRecords records, string id) => records.Vpcs.Find(v => v.Id == id) ?? throw ApiException.NotFound();

    public static FirewallRecord Firewall(this LabRecords records, string id) => records.Firewalls.Find(f => f.Id == id) ?? throw ApiException.NotFound();
}
