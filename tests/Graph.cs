using System.Collections.Immutable;
using System.Text.Json;
using MesosStack.Components;
using MesosStack.Components.Settings;
using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace MesosStack.Tests;

/// <summary>What the program declares for a configuration: every resource with its inputs and its options.</summary>
internal sealed class Graph
{
    private const string SecretKeys = "PULUMI_CONFIG_SECRET_KEYS";

    private readonly Dictionary<string, Declared> _declared = [];

    private Graph(IReadOnlyDictionary<string, object?> outputs, IEnumerable<Declared> declared, IReadOnlyList<string> inputsSeen)
    {
        Outputs = outputs;
        _declared = declared.ToDictionary(resource => resource.Name);
        InputsSeen = inputsSeen;
    }

    /// <summary>The stack's outputs; those that are not known are left out.</summary>
    public IReadOnlyDictionary<string, object?> Outputs { get; }

    /// <summary>All inputs that reached the engine, as text, to search for what must not be in them.</summary>
    public IReadOnlyList<string> InputsSeen { get; }

    public IEnumerable<Declared> All => _declared.Values;

    public Declared this[string name] => _declared.TryGetValue(name, out var found)
        ? found
        : throw new AssertionException($"no resource is called {name}; there are {string.Join(", ", _declared.Keys.Order())}");

    public static async Task<Graph> Declare(bool isPreview, params (string Key, string Value)[] more)
    {
        var configuration = TestConfiguration.Configuration(more).ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value);
        return await DeclareRaw(isPreview, new Cloud(isPreview), configuration);
    }

    /// <summary>Declares clusters with other arguments than the program's; gives the outputs of the first.</summary>
    public static async Task<Graph> DeclareRaw(
        bool isPreview, Cloud cloud, Dictionary<string, string> configuration, string stack = "test", string[]? names = null, string? vpcUuid = null, string? image = null, string[]? secrets = null)
    {
        var seen = new Dictionary<string, ResourceTransformationArgs>();
        ResourceTransformation note = args =>
        {
            lock (seen)
            {
                seen[args.Resource.GetResourceName()] = args;
            }

            return null;
        };
        return await Run(isPreview, cloud, configuration, "mesos-stack", stack, seen, () => (names ?? ["mesos"]).Select(name => new MesosCluster(
            name,
            new MesosClusterArgs
            {
                Settings = StackSettings.Load(),
                VpcUuid = vpcUuid is null ? null : (Input<string>)vpcUuid,
                Image = image is null ? null : (Input<string>)image,
            },
            new ComponentResourceOptions { ResourceTransformations = { note } })).ToList()[0].StackOutputs(), secrets);
    }

    /// <summary>Declares a cluster for a configuration with secrets in it.</summary>
    /// <param name="secrets">The keys that Pulumi calls secret.</param>
    /// <param name="more">The settings.</param>
    public static Task<Graph> DeclareSealed(string[] secrets, params (string Key, string Value)[] more) => DeclareRaw(
        isPreview: false, new Cloud(isPreview: false), TestConfiguration.Configuration(more).ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value), secrets: [.. secrets.Select(key => $"mesos-stack:{key}")]);

    /// <summary>Runs a program.</summary>
    public static async Task<Graph> Run(
        bool isPreview, Cloud cloud, Dictionary<string, string> configuration, string project, string stack, IReadOnlyDictionary<string, ResourceTransformationArgs> seen, Func<IDictionary<string, object?>> program, string[]? secrets = null)
    {
        var before = Environment.GetEnvironmentVariable("PULUMI_CONFIG");
        Environment.SetEnvironmentVariable("PULUMI_CONFIG", JsonSerializer.Serialize(configuration));
        Environment.SetEnvironmentVariable(SecretKeys, JsonSerializer.Serialize(secrets ?? []));
        try
        {
            var (_, outputs) = await Deployment.TestAsync(cloud, new TestOptions { IsPreview = isPreview, ProjectName = project, StackName = stack }, program);
            var declared = new List<Declared>();
            foreach (var (name, args) in seen)
            {
                var after = await OutputUtilities.GetValueAsync(args.Options.DependsOn.ToOutput());
                declared.Add(new Declared(
                    name, args.Resource.GetResourceType(), args.Options, [.. after.Select(resource => resource.GetResourceName())], cloud.Inputs.GetValueOrDefault(name), args.Args));
            }

            var known = new Dictionary<string, object?>();
            foreach (var (key, value) in outputs)
            {
                known[key] = await Value(value);
            }

            return new Graph(known, declared, [.. cloud.Inputs.Values.Select(inputs => JsonSerializer.Serialize(inputs))]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", before);
            Environment.SetEnvironmentVariable(SecretKeys, null);
        }
    }

    private static async Task<object?> Value(object? output) =>
        await Known((dynamic)(output ?? throw new AssertionException("an output that nothing sets")));

    private static async Task<object?> Known<T>(Output<T> output) => await OutputUtilities.GetIsKnownAsync(output) ? await OutputUtilities.GetValueAsync(output) : null;
}

