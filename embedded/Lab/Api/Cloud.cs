using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Lab.Hosts;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The rules of the cloud: what may be made of what, who has which address, and what happens to a droplet after the answer was sent.</summary>
/// <remarks>Records are read and changed under one lock. Work on machines runs in the background, one at a time for each droplet.</remarks>
internal sealed partial class Cloud : IDisposable
{
    private const int MaximumActions = 2000;
    private readonly Lock gate = new();
    private readonly LabOptions options;
    private readonly IMachineHost host;
    private readonly RecordsFile file;
    private readonly LabRecords records;
    private readonly Action<string> log;
    private readonly Dictionary<long, SemaphoreSlim> turns = [];
    private readonly SemaphoreSlim firewallTurn = new(1);
    private readonly HashSet<Task> background = [];

    public Cloud(LabOptions options, IMachineHost host, RecordsFile file, Action<string> log)
    {
        this.options = options;
        this.host = host;
        this.file = file;
        this.log = log;
        records = file.Load();
    }

    /// <summary>Takes up what an earlier daemon left: finishes what it had begun, and boots what was killed.</summary>
    public void Resume()
    {
        lock (gate)
        {
            foreach (var droplet in records.Droplets.ToList())
            {
                var pending = records.Actions.Where(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress).ToList();
                switch (droplet.Phase)
                {
                    case DropletPhase.Deleting:
                        log($"{droplet.Name}: finishing its removal");
                        Run(droplet.Id, () => DestroyAsync(droplet));
                        break;
                    case DropletPhase.New:
                        log($"{droplet.Name}: finishing its creation");
                        Run(droplet.Id, () => ProvisionAsync(droplet, pending.FirstOrDefault(a => a.Type == "create")));
                        break;
                    case DropletPhase.Active when pending.Count > 0:
                        pending.ForEach(action => Run(droplet.Id, () => ActAsync(droplet, action, null)));
                        break;
                    case DropletPhase.Active when droplet.PoweredOn && host.State(droplet.Id) == MachineState.Off:
                        droplet.PoweredOn = false;
                        break;
                    case DropletPhase.Active when droplet.PoweredOn:
                        log($"{droplet.Name}: {(host.State(droplet.Id) == MachineState.Running ? "found running" : "was killed, booting it again")}");
                        Run(droplet.Id, () => ReviveAsync(droplet));
                        break;
                    default:
                        break;
                }
            }

            Save();
        }
    }

    /// <summary>Waits for all work on machines.</summary>
    public async Task DrainAsync()
    {
        Task[] all;
        lock (gate)
        {
            all = [.. background];
        }

        await Task.WhenAll(all);
    }

    /// <summary>Reads the records.</summary>
    public T Read<T>(Func<LabRecords, T> read)
    {
        lock (gate)
        {
            return read(records);
        }
    }

    /// <summary>The status that the API shows.</summary>
    public string Status(DropletRecord droplet) =>
        droplet.Phase == DropletPhase.New ? "new" : host.State(droplet.Id) == MachineState.Running ? "active" : "off";

    /// <summary>Whether an action is under way.</summary>
    public bool Locked(DropletRecord droplet) =>
        Read(r => r.Actions.Exists(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress));

    public DropletRecord Droplet(long id) => Read(r =>
        r.Droplets.Find(d => d.Id == id && d.Phase != DropletPhase.Deleting) ?? throw ApiException.NotFound());

    public ActionRecord Action(long id) => Read(r => r.Actions.Find(a => a.Id == id) ?? throw ApiException.NotFound());

    public KeyRecord Key(string idOrFingerprint) => Read(r => r.Keys.Find(k =>
        k.Fingerprint == idOrFingerprint || k.Id.ToString(CultureInfo.InvariantCulture) == idOrFingerprint) ?? throw ApiException.NotFound());

    public VpcRecord Vpc(string id) => Read(r => r.Vpcs.Find(v => v.Id == id) ?? throw ApiException.NotFound());

    public FirewallRecord Firewall(string id) => Read(r => r.Firewalls.Find(f => f.Id == id) ?? throw ApiException.NotFound());

