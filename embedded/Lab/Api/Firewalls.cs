using MesosStack.Embedded.Lab.Hosts;
using static MesosStack.Embedded.Lab.Api.Rules;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>The account's firewalls: by droplet, by tag, or both.</summary>
internal sealed class Firewalls(LabState state, FirewallSync sync)
{
    /// <summary>Makes a firewall, or replaces all that one says.</summary>
    /// <param name="id">The one to replace; null makes one.</param>
    /// <param name="request">What it says.</param>
    public async Task<object> PutAsync(string? id, FirewallRequest request)
    {
        var view = state.Change(records =>
        {
            var firewall = id is null ? new FirewallRecord { Id = Guid.NewGuid().ToString(), Name = "", CreatedAt = LabState.Now() } : records.Firewall(id);
            Refuse(!HostName().IsMatch(request.Name ?? ""), "name: must contain only letters, numbers, periods and dashes, and start and end with a letter or number.");
            Refuse(records.Firewalls.Exists(f => f != firewall && f.Name == request.Name), "duplicate name");
            Check(records, request);
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
            return Views.Firewall(firewall);
        });
        await sync.ApplyAsync();
        return view;
    }

    public async Task DeleteAsync(string id)
    {
        state.Change(records => records.Firewalls.Remove(records.Firewall(id)));
        await sync.ApplyAsync();
    }

    private static void Check(LabRecords records, FirewallRequest request)
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
}
