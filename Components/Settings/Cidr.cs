using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>Networks in CIDR notation, in the one spelling that everyone reads alike.</summary>
public static partial class Cidr
{
    // Unicast addresses of the internet (RFC 4291, IANA); the rest of IPv6 is private, local, or given to nobody.
    private static readonly IPNetwork InternetOfIPv6 = IPNetwork.Parse("2000::/3");

    // A mask like that is one of the few that a group of people can have for its own.
    private static readonly BigInteger MostOfIPv4 = BigInteger.One << (32 - 4);
    private static readonly BigInteger MostOfIPv6 = BigInteger.One << (128 - 16);

    /// <summary>A network, or null where the text is none or is spelt in a way that others read otherwise.</summary>
    /// <param name="text">The text.</param>
    public static IPNetwork? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var address, var prefix] && PrefixPattern().IsMatch(prefix) && Address(address) is { } parsed
            && int.Parse(prefix, CultureInfo.InvariantCulture) is var length && length <= Bits(parsed) && Masked(parsed, length) is var network && network.BaseAddress.Equals(parsed)
            ? network
            : null;
    }

    /// <summary>The network in its shortest spelling; what is no network stays as it is.</summary>
    /// <param name="text">The text.</param>
    public static string Canonical(string text) => Parse(text)?.ToString() ?? text;

    /// <summary>What the text may be meant for; null where it cannot be told.</summary>
    /// <param name="text">A text that <see cref="Parse"/> refuses.</param>
    internal static string? Meant(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0].Split('%')[0], out var address))
        {
            return null;
        }

        var bits = Bits(address);
        if (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= Bits(address)))
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6 && bits >= 96)
        {
            (address, bits) = (address.MapToIPv4(), bits - 96);
        }

        return Masked(address, bits).ToString();
    }

    /// <summary>Whether networks together are so much of the internet that nobody can know who is in them.</summary>
    /// <param name="networks">The networks.</param>
    internal static bool CoverTheInternet(IEnumerable<IPNetwork> networks)
    {
        var all = networks.ToList();
        return Covered(all.Where(network => Bits(network.BaseAddress) == 32)) > MostOfIPv4
            || Covered(all.Where(network => Bits(network.BaseAddress) == 128)
                .Where(network => network.Contains(InternetOfIPv6.BaseAddress) || InternetOfIPv6.Contains(network.BaseAddress))) > MostOfIPv6;
    }

    /// <summary>Whether two networks have an address in common.</summary>
    internal static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    // Two networks lie apart, or one within the other.
    private static BigInteger Covered(IEnumerable<IPNetwork> networks)
    {
        var (sum, kept) = (BigInteger.Zero, new List<IPNetwork>());
        foreach (var network in networks.OrderBy(network => network.PrefixLength))
        {
            if (!kept.Exists(wider => wider.Contains(network.BaseAddress)))
            {
                kept.Add(network);
                sum += BigInteger.One << (Bits(network.BaseAddress) - network.PrefixLength);
            }
        }

        return sum;
    }

    // No octal or hexadecimal numbers, no left out ones, no zone, no brackets, no IPv4 address in the clothes of IPv6.
    private static IPAddress? Address(string text) =>
        (IPv4Pattern().IsMatch(text) || IPv6Pattern().IsMatch(text)) && IPAddress.TryParse(text, out var address) && !address.IsIPv4MappedToIPv6 ? address : null;

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static IPNetwork Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(prefix - (8 * i), 0, 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    [GeneratedRegex(@"\A(?:0|[1-9][0-9]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex PrefixPattern();

    [GeneratedRegex(@"\A(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex IPv4Pattern();

    [GeneratedRegex(@"\A[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:[0-9]+\.[0-9.]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex IPv6Pattern();
}