    // Droplets

    public (DropletRecord Droplet, ActionRecord Action) CreateDroplet(DropletRequest request)
    {
        lock (gate)
        {
            var name = request.Name ?? "";
            if (request.Names is not null)
            {
                throw ApiException.Unprocessable("names: the lab makes one droplet for each request.");
            }

            if (!HostName().IsMatch(name) || name.Length > 63)
            {
                throw ApiException.Unprocessable("Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
            }

            var region = Catalog.FindRegion(request.Region ?? Catalog.Regions[0].Slug)
                ?? throw ApiException.Unprocessable($"Region '{request.Region}' is not available in the lab.");
            var size = Catalog.FindSize(request.Size) ?? throw ApiException.Unprocessable("You specified an invalid size for Droplet creation.");
            var image = Catalog.FindImage(request.Image?.ToString() ?? "")
                ?? throw ApiException.Unprocessable("You specified an invalid image for Droplet creation.");
            Refuse(!string.IsNullOrEmpty(request.UserData), "user_data is not supported by the lab: its hosts have no cloud-init.");
            Refuse(request.Volumes is { Count: > 0 }, "volumes are not supported by the lab.");
            Refuse(request.Ipv6 == true, "ipv6 is not supported by the lab.");
            Refuse(request.Backups == true, "backups are not supported by the lab.");
            Refuse(request.PublicNetworking == false, "public_networking cannot be turned off in the lab.");
            var keys = (request.SshKeys ?? []).Select(k => records.Keys.Find(known =>
                    known.Fingerprint == k.ToString() || known.Id.ToString(CultureInfo.InvariantCulture) == k.ToString())
                ?? throw ApiException.Unprocessable($"{k} are invalid key identifiers for Droplet creation.")).ToList();
            Refuse(keys.Count == 0, "ssh_keys: the lab makes no password and sends no mail, so a droplet needs a key.");
            var tags = (request.Tags ?? []).Distinct().ToList();
            tags.ForEach(EnsureTag);
            var vpc = request.VpcUuid is { Length: > 0 } id
                ? records.Vpcs.Find(v => v.Id == id) ?? throw ApiException.Unprocessable("vpc_uuid: there is no such VPC.")
                : DefaultVpc(region.Slug);
            Refuse(vpc.Region != region.Slug, "The VPC is in another region than the Droplet.");

            var last = records.LastPublicAddress;
            var publicAddress = new Subnet(options.PublicRange).Next(ref last, 10, records.Droplets.Select(d => d.PublicAddress).ToHashSet())
                ?? throw ApiException.Unprocessable("The lab's public range has no address left.");
            var lastPrivate = vpc.LastAddress;
            var privateAddress = new Subnet(vpc.IpRange).Next(
                    ref lastPrivate, 2, records.Droplets.Where(d => d.VpcId == vpc.Id).Select(d => d.PrivateAddress).ToHashSet())
                ?? throw ApiException.Unprocessable("The VPC has no address left.");
            records.LastPublicAddress = last;
            vpc.LastAddress = lastPrivate;

            var droplet = new DropletRecord
            {
                Id = records.NextId++,
                Name = name,
                HostName = name,
                Region = region.Slug,
                Size = size.Slug,
                Disk = size.Disk,
                Image = image.Slug,
                Tags = tags,
                VpcId = vpc.Id,
                PublicAddress = publicAddress,
                PrivateAddress = privateAddress,
                AuthorizedKeys = [.. keys.Select(k => k.PublicKey)],
                CreatedAt = Now(),
                Features = request.Monitoring == true ? ["monitoring", "private_networking"] : ["private_networking"],
            };
            records.Droplets.Add(droplet);
            var action = NewAction(droplet, "create");
            Save();
            Run(droplet.Id, () => ProvisionAsync(droplet, action));
            return (droplet, action);
        }
    }

    public void DeleteDroplet(long id)
    {
        lock (gate)
        {
            var droplet = Droplet(id);
            droplet.Phase = DropletPhase.Deleting;
            foreach (var firewall in records.Firewalls)
            {
                firewall.DropletIds.Remove(id);
            }

            Save();
            Run(id, () => DestroyAsync(droplet));
        }
    }

    public ActionRecord Act(long id, ActionRequest request)
    {
        lock (gate)
        {
            var droplet = Droplet(id);
            var status = Status(droplet);
            Refuse(Locked(droplet), "Droplet already has a pending event.");
            switch (request.Type)
            {
                case "power_on":
                    Refuse(status == "active", "Droplet is already powered on.");
                    break;
                case "power_off" or "shutdown" or "reboot":
                    Refuse(status != "active", "Droplet is currently off. Please power it on to run this event.");
                    break;
                case "power_cycle":
                    break;
                case "rename":
                    Refuse(!HostName().IsMatch(request.Name ?? ""), "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
                    break;
                case "resize":
                    Refuse(Catalog.FindSize(request.Size) is null, "You specified an invalid size for Droplet resize.");
                    Refuse(status == "active", "Droplet must be powered off to resize it.");
                    Refuse(request.Disk && Catalog.FindSize(request.Size)!.Disk < droplet.Disk, "A disk cannot be made smaller.");
                    break;
                default:
                    throw ApiException.Unprocessable($"The lab knows no action '{request.Type}'.");
            }

            var action = NewAction(droplet, request.Type);
            Save();
            Run(id, () => ActAsync(droplet, action, request));
            return action;
        }
    }

    // Keys

    public KeyRecord CreateKey(KeyRequest request)
    {
        lock (gate)
        {
            var line = (request.PublicKey ?? "").Trim();
            var fingerprint = PublicKey.Fingerprint(line) ?? throw ApiException.Unprocessable("Key invalid, key should be of the format `type key [comment]`");
            Refuse(string.IsNullOrEmpty(request.Name), "Name can't be blank");
            Refuse(records.Keys.Exists(k => k.Fingerprint == fingerprint), "SSH Key is already in use on your account");
            var key = new KeyRecord { Id = records.NextId++, Name = request.Name!, PublicKey = line, Fingerprint = fingerprint };
            records.Keys.Add(key);
            Save();
            return key;
        }
    }

    public KeyRecord RenameKey(string id, KeyRequest request)
    {
        lock (gate)
        {
            var key = Key(id);
            Refuse(string.IsNullOrEmpty(request.Name), "Name can't be blank");
            key.Name = request.Name!;
            Save();
            return key;
        }
    }

    public void DeleteKey(string id)
    {
        lock (gate)
        {
            records.Keys.Remove(Key(id));
            Save();
        }
    }

    // VPCs

    public VpcRecord CreateVpc(VpcRequest request)
    {
        lock (gate)
        {
            Refuse(!VpcName().IsMatch(request.Name ?? ""), "name: Only letters, numbers, periods and dashes are allowed.");
            Refuse(records.Vpcs.Exists(v => v.Name == request.Name), "A VPC with the same name already exists in your account.");
            var region = Catalog.FindRegion(request.Region) ?? throw ApiException.Unprocessable($"Region '{request.Region}' is not available in the lab.");
            // As in an account that is in use: the region has its default network, so that a new one can be deleted again.
            DefaultVpc(region.Slug);
            var vpc = AddVpc(request.Name!, request.Description ?? "", region.Slug, request.IpRange, isDefault: false);
            Save();
            return vpc;
        }
    }

    public VpcRecord UpdateVpc(string id, VpcRequest request)
    {
        lock (gate)
        {
            var vpc = Vpc(id);
            Refuse(request.Name is not null && !VpcName().IsMatch(request.Name), "name: Only letters, numbers, periods and dashes are allowed.");
            Refuse(records.Vpcs.Exists(v => v != vpc && v.Name == request.Name), "A VPC with the same name already exists in your account.");
            vpc.Name = request.Name ?? vpc.Name;
            vpc.Description = request.Description ?? vpc.Description;
            if (request.Default == true)
            {
                records.Vpcs.Where(v => v.Region == vpc.Region).ToList().ForEach(v => v.Default = v == vpc);
            }

            Save();
            return vpc;
        }
    }

    public async Task DeleteVpcAsync(string id)
    {
        VpcRecord vpc;
        lock (gate)
        {
            vpc = Vpc(id);
            if (vpc.Default)
            {
                throw new ApiException(403, "forbidden", "Can not delete default VPCs");
            }

            // A droplet that is being removed is still a member, as in the real cloud.
            if (records.Droplets.Exists(d => d.VpcId == id))
            {
                throw ApiException.Conflict("Can not delete VPC with members");
            }

            records.Vpcs.Remove(vpc);
            Save();
        }

        await host.RemoveNetworkAsync(vpc.Network);
    }

    // Firewalls

    public async Task<FirewallRecord> PutFirewallAsync(string? id, FirewallRequest request)
    {
        FirewallRecord firewall;
        lock (gate)
        {
            firewall = id is null ? new FirewallRecord { Id = Guid.NewGuid().ToString(), Name = "", CreatedAt = Now() } : Firewall(id);
            Refuse(!FirewallName().IsMatch(request.Name ?? ""), "name: must contain only letters, numbers, periods and dashes, and start and end with a letter or number.");
            Refuse(records.Firewalls.Exists(f => f != firewall && f.Name == request.Name), "duplicate name");
            Check(request);
            Refuse((request.InboundRules ?? []).Count + (request.OutboundRules ?? []).Count == 0, "must have at least one rule");
            if (id is null)
            {
                records.Firewalls.Add(firewall);
            }

            firewall.Name = request.Name!;
            firewall.InboundRules = request.InboundRules ?? [];
            firewall.OutboundRules = request.OutboundRules ?? [];
            firewall.DropletIds = [.. (request.DropletIds ?? []).Distinct()];
            firewall.Tags = [.. (request.Tags ?? []).Distinct()];
            Save();
        }

        await ApplyFirewallsAsync();
        return firewall;
    }

    public async Task ExtendFirewallAsync(string id, FirewallRequest request)
    {
        lock (gate)
        {
            var firewall = Firewall(id);
            Check(request);
            Refuse(firewall.DropletIds.Union(request.DropletIds ?? []).Count() > 10, "too many droplets: at most 10, use tags for more");
            Refuse(firewall.Tags.Union(request.Tags ?? []).Count() > 5, "too many tags: at most 5");
            firewall.DropletIds = [.. firewall.DropletIds.Union(request.DropletIds ?? [])];
            firewall.Tags = [.. firewall.Tags.Union(request.Tags ?? [])];
            firewall.InboundRules = [.. firewall.InboundRules, .. request.InboundRules ?? []];
            firewall.OutboundRules = [.. firewall.OutboundRules, .. request.OutboundRules ?? []];
            Save();
        }

        await ApplyFirewallsAsync();
    }

    public async Task ReduceFirewallAsync(string id, FirewallRequest request)
    {
        lock (gate)
        {
            var firewall = Firewall(id);
            firewall.DropletIds.RemoveAll((request.DropletIds ?? []).Contains);
            firewall.Tags.RemoveAll((request.Tags ?? []).Contains);
            firewall.InboundRules.RemoveAll(rule => (request.InboundRules ?? []).Exists(other => Same(rule.Protocol, rule.Ports, rule.Sources, other.Protocol, other.Ports, other.Sources)));
            firewall.OutboundRules.RemoveAll(rule =>
                (request.OutboundRules ?? []).Exists(other => Same(rule.Protocol, rule.Ports, rule.Destinations, other.Protocol, other.Ports, other.Destinations)));
            Save();
        }

        await ApplyFirewallsAsync();
    }

    public async Task DeleteFirewallAsync(string id)
    {
        lock (gate)
        {
            records.Firewalls.Remove(Firewall(id));
            Save();
        }

        await ApplyFirewallsAsync();
    }

    // Tags

    public void CreateTag(string? name)
    {
        lock (gate)
        {
            Refuse(string.IsNullOrEmpty(name), "Tag name can't be blank");
            EnsureTag(name!);
            Save();
        }
    }

    public async Task DeleteTagAsync(string name)
    {
        lock (gate)
        {
            if (!records.Tags.Remove(name))
            {
                throw ApiException.NotFound();
            }

            records.Droplets.ForEach(d => d.Tags.Remove(name));
            records.Firewalls.ForEach(f => f.Tags.Remove(name));
            Save();
        }

        await ApplyFirewallsAsync();
    }

    public async Task TagAsync(string name, TaggingRequest request, bool remove)
    {
        lock (gate)
        {
            if (!records.Tags.Contains(name))
            {
                throw ApiException.NotFound();
            }

            foreach (var resource in request.Resources ?? [])
            {
                Refuse(resource.ResourceType != "droplet", $"resource_type '{resource.ResourceType}' is not supported by the lab.");
                Refuse(!long.TryParse(resource.ResourceId.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _), "resource_id is no droplet id.");
                var droplet = Droplet(long.Parse(resource.ResourceId.ToString(), CultureInfo.InvariantCulture));
                droplet.Tags.Remove(name);
                if (!remove)
                {
                    droplet.Tags.Add(name);
                }
            }

            Save();
        }

        await ApplyFirewallsAsync();
    }

    public void Dispose() => firewallTurn.Dispose();

    private static DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw ApiException.Unprocessable(message);
        }
    }

