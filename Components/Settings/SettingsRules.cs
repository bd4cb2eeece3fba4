using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using MesosStack.Components.Text;

namespace MesosStack.Components.Settings;

/// <summary>What a valid setting is. Each message says what is allowed and, where it is not plain, what to do.</summary>
public sealed partial class SettingsRules : AbstractValidator<ClusterSettings>
{
    private const string CidrHelp = "must be networks in CIDR notation such as 203.0.113.0/24 or 2001:db8::/32, with no bits set beyond the prefix";

    /// <summary>Makes the rules.</summary>
    /// <param name="fileExists">Whether a file is there; asked for the private key's path.</param>
    public SettingsRules(Func<string, bool> fileExists)
    {
        RuleFor(s => s.Region).Matches(Slug()).OverridePropertyName(SettingKeys.Region)
            .WithMessage("must be a region of DigitalOcean such as nyc3");
        RuleFor(s => s.Image).Matches(Slug()).OverridePropertyName(SettingKeys.Image)
            .WithMessage("must be an image's slug such as debian-12-x64, or the id of a custom image; there is no default, as the packages must fit it");
        RuleFor(s => s.MasterSize).Matches(Slug()).OverridePropertyName(SettingKeys.MasterSize).WithMessage("must be a size such as s-2vcpu-4gb");
        RuleFor(s => s.AgentSize).Matches(Slug()).OverridePropertyName(SettingKeys.AgentSize).WithMessage("must be a size such as s-2vcpu-4gb");
        RuleFor(s => s.Masters).Must(n => n is 1 or 3 or 5 or 7).OverridePropertyName(SettingKeys.Masters)
            .WithMessage("must be 1, 3, 5 or 7: an even number outlives no more failures than one less, zero is no cluster, and ZooKeeper's ids end at 255");
        RuleFor(s => s.Agents).InclusiveBetween(0, 1000).OverridePropertyName(SettingKeys.Agents).WithMessage("must be 0 to 1000");
        RuleFor(s => s.ClusterName).Matches(ClusterNamePattern()).OverridePropertyName(SettingKeys.ClusterName)
            .WithMessage("must be at most 63 letters, digits, spaces, dots, dashes or underscores; empty takes the name that the program gives the cluster");
        RuleFor(s => s.VpcCidr).Must(cidr => cidr.Length == 0 || (IsCidr(cidr) && IPNetwork.Parse(cidr) is { PrefixLength: >= 16 and <= 28, BaseAddress.AddressFamily: AddressFamily.InterNetwork }))
            .OverridePropertyName(SettingKeys.VpcCidr).WithMessage("must be an IPv4 network of /16 to /28 such as 10.42.0.0/24; empty lets DigitalOcean choose");
        RuleFor(s => s.SshCidrs).NotEmpty().OverridePropertyName(SettingKeys.SshCidrs).WithMessage("must name at least one network, or this program cannot reach the hosts");
        RuleForEach(s => s.SshCidrs).Must(IsCidr).OverridePropertyName(SettingKeys.SshCidrs).WithMessage(CidrHelp);
        RuleForEach(s => s.UiCidrs).Must(IsCidr).OverridePropertyName(SettingKeys.UiCidrs).WithMessage(CidrHelp);
        RuleForEach(s => s.UiCidrs).Must(cidr => !cidr.EndsWith("/0", StringComparison.Ordinal)).OverridePropertyName(SettingKeys.UiCidrs)
            .WithMessage("must not be the whole internet: who reaches Mesos or Marathon runs commands on every agent, no password asked; name your own networks");
        RuleFor(s => s.ZooKeeperSessionTimeout).Must(text => Seconds(text) is >= 10 and <= 40).OverridePropertyName(SettingKeys.ZooKeeperSessionTimeout)
            .WithMessage("must be 10secs to 40secs (ZooKeeper grants at most twenty of its ticks of 2 s); 30secs outlives the restart of one ZooKeeper");
        PackageRules();
        SshRules(fileExists);
        RuleFor(s => s.Apps).Custom((apps, context) => AppRules.Check(apps, context.InstanceToValidate.Agents, (key, value, allowed) =>
            context.AddFailure(new FluentValidation.Results.ValidationFailure(key, allowed, value))));
    }

    /// <summary>Applies the rules.</summary>
    public IEnumerable<SettingsFault> Check(ClusterSettings settings) =>
        Validate(settings).Errors.Select(error => new SettingsFault(IndexlessKey(error.PropertyName), Describe(error.AttemptedValue), error.ErrorMessage));