/// <summary>One declared resource.</summary>
/// <param name="Name">Its logical name.</param>
/// <param name="Type">Its type token.</param>
/// <param name="Options">Its options.</param>
/// <param name="After">Names of what it depends on explicitly.</param>
/// <param name="Inputs">The inputs that reached the engine; null for one that did not.</param>
/// <param name="Args">What the program declared.</param>
internal sealed record Declared(string Name, string Type, ResourceOptions Options, IReadOnlyList<string> After, ImmutableDictionary<string, object>? Inputs, ResourceArgs Args)
{
    public string Text(string input) => (string)Inputs![input];
}

/// <summary>A cloud that knows exactly the resources that the program is meant to use.</summary>
internal sealed class Cloud(bool isPreview) : IMocks
{
    public Dictionary<string, ImmutableDictionary<string, object>> Inputs { get; } = [];

    /// <summary>What was settled when the cluster was created; null where it is new.</summary>
    public ImmutableDictionary<string, object>? Settled { get; init; }

    /// <summary>Hosts whose droplet is yet to be made, although the cluster lives.</summary>
    public IReadOnlyCollection<string> Lost { get; init; } = [];

    /// <summary>What a step prints in place of its last word, by its name.</summary>
    public Dictionary<string, string> Says { get; } = [];

    /// <summary>The command that is on record for a step that this run leaves as it was, by its name.</summary>
    public Dictionary<string, string> Left { get; } = [];

    /// <summary>What DigitalOcean tells of a host's droplet otherwise than usual.</summary>
    public Dictionary<string, (string Key, string Value)> Told { get; init; } = [];

    private bool Lives => Settled is not null || !isPreview;

    public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
    {
        lock (Inputs)
        {
            Inputs[args.Name!] = args.Inputs;
        }

        var isLost = Lost.Any(name => args.Name == $"mesos-{name}-droplet");
        var known = Lives && !isLost;
        var state = args.Type switch
        {
            "mesos-stack:index:MesosCluster" or "mesos-stack:index:ClusterNetwork" or "mesos-stack:index:ClusterAccess"
                or "mesos-stack:index:MesosMaster" or "mesos-stack:index:MesosAgent" => [],
            "random:index/randomId:RandomId" => Computed(("hex", "3f9a2c")),
            "random:index/randomBytes:RandomBytes" => Computed(("hex", new string('7', 64))),
            "digitalocean:index/droplet:Droplet" => Computed([("status", "active"), ("ipv4Address", Address("192.0.2.")), ("ipv4AddressPrivate", Address("10.0.0.")),
                .. Told.Where(told => args.Name == $"mesos-{told.Key}-droplet").Select(told => (told.Value.Key, (object)told.Value.Value))]),
            "digitalocean:index/sshKey:SshKey" => Computed(("fingerprint", "aa:bb")),
            "digitalocean:index/vpc:Vpc" or "digitalocean:index/tag:Tag" or "digitalocean:index/firewall:Firewall" => args.Inputs,
            "command:remote:CopyToRemote" => args.Inputs,
            "command:remote:Command" => Computed(
                ("create", Left.GetValueOrDefault(args.Name!, (string?)args.Inputs.GetValueOrDefault("create") ?? "")), ("stdout", Says.GetValueOrDefault(args.Name!, "mesos-stack:done")), ("stderr", "")),
            _ => throw new InvalidOperationException($"the program is not meant to use {args.Type}"),
        };
        if (Settled is not null && args.Name == "mesos-suffix")
        {
            state = state.SetItem("keepers", Settled);
        }

        return Task.FromResult<(string?, object)>((known ? $"{args.Name}-id" : null, state));

        ImmutableDictionary<string, object> Computed(params (string Key, object Value)[] values) =>
            known ? args.Inputs.SetItems(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))) : args.Inputs;

        // mesos-master-2-droplet -> 2, mesos-agent-1-droplet -> 51
        string Address(string network)
        {
            var parts = args.Name!.Split('-');
            var number = int.Parse(parts[^2], System.Globalization.CultureInfo.InvariantCulture);
            return $"{network}{(parts[^3] == "master" ? number : 50 + number)}";
        }
    }

    public Task<object> CallAsync(MockCallArgs args) => throw new InvalidOperationException($"the program is not meant to call {args.Token}");
}