    private static bool Same(string? protocol, string? ports, Peers? peers, string? otherProtocol, string? otherPorts, Peers? otherPeers) =>
        protocol == otherProtocol && (ports ?? "0") == (otherPorts ?? "0") && JsonSerializer.Serialize(peers) == JsonSerializer.Serialize(otherPeers);

    private void Check(FirewallRequest request)
    {
        foreach (var id in request.DropletIds ?? [])
        {
            Refuse(!records.Droplets.Exists(d => d.Id == id && d.Phase != DropletPhase.Deleting), $"droplet {id} does not exist");
        }

        foreach (var tag in request.Tags ?? [])
        {
            Refuse(!records.Tags.Contains(tag), $"tag '{tag}' does not exist");
        }

        Refuse((request.DropletIds ?? []).Count > 10, "too many droplets: at most 10, use tags for more");
        Refuse((request.Tags ?? []).Count > 5, "too many tags: at most 5");
        var rules = (request.InboundRules ?? []).Select(r => (r.Protocol, r.Ports, Peers: r.Sources, Side: "sources"))
            .Concat((request.OutboundRules ?? []).Select(r => (r.Protocol, r.Ports, Peers: r.Destinations, Side: "destinations")));
        foreach (var (protocol, ports, peers, side) in rules)
        {
            Refuse(protocol is not ("tcp" or "udp" or "icmp"), $"protocol '{protocol}' is not one of tcp, udp, icmp");
            Refuse(protocol != "icmp" && string.IsNullOrEmpty(ports), $"a {protocol} rule must have ports");
            Refuse(protocol != "icmp" && !FirewallRules.IsPorts(ports!), $"ports '{ports}' are not all, 0, one port, or first-last");
            Refuse(peers is { LoadBalancerUids.Count: > 0 } or { KubernetesIds.Count: > 0 }, "load balancers and Kubernetes clusters are not supported by the lab");
            Refuse((peers?.Addresses ?? []).Count + (peers?.DropletIds ?? []).Count + (peers?.Tags ?? []).Count == 0, $"{side} cannot be empty");
            foreach (var address in peers?.Addresses ?? [])
            {
                Refuse(!FirewallRules.IsAddress(address), $"'{address}' is no address or CIDR");
            }

            foreach (var tag in peers?.Tags ?? [])
            {
                Refuse(!records.Tags.Contains(tag), $"tag '{tag}' does not exist");
            }
        }
    }

