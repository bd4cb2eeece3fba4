using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Turns the firewalls of one droplet into nftables rules for its network namespace.</summary>
internal static class FirewallRules
{
    private const string Open = "flush ruleset\n";

    /// <summary>The rules of every droplet that is not being removed.</summary>
    public static List<(long Id, string Rules)> Render(LabRecords records)
    {
        var alive = records.Droplets.Where(d => d.Phase != DropletPhase.Deleting).ToList();
        return [.. alive.Select(droplet => (droplet.Id, Render(
            [.. records.Firewalls.Where(f => f.DropletIds.Contains(droplet.Id) || f.Tags.Intersect(droplet.Tags).Any())],
            id => alive.Where(d => d.Id == id).SelectMany(Addresses),
            tag => alive.Where(d => d.Tags.Contains(tag)).SelectMany(Addresses))))];

        static IEnumerable<string> Addresses(DropletRecord d) => [d.PublicAddress, d.PrivateAddress];
    }

    /// <summary>The rules: all open without a firewall; with one, what its rules and those of the others allow, and answers to it.</summary>
    /// <param name="firewalls">The firewalls that cover the droplet.</param>
    /// <param name="addresses">Addresses of a droplet by id.</param>
    /// <param name="tagged">Addresses of all droplets with a tag.</param>
    public static string Render(
        IReadOnlyCollection<FirewallRecord> firewalls, Func<long, IEnumerable<string>> addresses, Func<string, IEnumerable<string>> tagged)
    {
        if (firewalls.Count == 0)
        {
            return Open;
        }

        var text = new StringBuilder(Open);
        text.Append("table inet lab {\n");
        Chain(text, "input", "iif", firewalls.SelectMany(f => f.InboundRules).Select(r => (r.Protocol, r.Ports, r.Sources)), "saddr");
        Chain(text, "output", "oif", firewalls.SelectMany(f => f.OutboundRules).Select(r => (r.Protocol, r.Ports, r.Destinations)), "daddr");
        return text.Append("}\n").ToString();

        void Chain(StringBuilder chain, string hook, string loopback, IEnumerable<(string?, string?, Peers?)> rules, string side)
        {
            chain.Append(CultureInfo.InvariantCulture, $"  chain {hook} {{\n    type filter hook {hook} priority 0; policy drop;\n");
            chain.Append(CultureInfo.InvariantCulture, $"    {loopback} lo accept\n    ct state established,related accept\n");
            chain.Append("    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept\n");
            foreach (var (protocol, ports, peers) in rules)
            {
                var all = (peers?.Addresses ?? []).Concat((peers?.DropletIds ?? []).SelectMany(addresses)).Concat((peers?.Tags ?? []).SelectMany(tagged))
                    .Distinct().ToList();
                Rule(chain, protocol, ports, side, "ip", all.Where(a => !a.Contains(':')));
                Rule(chain, protocol, ports, side, "ip6", all.Where(a => a.Contains(':')));
            }

            chain.Append("  }\n");
        }
    }

    /// <summary>Whether a text is an address or a range of addresses.</summary>
    /// <remarks>As nft takes it: .NET alone would also have "1" for 0.0.0.1, zones, and brackets.</remarks>
    public static bool IsAddress(string text)
    {
        var address = text.Split('/')[0];
        return !address.AsSpan().ContainsAny('%', '[', ']') && IPAddress.TryParse(address, out var parsed)
            && (parsed.AddressFamily != AddressFamily.InterNetwork || parsed.ToString() == address)
            && (address == text || IPNetwork.TryParse(Canonical(text), out _));
    }

    /// <summary>Whether a text names ports: all, 0, one, or first-last.</summary>
    public static bool IsPorts(string text)
    {
        var parts = text.Split('-');
        return text is "all" or "0" || (parts.Length <= 2
            && parts.All(p => ushort.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
            && (parts.Length == 1 || int.Parse(parts[0], CultureInfo.InvariantCulture) <= int.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    private static void Rule(StringBuilder chain, string? protocol, string? ports, string side, string family, IEnumerable<string> addresses)
    {
        var set = addresses.Select(Canonical).Distinct().ToList();
        if (set.Count == 0)
        {
            return;
        }

        // Overlapping ranges are an error in an anonymous set, so each address has its rule; "everybody" needs no address at all.
        foreach (var address in set.Exists(IsEverybody) ? ["*"] : set)
        {
            var who = address == "*" ? $"meta nfproto {(family == "ip" ? "ipv4" : "ipv6")}" : $"{family} {side} {address}";
            var what = protocol == "icmp"
                ? $"meta l4proto {(family == "ip" ? "icmp" : "ipv6-icmp")}"
                : ports is null or "all" or "0" ? $"meta l4proto {protocol}" : $"{protocol} dport {ports}";
            chain.Append(CultureInfo.InvariantCulture, $"    {who} {what} accept\n");
        }
    }

    private static bool IsEverybody(string address) => address is "0.0.0.0/0" or "::/0";

    /// <summary>A range whose host bits are zero, as nftables and the network type want it.</summary>
    private static string Canonical(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPAddress.TryParse(text[..slash], out var address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            return text;
        }

        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return $"{new IPAddress(bytes)}/{length}";
    }
}
