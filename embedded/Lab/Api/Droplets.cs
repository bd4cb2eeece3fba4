using MesosStack.Embedded.Lab.Hosts;
using static MesosStack.Embedded.Lab.Api.Rules;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The account's droplets: what may be made of what, who gets which address, and which action is taken when.</summary>
internal sealed class Droplets(LabOptions options, LabState state, Vpcs vpcs, IMachineHost host, MachineWork work, Func<int> most)
{
    /// <summary>The status that the API shows.</summary>
    public string Status(DropletRecord droplet) =>
        droplet.Phase == DropletPhase.New ? "new" : host.State(droplet.Id) == MachineState.Running ? "active" : "off";

    /// <summary>A droplet as the API shows it.</summary>
    public object Show(LabRecords records, DropletRecord droplet) => Views.Droplet(records, droplet, Status(droplet));

    /// <summary>Makes a droplet.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="owner">For whom; null where that cannot be told.</param>
    public object Create(DropletRequest request, LabUser? owner = null) => state.Change(records =>
    {
        var name = request.Name ?? "";
        Refuse(!HostName().IsMatch(name) || name.Length > 63, "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
        Refuse(records.Droplets.Count >= most(),
            $"The lab of this machine can run {most()} droplets, since its kernel's limit fs.inotify.max_user_instances is low and cannot be raised by the lab. Raise it: sysctl fs.inotify.max_user_instances=8192");
        var region = Catalog.Region(request.Region ?? Catalog.ThisMachine);
        var size = Catalog.Size(request.Size);
        Refuse(request.Image?.ToString() != Catalog.Image, "You specified an invalid image for Droplet creation.");
        Refuse(!string.IsNullOrEmpty(request.UserData), "user_data is not supported by the lab: its hosts have no cloud-init.");
        Refuse(request.Volumes is { Count: > 0 }, "volumes are not supported by the lab.");
        Refuse(request.Ipv6 == true, "ipv6 is not supported by the lab.");
        Refuse(request.Backups == true, "backups are not supported by the lab.");
        Refuse(request.PublicNetworking == false, "public_networking cannot be turned off in the lab.");
        var keys = (request.SshKeys ?? []).Select(k =>
            records.FindKey(k.ToString()) ?? throw ApiException.Unprocessable($"{k} are invalid key identifiers for Droplet creation.")).ToList();
        Refuse(keys.Count == 0, "ssh_keys: the lab makes no password and sends no mail, so a droplet needs a key.");
        var tags = (request.Tags ?? []).Distinct().ToList();
        tags.ForEach(Tags.Check);
        var last = records.LastPublicAddress;
        var publicAddress = Subnet.Parse(options.PublicRange).Next(ref last, 10, records.Droplets.Select(d => d.PublicAddress).ToHashSet())
            ?? throw ApiException.Unprocessable("The lab's public range has no address left.");
        Refuse(request.VpcUuid is { Length: > 0 } && !records.Vpcs.Exists(v => v.Id == request.VpcUuid), "vpc_uuid: there is no such VPC.");

        // This is the last check: a default network that is made now has a free address.
        var vpc = request.VpcUuid is { Length: > 0 } id ? records.Vpc(id) : vpcs.Default(records, region);
        Refuse(vpc.Region != region, "The VPC is in another region than the Droplet.");
        var lastPrivate = vpc.LastAddress;
        var privateAddress = Subnet.Parse(vpc.IpRange).Next(
                ref lastPrivate, 2, records.Droplets.Where(d => d.VpcId == vpc.Id).Select(d => d.PrivateAddress).ToHashSet())
            ?? throw ApiException.Unprocessable("The VPC has no address left.");
        tags.ForEach(tag => Tags.Ensure(records, tag));
        records.LastPublicAddress = last;
        vpc.LastAddress = lastPrivate;

        var droplet = new DropletRecord
        {
            Id = records.NextId++,
            Name = name,
            HostName = name,
            Region = region,
            Size = size.Slug,
            Disk = size.Disk,
            Tags = tags,
            VpcId = vpc.Id,
            PublicAddress = publicAddress,
            PrivateAddress = privateAddress,
            AuthorizedKeys = [.. keys.Select(k => k.PublicKey)],
            CreatedAt = LabState.Now(),
            Owner = owner,
            Features = request.Monitoring == true ? ["monitoring", "private_networking"] : ["private_networking"],
        };
        records.Droplets.Add(droplet);
        var action = records.AddAction(droplet, "create");
        work.Provision(droplet, action);
        return Show(records, droplet);
    });

    public void Delete(long id) => state.Change(records =>
    {
        var droplet = records.Droplet(id);
        droplet.Phase = DropletPhase.Deleting;
        foreach (var firewall in records.Firewalls)
        {
            firewall.DropletIds.Remove(id);
        }

        work.Destroy(droplet);
    });

    public object Act(long id, ActionRequest request) => state.Change(records =>
    {
        var droplet = records.Droplet(id);
        var status = Status(droplet);
        Refuse(records.Locked(droplet), "Droplet already has a pending event.");
        switch (request.Type)
        {
            case "power_on":
                Refuse(status == "active", "Droplet is already powered on.");
                break;
            case "power_off":
                // The text is DigitalOcean's. The official provider takes a refusal with this text for success, and no other.
                Refuse(status != "active", "Droplet is already powered off.");
                break;
            case "reboot":
                Refuse(status != "active", "Droplet is currently off. Please power it on to run this event.");
                break;
            case "shutdown":
                // A shutdown of a droplet that is off completes without an error.
                break;
            case "rename":
                Refuse(!HostName().IsMatch(request.Name ?? ""), "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
                break;
            case "resize":
                var size = Catalog.Size(request.Size, "resize");
                Refuse(status == "active", "Droplet must be powered off to resize it.");
                Refuse(request.Disk && size.Disk < droplet.Disk, "A disk cannot be made smaller.");
                break;
            default:
                throw ApiException.Unprocessable($"The lab knows no action '{request.Type}'.");
        }

        var action = records.AddAction(droplet, request.Type);
        work.Act(droplet, action, request);
        return Views.Action(action);
    });
}