    private void EnsureTag(string name)
    {
        Refuse(!TagName().IsMatch(name), $"Tag name '{name}' may have letters, numbers, colons, dashes and underscores only, at most 255.");
        if (!records.Tags.Contains(name))
        {
            records.Tags.Add(name);
        }
    }

    private VpcRecord DefaultVpc(string region) =>
        records.Vpcs.Find(v => v.Region == region && v.Default) ?? AddVpc($"default-{region}", "", region, null, isDefault: true);

    private VpcRecord AddVpc(string name, string description, string region, string? range, bool isDefault)
    {
        Subnet subnet;
        if (string.IsNullOrEmpty(range))
        {
            subnet = new Subnet(options.PrivateRange).Split(20).Where(s => !Taken(s)).Select(s => (Subnet?)s).FirstOrDefault()
                ?? throw ApiException.Unprocessable("The lab's private range has no /20 left.");
        }
        else
        {
            subnet = Private(range);
            Refuse(Taken(subnet), "This range/size overlaps with another VPC network in your account");
        }

        var vpc = new VpcRecord
        {
            Id = Guid.NewGuid().ToString(),
            Name = name,
            Description = description,
            Region = region,
            IpRange = subnet.ToString(),
            Default = isDefault,
            CreatedAt = Now(),
            Network = Enumerable.Range(1, int.MaxValue).First(n => !records.Vpcs.Exists(v => v.Network == n)),
        };
        records.Vpcs.Add(vpc);
        return vpc;

        bool Taken(Subnet candidate) => records.Vpcs.Exists(v => new Subnet(v.IpRange).Overlaps(candidate));
    }

