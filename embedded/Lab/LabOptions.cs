using System.Globalization;
using System.Text.Json;

namespace MesosStack.Embedded.Lab;

/// <summary>Where the lab lives on this machine. The defaults clash with nobody; a second lab needs other values for all of them.</summary>
public sealed record LabOptions
{
    /// <summary>Environment variable of <see cref="PublicRange"/>.</summary>
    public const string PublicRangeVariable = "MESOS_STACK_LAB_PUBLIC_RANGE";

    /// <summary>Environment variable of <see cref="PrivateRange"/>.</summary>
    public const string PrivateRangeVariable = "MESOS_STACK_LAB_PRIVATE_RANGE";

    /// <summary>Environment variable of <see cref="PackagePort"/>.</summary>
    public const string PackagePortVariable = "MESOS_STACK_LAB_PACKAGE_PORT";

    /// <summary>What a person has to change with the public range and the package port.</summary>
    public const string Advice = "The lines of Pulumi.lab.yaml that name its addresses go with it: sshCidrs, uiCidrs, repositoryUrl, signingKeyUrl.";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Loopback port of the v2 API.</summary>
    public int ApiPort { get; init; } = 17900;

    /// <summary>Port of the package server on <see cref="HostAddress"/>.</summary>
    public int PackagePort { get; init; } = 17980;

    /// <summary>The droplets' public network, a /24; its first address is this machine's.</summary>
    public string PublicRange { get; init; } = "198.51.100.0/24";

    /// <summary>The range from which VPCs without a range of their own get a /20 each; the first is the first region's default VPC.</summary>
    public string PrivateRange { get; init; } = "198.18.0.0/16";

    /// <summary>Four small letters that start the name of every link, namespace, machine and table the lab makes.</summary>
    public string Prefix { get; init; } = "mstk";

    /// <summary>What outlives <c>stop</c>: base image, package repositories, signing key.</summary>
    public string CacheDirectory { get; init; } = "/var/cache/mesos-stack";

    /// <summary>What is written per droplet, the lab's own records and its log.</summary>
    public string StateDirectory { get; init; } = "/var/lib/mesos-stack";

    /// <summary>Mounts, process ids and consoles of what runs.</summary>
    public string RunDirectory { get; init; } = "/run/mesos-stack";

    /// <summary>How long, in seconds from sshd's first answer, a new droplet holds the locks of apt and dpkg.</summary>
    public double AptLockSeconds { get; init; } = 20;

    /// <summary>This machine's address on the public network.</summary>
    public string HostAddress => Subnet.Parse(PublicRange).Address(1).ToString();

    /// <summary>Base address of the v2 API.</summary>
    public Uri ApiAddress => new($"http://127.0.0.1:{ApiPort}/");

    /// <summary>Base address of the package server, as the droplets see it.</summary>
    public Uri PackageAddress => new($"http://{HostAddress}:{PackagePort}/");

    /// <summary>The settings of the lab whose droplets are here; gone when it is stopped.</summary>
    internal string LivingFile => Path.Combine(StateDirectory, "options.json");

    /// <summary>Whoever starts the lab, ends it or enters it has this turn. It lies in the cache, which outlives the lab.</summary>
    internal string TurnFile => Path.Combine(CacheDirectory, "turn-" + Prefix);

    internal string CacheTurnFile => Path.Combine(CacheDirectory, "lock");

    /// <summary>For whom the lab was started: whoever makes droplets without the embedded engine works for the same.</summary>
    internal string StarterFile => Path.Combine(StateDirectory, "starter.json");

    internal string KernelLimitsFile => Path.Combine(StateDirectory, "kernel-limits.json");
    internal string UsesDirectory => Path.Combine(RunDirectory, "uses");
    internal string OptionsFile => Path.Combine(RunDirectory, "options.json");
    internal string SupervisorFile => Path.Combine(RunDirectory, "droplet.sh");
    internal string DaemonPidFile => Path.Combine(RunDirectory, "daemon.pid");
    internal string LockFile => Path.Combine(RunDirectory, "lock");
    internal string LogFile => Path.Combine(StateDirectory, "lab.log");
    internal string RecordsFile => Path.Combine(StateDirectory, "lab.json");
    internal string ImageFile => Path.Combine(StateDirectory, "image");
    internal string PublicBridge => Prefix + "-pub";
    internal string MachinePrefix => Prefix + "-";

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="LabException">The file holds no options.</exception>
    public static LabOptions Load(string path)
    {
        var options = JsonSerializer.Deserialize<LabOptions>(File.ReadAllText(path), Json)
            ?? throw new LabException($"{path} holds no options of the lab.");
        return options.Validated();
    }

    /// <summary>Writes the options for the daemon.</summary>
    public void Save(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json));

    /// <summary>The usual lab with the settings of the environment; what is not set there is as in the lab that is here, if one is.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="LabException">A value is out of its range; names every fault.</exception>
    public static LabOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var usual = new LabOptions();
        return (usual.Living() ?? usual).With(variable).Validated();
    }

    /// <summary>These options, or an error.</summary>
    /// <exception cref="LabException">A value is out of its range; names every fault.</exception>
    public LabOptions Validated() => Faults().ToList() is { Count: > 0 } faults
        ? throw new LabException("The lab's settings are at fault: " + string.Join("; ", faults) + ".")
        : this;

    /// <summary>Refuses settings that the droplets which are here were not made with: their addresses and sources are of those.</summary>
    /// <exception cref="LabException">There is a lab with other ones.</exception>
    public void RequireSameAsLiving()
    {
        if (Living() is { } living && (living.PublicRange, living.PackagePort) != (PublicRange, PackagePort))
        {
            throw new LabException($"The lab that is here has the public range {living.PublicRange} and the package port {living.PackagePort}, not {PublicRange} and {PackagePort}. "
                + "`mesos-stack lab stop` removes it with all droplets; then it can have others.");
        }
    }

    internal LabOptions With(Func<string, string?> variable)
    {
        var port = variable(PackagePortVariable);
        return this with
        {
            PublicRange = variable(PublicRangeVariable) is { Length: > 0 } range ? range : PublicRange,
            PrivateRange = variable(PrivateRangeVariable) is { Length: > 0 } privateRange ? privateRange : PrivateRange,

            // A text that is no number becomes -1, which the check of all options then reports.
            PackagePort = string.IsNullOrEmpty(port) ? PackagePort : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1,
        };
    }

    /// <summary>The settings of the lab that is here; null where none is, or another version's, which is stopped without knowing them.</summary>
    private LabOptions? Living()
    {
        try
        {
            return File.Exists(LivingFile) ? Load(LivingFile) : null;
        }
        catch (Exception e) when (e is LabException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with what a person can set.</summary>
    private IEnumerable<string> Faults()
    {
        if (Subnet.TryParse(PublicRange) is not { PrefixLength: 24 } publicRange)
        {
            yield return $"the public range '{PublicRange}' ({PublicRangeVariable}) must be an IPv4 /24";
        }
        else if (Subnet.TryParse(PrivateRange) is { } other && other.Overlaps(publicRange))
        {
            yield return $"the public range {PublicRange} ({PublicRangeVariable}) and the private range {PrivateRange} ({PrivateRangeVariable}) must not overlap";
        }

        if (Subnet.TryParse(PrivateRange) is not { PrefixLength: <= 20 })
        {
            yield return $"the private range '{PrivateRange}' ({PrivateRangeVariable}) must be an IPv4 range that holds at least one /20";
        }

        if (PackagePort is < 1 or > 65535)
        {
            yield return $"the package port ({PackagePortVariable}) must be from 1 to 65535";
        }
    }
}
