using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MesosStack.Embedded.Lab;

/// <summary>Where the lab lives on this machine. The defaults clash with nobody; a second lab needs other values for all of them.</summary>
public sealed partial record LabOptions
{
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
    public string HostAddress => new Subnet(PublicRange).Address(1).ToString();

    /// <summary>Base address of the v2 API.</summary>
    public Uri ApiAddress => new($"http://127.0.0.1:{ApiPort}/");

    /// <summary>Base address of the package server, as the droplets see it.</summary>
    public Uri PackageAddress => new($"http://{HostAddress}:{PackagePort}/");

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

    /// <summary>These options, or an error that names the first fault.</summary>
    /// <exception cref="LabException">A value is out of its range.</exception>
    public LabOptions Validated()
    {
        if (!PrefixPattern().IsMatch(Prefix))
        {
            throw new LabException($"The lab's prefix '{Prefix}' must be four small letters: it starts the names of network links.");
        }

        if (!IPNetwork.TryParse(PublicRange, out var network) || network.PrefixLength != 24)
        {
            throw new LabException($"The lab's public range '{PublicRange}' must be a /24.");
        }

        if (!IPNetwork.TryParse(PrivateRange, out var privateNetwork) || privateNetwork.PrefixLength > 20)
        {
            throw new LabException($"The lab's private range '{PrivateRange}' must hold at least one /20.");
        }

        if (AptLockSeconds is < 0 or > 3600)
        {
            throw new LabException($"The apt lock of {AptLockSeconds} s must last from 0 to 3600 s.");
        }

        return this;
    }

    [GeneratedRegex("^[a-z]{4}$")]
    private static partial Regex PrefixPattern();
}