    private void PackageRules()
    {
        RuleFor(s => s.Packages.Url).Must(url => IsHttp(url.Replace("{distro}", "debian", StringComparison.Ordinal))).OverridePropertyName(SettingKeys.RepositoryUrl)
            .WithMessage("must be the http(s) address of a Debian repository that has Mesos and Marathon; {distro} stands for the host's distribution. There is no default: the tutorial's repository is gone");
        RuleFor(s => s.Packages.Suite).Matches(SuitePattern()).OverridePropertyName(SettingKeys.RepositorySuite).WithMessage("must be a suite such as bookworm; empty takes the host's code name");
        RuleFor(s => s.Packages.Component).Matches(Slug()).OverridePropertyName(SettingKeys.RepositoryComponent).WithMessage("must be a component such as main");
        RuleFor(s => s.Packages.Key).Must(key => Sources(key) == 1).OverridePropertyName(SettingKeys.SigningKey)
            .WithMessage($"exactly one of {SettingKeys.SigningKey} (the key itself), {SettingKeys.SigningKeyUrl} and {SettingKeys.SigningKeyId} must be set");
        RuleFor(s => s.Packages.Key.Inline).Must(key => key.Length == 0 || key.TrimStart().StartsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----", StringComparison.Ordinal))
            .OverridePropertyName(SettingKeys.SigningKey).WithMessage("must be an ASCII-armoured public key, from its BEGIN line to its END line");
        RuleFor(s => s.Packages.Key.Url).Must(url => url.Length == 0 || IsHttp(url)).OverridePropertyName(SettingKeys.SigningKeyUrl).WithMessage("must be an http(s) address");
        RuleFor(s => s.Packages.Key.Id).Matches(KeyIdPattern()).OverridePropertyName(SettingKeys.SigningKeyId).WithMessage("must be 8, 16 or 40 hexadecimal digits");
        RuleFor(s => s.Packages.Key.Fingerprint).Matches(FingerprintPattern()).OverridePropertyName(SettingKeys.SigningKeyFingerprint)
            .WithMessage("must be the full fingerprint, 40 hexadecimal digits");
        RuleFor(s => s.Packages.Key.Fingerprint)
            .Must((s, fingerprint) => s.Packages.Key.Id.Length == 0 || (fingerprint.Length > 0 && fingerprint.EndsWith(s.Packages.Key.Id, StringComparison.OrdinalIgnoreCase)))
            .OverridePropertyName(SettingKeys.SigningKeyFingerprint)
            .WithMessage(s => $"must be set with {SettingKeys.SigningKeyId} and end in {s.Packages.Key.Id}: short ids can be forged");
        RuleFor(s => s.Packages.Key.Server).Matches(HostPattern()).OverridePropertyName(SettingKeys.KeyServer).WithMessage("must be the host name of a key server");
        RuleForEach(s => s.Packages.Master).Matches(PackagePattern()).OverridePropertyName(SettingKeys.MasterPackages).WithMessage("must be packages as name or name=version");
        RuleForEach(s => s.Packages.Agent).Matches(PackagePattern()).OverridePropertyName(SettingKeys.AgentPackages).WithMessage("must be packages as name or name=version");
        RuleFor(s => s.Packages.Master).NotEmpty().OverridePropertyName(SettingKeys.MasterPackages).WithMessage("must name at least one package");
        RuleFor(s => s.Packages.Agent).NotEmpty().OverridePropertyName(SettingKeys.AgentPackages).WithMessage("must name at least one package");
    }

    private void SshRules(Func<string, bool> fileExists)
    {
        RuleFor(s => s.Ssh.PublicKey).Must(IsPublicKey).OverridePropertyName(SettingKeys.SshPublicKey)
            .WithMessage("must be one line of OpenSSH such as 'ssh-ed25519 AAAA... name'; empty has the program make a key pair");
        RuleFor(s => s.Ssh).Must(ssh => !ssh.IsGenerated || (ssh.PrivateKeyPath.Length == 0 && !ssh.HasPrivateKey)).OverridePropertyName(SettingKeys.SshPublicKey)
            .WithMessage($"must be set along with {SettingKeys.SshPrivateKeyPath} or {SettingKeys.SshPrivateKey}; leave all three empty to have a key pair made");
        RuleFor(s => s.Ssh).Must(ssh => ssh.IsGenerated || (ssh.PrivateKeyPath.Length > 0) != ssh.HasPrivateKey).OverridePropertyName(SettingKeys.SshPrivateKeyPath)
            .WithMessage($"exactly one of {SettingKeys.SshPrivateKeyPath} and {SettingKeys.SshPrivateKey} must be set along with {SettingKeys.SshPublicKey}");
        RuleFor(s => s.Ssh.PrivateKeyPath).Must(path => path.Length == 0 || fileExists(HomePath.Expand(path))).OverridePropertyName(SettingKeys.SshPrivateKeyPath)
            .WithMessage("no such file; give the path of a private key on the machine that runs Pulumi");
    }

    private static int Sources(SigningKey key) => (key.Inline.Length > 0 ? 1 : 0) + (key.Url.Length > 0 ? 1 : 0) + (key.Id.Length > 0 ? 1 : 0);

    // Parsing is content with bits beyond the prefix and clears them.
    private static bool IsCidr(string text) =>
        text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(IPAddress.Parse(text.Split('/')[0]));

    // Control characters and blanks would end up in sources.list.
    private static bool IsHttp(string text) =>
        !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    private static bool IsPublicKey(string line) =>
        line.Length == 0 || (PublicKeyPattern().IsMatch(line) && Convert.TryFromBase64String(line.Split(' ')[1], new byte[line.Length], out _));

    private static int? Seconds(string text) =>
        SecondsPattern().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : null;

    // FluentValidation names the items of a list "key[0]"; the value tells which one it is.
    private static string IndexlessKey(string name) => name.StartsWith(SettingKeys.Apps, StringComparison.Ordinal) ? name : name.Split('[')[0];

    private static string? Describe(object? value) => value switch
    {
        null or SigningKey or SshSettings => null,
        string text => text,
        ImmutableArray<string> texts => JsonSerializer.Serialize(texts),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Slug();

    [GeneratedRegex("^[A-Za-z0-9._ -]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterNamePattern();

    [GeneratedRegex("^([A-Za-z0-9][A-Za-z0-9./_-]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex SuitePattern();

    [GeneratedRegex("^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})?$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyIdPattern();

    [GeneratedRegex("^([0-9A-F]{40})?$", RegexOptions.CultureInvariant)]
    private static partial Regex FingerprintPattern();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PackagePattern();

    [GeneratedRegex(@"^(ssh-(rsa|ed25519)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+=*( [^\r\n]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PublicKeyPattern();

    [GeneratedRegex("^([0-9]{1,4})secs$", RegexOptions.CultureInvariant)]
    private static partial Regex SecondsPattern();
}
