using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MesosStack.Components.Settings;

/// <summary>The rules of single settings that no pattern can tell. <see cref="MustAttribute"/> names them.</summary>
public static partial class SettingChecks
{
    /// <summary>An IPv4 or IPv6 network in CIDR notation.</summary>
    // IPNetwork.TryParse accepts bits beyond the prefix and clears them.
    public static bool IsNetwork(string text) =>
        text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(IPAddress.Parse(text.Split('/')[0]));

    /// <summary>Anything but a network of all addresses.</summary>
    public static bool IsNotTheInternet(string text) => !text.EndsWith("/0", StringComparison.Ordinal);

    /// <summary>A range that DigitalOcean takes for a VPC, or nothing.</summary>
    public static bool IsVpcRangeOrEmpty(string text) =>
        text.Length == 0 || (IsNetwork(text) && IPNetwork.Parse(text) is { PrefixLength: >= 16 and <= 28, BaseAddress.AddressFamily: AddressFamily.InterNetwork });

    /// <summary>A duration that ZooKeeper grants to Mesos, such as <c>30secs</c>.</summary>
    public static bool IsSessionTimeout(string text) =>
        SecondsPattern().Match(text) is { Success: true } match && int.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture) is >= 10 and <= 40;

    /// <summary>The address of a repository; <c>{distro}</c> may stand in it.</summary>
    public static bool IsRepository(string text) => IsWebAddress(text.Replace("{distro}", "debian", StringComparison.Ordinal));

    /// <summary>An http or https address, or nothing.</summary>
    public static bool IsWebAddressOrEmpty(string text) => text.Length == 0 || IsWebAddress(text);

    /// <summary>The beginning of an ASCII-armoured public key, or nothing.</summary>
    public static bool IsArmouredKeyOrEmpty(string text) => text.Length == 0 || text.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal);

    /// <summary>One line of OpenSSH, or nothing.</summary>
    public static bool IsPublicKeyOrEmpty(string line) =>
        line.Length == 0 || (PublicKeyPattern().IsMatch(line) && Convert.TryFromBase64String(line.Split(' ')[1], new byte[line.Length], out _));

    // Control characters and blanks would end up in sources.list.
    private static bool IsWebAddress(string text) =>
        !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex(@"\A(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]+=*(?: [^\r\n]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PublicKeyPattern();

    [GeneratedRegex(@"\A(?<seconds>[0-9]{1,4})secs\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecondsPattern();
}