    private Subnet Private(string range)
    {
        Subnet subnet;
        try
        {
            subnet = new Subnet(range);
        }
        catch (FormatException)
        {
            throw ApiException.Unprocessable("ip_range: not a valid CIDR");
        }

        string[] allowed = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", options.PrivateRange];
        Refuse(subnet.PrefixLength is < 16 or > 28, "ip_range: must be from /16 to /28");
        Refuse(!allowed.Any(a => new Subnet(a).PrefixLength <= subnet.PrefixLength && new Subnet(a).Overlaps(subnet)), "ip_range: must be in a private range");
        return subnet;
    }

    private ActionRecord NewAction(DropletRecord droplet, string type)
    {
        var action = new ActionRecord { Id = records.NextId++, Type = type, DropletId = droplet.Id, Region = droplet.Region, StartedAt = Now() };
        records.Actions.Add(action);
        if (records.Actions.Count > MaximumActions)
        {
            records.Actions.RemoveAt(0);
        }

        return action;
    }

    private void Save() => file.Save(records);

    private void Update(Action change)
    {
        lock (gate)
        {
            change();
            Save();
        }
    }

    private void Finish(ActionRecord? action, bool success) => Update(() =>
    {
        if (action is not null)
        {
            action.Status = success ? ActionRecord.Completed : ActionRecord.Errored;
            action.CompletedAt = Now();
        }
    });

