using System.Collections.Immutable;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Cli.Previews;

/// <summary>The resources of a cluster of the program, as a state or a preview holds them.</summary>
/// <param name="options">What it is like.</param>
/// <param name="isNew">Which members get a droplet in this preview, so that their addresses are not known.</param>
internal sealed class ClusterStates(ClusterOptions options, Func<string, bool> isNew)
{
    private const string Cluster = "mesos";
    private const string ClusterType = "mesos-stack:index:MesosCluster";
    private const string DropletType = "digitalocean:index/droplet:Droplet";
    private const string CommandType = "command:remote:Command";

    private readonly List<ResourceState> _states = [];

    /// <summary>All of them, each after what it refers to; the steps of masters in the order in which they change.</summary>
    public IReadOnlyList<ResourceState> Make()
    {
        var stack = Add("pulumi:pulumi:Stack", "mesos-stack-lab", "", PropertyMap.Empty, custom: false);
        var cluster = Add(ClusterType, Cluster, stack, PropertyMap.Empty, custom: false);
        var network = Add("mesos-stack:index:ClusterNetwork", $"{Cluster}-network", cluster, PropertyMap.Empty, custom: false);
        Add("digitalocean:index/vpc:Vpc", $"{Cluster}-network-vpc", network, States.Map(("name", "mesos-5722e1"), ("region", "nyc3")));
        foreach (var name in options.MasterNames)
        {
            AddHost(cluster, name, "mesos-stack:index:MesosMaster", ["mesosphere", "zookeeper", "zookeeperd"]);
        }

        foreach (var name in options.AgentNames)
        {
            AddHost(cluster, name, "mesos-stack:index:MesosAgent", ["mesos"]);
        }

        foreach (var name in options.MasterNames.Reverse())
        {
            AddCommand(HostUrn(name), $"{Cluster}-{name}-configuration", "configuration", Descriptions.Master(options, name), options.MasterNames, name, name);
        }

        foreach (var name in options.AgentNames)
        {
            AddCommand(HostUrn(name), $"{Cluster}-{name}-configuration", "configuration", Descriptions.Agent(options, name), [.. options.MasterNames, name], name, name);
        }

        var last = options.MasterNames.Last();
        AddCommand(cluster, $"{Cluster}-readiness", "readiness", Descriptions.Whole(options), [.. options.MasterNames, .. options.AgentNames], last, null);
        AddCommand(cluster, $"{Cluster}-drain", "drain", Descriptions.Drain(options), [.. options.MasterNames, .. options.AgentNames], last, null);
        AddCommand(cluster, $"{Cluster}-app-hello", "app", Descriptions.Hello(options), [], last, null, options.HelloSecret is null ? "" : Descriptions.SealedHello(options));
        return _states;
    }

    private static string HostType(string member) => member.StartsWith("master", StringComparison.Ordinal) ? "mesos-stack:index:MesosMaster" : "mesos-stack:index:MesosAgent";

    private static string HostUrn(string member) => $"urn:pulumi:lab::mesos-stack::{ClusterType}${HostType(member)}::{Cluster}-{member}";

    private static string Address(string member)
    {
        var number = int.Parse(member.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
        return member.StartsWith("master", StringComparison.Ordinal) ? $"198.51.100.{39 + number}" : $"198.51.{101 + (number / 200)}.{number % 200}";
    }

    private static string DropletId(string member) => $"1286{Address(member).Replace(".", "", StringComparison.Ordinal)[5..]}";

    private void AddHost(string cluster, string name, string type, IReadOnlyList<string> packages)
    {
        var host = Add(type, $"{Cluster}-{name}", cluster, PropertyMap.Empty, custom: false);
        var droplet = Add(DropletType, $"{Cluster}-{name}-droplet", host, States.Map(
            ("image", options.Images.GetValueOrDefault(name, "debian-12-x64")),
            ("monitoring", false),
            ("name", $"mesos-5722e1-{name}"),
            ("region", "nyc3"),
            ("resizeDisk", true),
            ("size", "s-1vcpu-1gb")), id: DropletId(name));
        Add("command:remote:CopyToRemote", $"{Cluster}-{name}-scripts", host, States.Map(
            ("connection", new PropertyValue.Secret(new PropertyValue.Object(States.Map(("host", Known(name, Address(name))), ("privateKey", "private"))))),
            ("remotePath", "/usr/local/lib/mesos-stack"),
            ("source", new PropertyValue.Archive("bin/scripts/", options.ScriptsHash)),
            ("triggers", new PropertyValue.Array([Known(name, DropletId(name))]))), deletedWith: droplet);
        AddCommand(host, $"{Cluster}-{name}-packages", "packages", Descriptions.Packages(packages), [], name, name);
    }

    private PropertyValue Known(string member, string value) => isNew(member) ? PropertyValue.NotKnown : value;

    private void AddCommand(string parent, string name, string script, string description, IEnumerable<string> members, string via, string? trigger, string shown = "")
    {
        var all = members.Distinct(StringComparer.Ordinal).ToList();
        PropertyValue create = all.Any(isNew)
            ? PropertyValue.NotKnown
            : $"cd /usr/local/lib/mesos-stack && sha256sum --quiet --strict --check SHA256SUMS && bash {script}.sh {string.Join(' ', all.Select(m => $"{m}={Address(m)}"))}".TrimEnd() + " && echo mesos-stack:done"
                + string.Concat(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"\n# {line}"));
        var inputs = States.Map(
            ("addPreviousOutputInEnv", false),
            ("connection", new PropertyValue.Secret(new PropertyValue.Object(States.Map(("host", Known(via, Address(via))), ("privateKey", "private"))))),
            ("create", create),
            ("logging", "stdoutAndStderr"),
            ("stdin", shown.Length > 0 ? new PropertyValue.Secret(description) : description));
        if (trigger is not null)
        {
            inputs = inputs.With("triggers", new PropertyValue.Array([Known(trigger, DropletId(trigger))]));
        }

        Add(CommandType, name, parent, inputs, deletedWith: $"{HostUrn(via).Replace($"::{Cluster}-", $"${DropletType}::{Cluster}-", StringComparison.Ordinal)}-droplet");
    }

    private string Add(string type, string name, string parent, PropertyMap inputs, bool custom = true, string id = "", string deletedWith = "")
    {
        var chain = parent.Length == 0 || parent.Contains("pulumi:pulumi:Stack", StringComparison.Ordinal) ? type : $"{parent.Split("::")[2]}${type}";
        var urn = $"urn:pulumi:lab::mesos-stack::{chain}::{name}";
        var package = type.Split(':')[0];
        _states.Add(new ResourceState
        {
            Urn = urn,
            Type = type,
            Custom = custom,
            Id = id.Length > 0 ? id : custom ? $"{name}-id" : "",
            Parent = parent,
            Provider = custom ? $"urn:pulumi:lab::mesos-stack::pulumi:providers:{package}::default_1_2_1::95e899f2-9cd8-4e9a-997a-8eabcfcad17a" : "",
            Inputs = inputs,
            Outputs = type == CommandType ? inputs.With("stdout", new PropertyValue.Secret("said")).With("stderr", new PropertyValue.Secret("")) : inputs,
            AdditionalSecretOutputs = type == CommandType ? ["stdout", "stderr"] : [],
            DeletedWith = deletedWith,
            PropertyDependencies = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal),
        });
        return urn;
    }
}
