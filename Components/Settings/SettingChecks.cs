using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>The rules of single settings that no pattern can tell. <see cref="MustAttribute"/> names them.</summary>
public static partial class SettingChecks
{
    // RFC 1918.
    private static readonly IPNetwork[] PrivateRanges = [.. new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16" }.Select(IPNetwork.Parse)];

    // What DigitalOcean keeps for itself in every region, as its page on the limits of VPCs says.
    private static readonly IPNetwork[] KeptRanges = [.. new[] { "10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24" }.Select(IPNetwork.Parse)];

    /// <summary>How many addresses of a VPC DigitalOcean keeps: the first, the last and "a few others"; it is said to be five in all.</summary>
    internal const int KeptAddresses = 5;

    /// <summary>What is wrong with an IPv4 or IPv6 network in CIDR notation; null where nothing is.</summary>
    public static string? Network(string text) =>
        Cidr.Parse(text) is not null ? null : Cidr.Meant(text) is { } meant ? $"if {meant} is meant, write it so" : "";

    /// <summary>Anything but networks that together are the internet, or a great part of it.</summary>
    public static bool AreNotTheInternet(ImmutableArray<string> texts) => !Cidr.CoverTheInternet(texts.Select(Cidr.Parse).OfType<IPNetwork>());

    /// <summary>What is wrong with a range of a VPC; null where nothing is, or where there is none.</summary>
    public static string? VpcRangeOrEmpty(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (Cidr.Parse(text) is not { } range)
        {
            return Network(text);
        }

        var kept = KeptRanges.Where(kept => Cidr.Overlap(range, kept)).Select(kept => kept.ToString()).FirstOrDefault();
        return range.PrefixLength is < 16 or > 28 || !PrivateRanges.Any(wide => wide.Contains(range.BaseAddress)) ? ""
            : kept is null ? null
            : $"{kept} is DigitalOcean's own in every region";
    }

    /// <summary>A duration that ZooKeeper grants to Mesos, such as <c>30secs</c>.</summary>
    public static bool IsSessionTimeout(string text) =>
        SecondsPattern().Match(text) is { Success: true } match && int.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture) is >= 10 and <= 40;

    /// <summary>The address of a repository; <c>{distro}</c> may stand in it.</summary>
    public static bool IsRepository(string text) => IsWebAddress(text.Replace("{distro}", "debian", StringComparison.Ordinal));

    /// <summary>An http or https address, or nothing.</summary>
    public static bool IsWebAddressOrEmpty(string text) => text.Length == 0 || IsWebAddress(text);

    /// <summary>The beginning of an ASCII-armoured public key, or nothing.</summary>
    public static bool IsArmouredKeyOrEmpty(string text) => text.Length == 0 || text.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal);

    /// <summary>What is wrong with one line of OpenSSH; null where nothing is, or where there is none.</summary>
    public static string? PublicKeyOrEmpty(string line)
    {
        if (line.Length == 0)
        {
            return null;
        }

        if (line.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return "this is a private key, whose place is another setting";
        }

        try
        {
            return PublicKeyPattern().IsMatch(line) && SshPublicKey.Parse(line) is not null ? null : "";
        }
        catch (FormatException e)
        {
            return e.Message == "is cut off" ? "it is cut off" : e.Message;
        }
    }

    // Control characters and blanks would end up in sources.list.
    private static bool IsWebAddress(string text) =>
        !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex(@"\A[a-z0-9-]+ [A-Za-z0-9+/]+=*(?: [^\r\n]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PublicKeyPattern();

    [GeneratedRegex(@"\A(?<seconds>[0-9]{1,4})secs\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecondsPattern();
}