    private MachineSpec Spec(DropletRecord droplet)
    {
        var vpc = Vpc(droplet.VpcId);
        return new MachineSpec(droplet.Id, droplet.HostName, droplet.PublicAddress, droplet.PrivateAddress,
            new Subnet(vpc.IpRange).PrefixLength, vpc.Network, droplet.AuthorizedKeys);
    }

    private async Task ProvisionAsync(DropletRecord droplet, ActionRecord? action)
    {
        try
        {
            await host.PrepareAsync(Spec(droplet));
            await ApplyFirewallsAsync();
            await host.StartAsync(droplet.Id);
            Update(() => droplet.Phase = droplet.Phase == DropletPhase.New ? DropletPhase.Active : droplet.Phase);
            Finish(action, success: true);
        }
        catch (LabException)
        {
            Finish(action, success: false);
            throw;
        }
    }

    private async Task ReviveAsync(DropletRecord droplet)
    {
        await host.PrepareAsync(Spec(droplet));
        await ApplyFirewallsAsync();
        await host.StartAsync(droplet.Id);
    }

    private async Task DestroyAsync(DropletRecord droplet)
    {
        await host.DestroyAsync(droplet.Id);
        Update(() =>
        {
            records.Droplets.Remove(droplet);
            turns.Remove(droplet.Id);
            foreach (var action in records.Actions.Where(a => a.DropletId == droplet.Id && a.Status == ActionRecord.InProgress))
            {
                action.Status = ActionRecord.Errored;
            }
        });
        await ApplyFirewallsAsync();
    }

