using MesosStack.Embedded.Lab.Hosts;
using static MesosStack.Embedded.Lab.Api.Rules;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The account's VPCs: each a range of addresses and a bridge of this machine.</summary>
internal sealed class Vpcs(LabOptions options, LabState state, IMachineHost host)
{
    public object Create(VpcRequest request) => state.Change(records =>
    {
        Refuse(!VpcName().IsMatch(request.Name ?? ""), "name: Only letters, numbers, periods and dashes are allowed.");
        Refuse(records.Vpcs.Exists(v => v.Name == request.Name), "A VPC with the same name already exists in your account.");
        var region = Catalog.Region(request.Region);
        Subnet? wanted = request.IpRange is { Length: > 0 } range ? Private(records, range) : null;
        Subnet? regions = FindDefault(records, region) is null ? Free(records, wanted) : null;
        var own = wanted ?? Free(records, regions);

        // As in an account that is in use, the region has a default network already. So a new network does not become the default, which could not be deleted.
        if (regions is { } first)
        {
            AddDefault(records, region, first);
        }

        return Views.Vpc(Add(records, request.Name!, request.Description ?? "", region, own, isDefault: false));
    });

    public object Update(string id, VpcRequest request) => state.Change(records =>
    {
        var vpc = records.Vpc(id);
        Refuse(request.Name is not null && !VpcName().IsMatch(request.Name), "name: Only letters, numbers, periods and dashes are allowed.");
        Refuse(records.Vpcs.Exists(v => v != vpc && v.Name == request.Name), "A VPC with the same name already exists in your account.");
        vpc.Name = request.Name ?? vpc.Name;
        vpc.Description = request.Description ?? vpc.Description;
        return Views.Vpc(vpc);
    });

    public async Task DeleteAsync(string id)
    {
        var network = state.Change(records =>
        {
            var vpc = records.Vpc(id);
            if (vpc.Default)
            {
                throw ApiException.Forbidden("Can not delete default VPCs");
            }

            // A droplet that is being removed is still a member, as in the real cloud. 403 is what vpcs_delete of DigitalOcean's
            // public specification has for both; a 409 was met there, too.
            if (records.Droplets.Exists(d => d.VpcId == id))
            {
                throw ApiException.Forbidden("Can not delete VPC with members");
            }

            records.Vpcs.Remove(vpc);
            return vpc.Network;
        });
        await host.RemoveNetworkAsync(network);
    }

    /// <summary>A region's own network, made with its first use.</summary>
    public VpcRecord Default(LabRecords records, string region) =>
        FindDefault(records, region) ?? AddDefault(records, region, Free(records, null));

    private static VpcRecord? FindDefault(LabRecords records, string region) => records.Vpcs.Find(v => v.Region == region && v.Default);

    private static VpcRecord AddDefault(LabRecords records, string region, Subnet range) =>
        Add(records, $"default-{region}", "", region, range, isDefault: true);

    private static VpcRecord Add(LabRecords records, string name, string description, string region, Subnet range, bool isDefault)
    {
        var vpc = new VpcRecord
        {
            Id = Guid.NewGuid().ToString(),
            Name = name,
            Description = description,
            Region = region,
            IpRange = range.ToString(),
            Default = isDefault,
            CreatedAt = LabState.Now(),
            Network = Enumerable.Range(1, int.MaxValue).First(n => !records.Vpcs.Exists(v => v.Network == n)),
        };
        records.Vpcs.Add(vpc);
        return vpc;
    }

    private static bool IsTaken(LabRecords records, Subnet range) => records.Vpcs.Exists(v => Subnet.Parse(v.IpRange).Overlaps(range));

    /// <summary>The first /20 of the lab's private range that no VPC has, and that leaves room for another one that is asked for.</summary>
    private Subnet Free(LabRecords records, Subnet? besides) =>
        Subnet.Parse(options.PrivateRange).Split(20)
            .Where(s => !IsTaken(records, s) && besides?.Overlaps(s) != true).Select(s => (Subnet?)s).FirstOrDefault()
        ?? throw ApiException.Unprocessable("The lab's private range has no /20 left.");

    private Subnet Private(LabRecords records, string range)
    {
        var subnet = Subnet.TryParse(range) ?? throw ApiException.Unprocessable("ip_range: not a valid CIDR");
        string[] allowed = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", options.PrivateRange];
        Refuse(subnet.PrefixLength is < 16 or > 28, "ip_range: must be from /16 to /28");
        Refuse(!allowed.Any(a => Subnet.Parse(a).PrefixLength <= subnet.PrefixLength && Subnet.Parse(a).Overlaps(subnet)), "ip_range: must be in a private range");
        Refuse(IsTaken(records, subnet), "This range/size overlaps with another VPC network in your account");
        return subnet;
    }
}