    private async Task ActAsync(DropletRecord droplet, ActionRecord action, ActionRequest? request)
    {
        if (droplet.Phase == DropletPhase.Deleting)
        {
            return;
        }

        try
        {
            var success = true;
            switch (action.Type)
            {
                case "power_on":
                    Update(() => droplet.PoweredOn = true);
                    await ReviveAsync(droplet);
                    break;
                case "power_off":
                    await host.PowerOffAsync(droplet.Id);
                    Update(() => droplet.PoweredOn = false);
                    break;
                case "shutdown":
                    success = await host.ShutdownAsync(droplet.Id);
                    Update(() => droplet.PoweredOn = !success);
                    break;
                case "reboot":
                    success = await host.RebootAsync(droplet.Id);
                    break;
                case "power_cycle":
                    await host.PowerOffAsync(droplet.Id);
                    Update(() => droplet.PoweredOn = true);
                    await ReviveAsync(droplet);
                    break;
                case "rename" when request is not null:
                    Update(() => droplet.Name = request.Name!);
                    break;
                case "resize" when request is not null:
                    Update(() =>
                    {
                        droplet.Size = request.Size!;
                        droplet.Disk = request.Disk ? Catalog.FindSize(request.Size)!.Disk : droplet.Disk;
                    });
                    break;
                default:
                    // The daemon died between the answer and the deed, and the wish is not on record: the caller sees it failed.
                    success = false;
                    break;
            }

            Finish(action, success);
        }
        catch (LabException)
        {
            Finish(action, success: false);
            throw;
        }
    }

    private async Task ApplyFirewallsAsync()
    {
        await firewallTurn.WaitAsync();
        try
        {
            foreach (var (id, rules) in Read(_ => Rules()))
            {
                await host.SetFirewallAsync(id, rules);
            }
        }
        finally
        {
            firewallTurn.Release();
        }
    }

    private List<(long Id, string Rules)> Rules()
    {
        var alive = records.Droplets.Where(d => d.Phase != DropletPhase.Deleting).ToList();
        return [.. alive.Select(droplet => (droplet.Id, FirewallRules.Render(
            [.. records.Firewalls.Where(f => f.DropletIds.Contains(droplet.Id) || f.Tags.Intersect(droplet.Tags).Any())],
            id => alive.Where(d => d.Id == id).SelectMany(Addresses),
            tag => alive.Where(d => d.Tags.Contains(tag)).SelectMany(Addresses))))];

        static IEnumerable<string> Addresses(DropletRecord d) => [d.PublicAddress, d.PrivateAddress];
    }

    /// <summary>Does work on a droplet in the background, after the work that was asked for before.</summary>
    private void Run(long id, Func<Task> work)
    {
        lock (gate)
        {
            if (!turns.TryGetValue(id, out var turn))
            {
                turns[id] = turn = new SemaphoreSlim(1);
            }

            var entered = turn.WaitAsync();
            var task = Task.Run(async () =>
            {
                await entered;
                try
                {
                    await work();
                }
                catch (Exception e) when (e is LabException or IOException or UnauthorizedAccessException)
                {
                    log($"droplet {id}: {e.Message}");
                }
                finally
                {
                    turn.Release();
                }
            });
            background.Add(task);
            task.ContinueWith(done =>
            {
                lock (gate)
                {
                    background.Remove(done);
                }
            }, TaskScheduler.Default);
        }
    }

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$")]
    private static partial Regex HostName();

    [GeneratedRegex(@"^[a-zA-Z0-9.-]{1,250}$")]
    private static partial Regex VpcName();

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$")]
    private static partial Regex FirewallName();

    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,255}$")]
    private static partial Regex TagName();
}
