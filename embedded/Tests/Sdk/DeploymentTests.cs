using System.Collections.Immutable;
using MesosStack.Embedded.Tests.SdkProgram;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.Random;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>Programs against mocks.</summary>
internal sealed class DeploymentTests
{
    private const string Below = "urn:pulumi:stack::project::pulumi:pulumi:Stack$";

    [TestCase(null)]
    [TestCase(true)]
    [TestCase(false)]
    public async Task Mocks_make_resources_and_components(bool? preview)
    {
        var mocks = new Mocks();

        var (resources, outputs) = await Deployment.TestAsync(mocks, new TestOptions { IsPreview = preview }, () =>
        {
            Assert.That(Deployment.Instance.IsDryRun, Is.EqualTo(preview ?? true));
            var group = new Group("c");
            return new Dictionary<string, object?> { ["v"] = group.Out };
        });

        Assert.Multiple(async () =>
        {
            Assert.That(mocks.Seen, Is.EqualTo(new[] { "my:index:Group c", "random:index/randomPet:RandomPet pet", "random:index/randomId:RandomId rid" }));
            Assert.That(mocks.Inputs["pet"], Is.EqualTo(new Dictionary<string, object> { ["length"] = 2.0, ["prefix"] = "s" }), "secrets in clear, numbers as doubles");
            Assert.That(mocks.Inputs["rid"].Keys, Is.EqualTo(new[] { "byteLength" }), "what is unknown is left out");
            Assert.That(resources.Select(r => r.GetType()), Is.EqualTo(new[] { typeof(Group), typeof(RandomPet), typeof(RandomId) }));
            Assert.That(await OutputUtilities.GetValueAsync(resources[1].Urn), Is.EqualTo($"{Below}random:index/randomPet:RandomPet::pet"));
            Assert.That(await OutputUtilities.GetIsKnownAsync(((CustomResource)resources[1]).Id), Is.False, "the mock gave no id");
            Assert.That(await OutputUtilities.GetValueAsync(((CustomResource)resources[2]).Id), Is.EqualTo("rid-id"));

            // The mock returned no "hex": unknown in a preview, else the type's default.
            var value = (Output<string>)outputs["v"]!;
            Assert.That(await OutputUtilities.GetIsKnownAsync(value), Is.EqualTo(preview == false));
            Assert.That(await OutputUtilities.GetValueAsync(value), preview == false ? Is.EqualTo("hex") : Is.Null);
        });
    }

    [Test]
    public async Task Mocks_see_a_folder()
    {
        var mocks = new Mocks();

        await TestAsync(mocks, () => _ = new CopyToRemote("copy", new CopyToRemoteArgs
        {
            Connection = new ConnectionArgs { Host = "10.0.0.1" },
            Source = new FileArchive("./scripts/"),
            RemotePath = "/opt",
            Triggers = new object[] { "7" },
        }));

        Assert.That(mocks.Inputs["copy"].Keys, Is.EquivalentTo(new[] { "connection", "source", "remotePath", "triggers" }));
        Assert.That(mocks.Inputs["copy"]["source"], Is.TypeOf<FileArchive>().With.Property("Path").EqualTo("./scripts/"));
    }

    [Test]
    public void Outputs_of_a_resource_must_be_outputs() => Assert.That(
        () => TestAsync(() => _ = new WrongResource("w")),
        Throws.TypeOf<RunException>().With.Message.EqualTo(
            "Output(s) 'a' have incorrect type. [Output] attributed properties must be instances of Output<T>."));

    [Test]
    public void Failures_come_back_as_text()
    {
        Assert.That(
            () => TestAsync(() => throw new InvalidOperationException("bad")),
            Throws.TypeOf<RunException>().With.Message.Contains("failed with an unhandled exception:\nSystem.InvalidOperationException: bad"));
        Assert.That(() => TestAsync(() => throw new RunException("plain")), Throws.TypeOf<RunException>().With.Message.EqualTo("plain"));
        Assert.That(
            () => TestAsync(() => Output.Create(1).Apply(int (_) => throw new InvalidOperationException("in apply"))),
            Throws.TypeOf<RunException>().With.Message.Contains("in apply"));
        Assert.That(
            () => TestAsync(() =>
            {
                Log.Error("one");
                Log.Error("two");
            }),
            Throws.TypeOf<AggregateException>().With.Property("InnerExceptions").Count.EqualTo(2));
        Assert.That(
            () => TestAsync(() => TestAsync(() => { }).GetAwaiter().GetResult()),
            Throws.TypeOf<RunException>().With.Message.Contains("a deployment is running already"));
    }

    [TestCase(typeof(string), "a text")]
    [TestCase(typeof(string[]), new[] { "a list" })]
    public void The_state_of_a_mock_is_an_object(Type type, object state) => Assert.That(
        () => TestAsync(new Mocks { State = state }, () => _ = new RandomPet("pet", new RandomPetArgs())),
        Throws.TypeOf<RunException>().With.Message.Contains($"{type} is not a supported argument type"));

    [Test]
    public async Task Unknown_dependencies_and_aliases_are_none()
    {
        var mocks = new Mocks();

        await TestAsync(mocks, () =>
        {
            var first = new RandomPet("first", new RandomPetArgs());
            _ = new RandomPet("second", new RandomPetArgs(), new CustomResourceOptions
            {
                DependsOn = { first.Id.Apply(_ => (Resource)first) },
                Aliases = { first.Id.Apply(id => new Alias { Name = id }) },
            });
        });

        Assert.That(mocks.Inputs.Keys, Is.EquivalentTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task Outputs_carry_the_resources_they_come_from()
    {
        RandomPet a = null!, b = null!;
        await TestAsync(() =>
        {
            a = new RandomPet("a", new RandomPetArgs());
            b = new RandomPet("b", new RandomPetArgs());
        });
        var unknown = a.Id;

        Assert.Multiple(async () =>
        {
            Assert.That(await DependenciesAsync(a.Urn), Is.EquivalentTo(new[] { a }));
            Assert.That(await DependenciesAsync(a.Urn.Apply(v => v.Length)), Is.EquivalentTo(new[] { a }));
            Assert.That(await DependenciesAsync(unknown.Apply(_ => b.Urn)), Is.EquivalentTo(new[] { a }), "not run");
            Assert.That(await DependenciesAsync(a.Urn.Apply(_ => b.Urn)), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await DependenciesAsync(Output.All([a.Urn, b.Urn])), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await DependenciesAsync(Output.Tuple(a.Urn, b.Urn)), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await DependenciesAsync(Output.Format($"{a.Urn} {(Input<string>)b.Urn}")), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await DependenciesAsync(Output.Unsecret(Output.CreateSecret(a.Urn))), Is.EquivalentTo(new[] { a }));
            Assert.That(await DependenciesAsync(new InputList<string> { a.Urn, b.Urn }.ToOutput()), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await DependenciesAsync(new InputMap<string> { { "a", a.Urn }, { "b", b.Urn } }.ToOutput()), Is.EquivalentTo(new[] { a, b }));
        });
    }

    [Test]
    public void Nothing_of_a_deployment_is_there_outside_of_one()
    {
        Assert.That(() => Deployment.Instance, Throws.InvalidOperationException);
        Assert.That(() => Log.Warn("x"), Throws.InvalidOperationException);
        Assert.That(() => new RandomPet("p", new RandomPetArgs()), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Project_and_stack_are_what_the_test_says() => await Deployment.TestAsync(
        new Mocks(),
        new TestOptions { ProjectName = "p", StackName = "s" },
        () =>
        {
            Assert.That((Deployment.Instance.ProjectName, Deployment.Instance.StackName), Is.EqualTo(("p", "s")));
            return new Dictionary<string, object?>();
        });

    [Test]
    public async Task Transformations_see_a_resource_and_those_below_it()
    {
        var seen = new List<(string, List<string>)>();

        await TestAsync(() =>
        {
            ResourceTransformation note = args =>
            {
                seen.Add((args.Resource.GetResourceName(), args.Options.IgnoreChanges));
                return null;
            };
            var parent = new ComponentResource("my:index:Top", "top", new ComponentResourceOptions { ResourceTransformations = { note } });
            _ = new RandomPet("pet", new RandomPetArgs(), new CustomResourceOptions { Parent = parent, IgnoreChanges = { "prefix" } });
            _ = new RandomPet("other", new RandomPetArgs());
        });

        Assert.That(seen, Is.EqualTo(new[] { ("top", new List<string>()), ("pet", ["prefix"]) }));
    }

    [Test]
    public void A_transformation_that_changes_something_is_refused() => Assert.That(
        () => TestAsync(() => _ = new ComponentResource("my:index:Top", "top", new ComponentResourceOptions { ResourceTransformations = { _ => default(ResourceTransformationResult) } })),
        Throws.TypeOf<RunException>().With.Message.Contains("a transformation gave top (my:index:Top) other arguments or options, which is not part of the embedded SDK"));

    [Test]
    public async Task Options_merge()
    {
        await TestAsync(() =>
        {
            var parent = new ComponentResource("my:index:Top", "top");
            var one = new CustomResourceOptions
            {
                Protect = true,
                Version = "1",
                IgnoreChanges = { "a" },
                AdditionalSecretOutputs = { "x" },
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromSeconds(1), Delete = TimeSpan.FromSeconds(2) },
            };
            var two = new CustomResourceOptions { Version = "2", Parent = parent, IgnoreChanges = { "b" }, DeleteBeforeReplace = true };
            var merged = CustomResourceOptions.Merge(one, two);

            Assert.Multiple(() =>
            {
                Assert.That((merged.Protect, merged.Version, merged.Parent, merged.DeleteBeforeReplace), Is.EqualTo(((bool?)true, "2", parent, (bool?)true)));
                Assert.That(merged.IgnoreChanges, Is.EqualTo(new[] { "a", "b" }));
                Assert.That(merged.AdditionalSecretOutputs, Is.EqualTo(new[] { "x" }));
                Assert.That(merged.CustomTimeouts!.Delete, Is.EqualTo(TimeSpan.FromSeconds(2)));
                Assert.That(merged.CustomTimeouts, Is.Not.SameAs(one.CustomTimeouts), "a copy");
                var timeouts = CustomResourceOptions.Merge(one, new CustomResourceOptions { CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromSeconds(3) } }).CustomTimeouts!;
                Assert.That((timeouts.Create, timeouts.Delete), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(3), (TimeSpan?)null)), "all of the second's");
                Assert.That(one.IgnoreChanges, Is.EqualTo(new[] { "a" }), "the first is left alone");
                Assert.That(CustomResourceOptions.Merge(null, null).Protect, Is.Null);
            });
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Unexpected_kinds_of_values_become_known_defaults(bool preview)
    {
        RandomId? id = null;

        await Deployment.TestAsync(
            new Mocks { State = new Dictionary<string, object> { ["hex"] = 5, ["keepers"] = "x" } },
            new TestOptions { IsPreview = preview },
            () => new Dictionary<string, object?> { ["v"] = id = new RandomId("rid", new RandomIdArgs { ByteLength = 1 }) });

        Assert.That((await OutputUtilities.GetIsKnownAsync(id!.Hex), await OutputUtilities.GetValueAsync(id.Hex)), Is.EqualTo((true, (string?)null)));
        Assert.That((await OutputUtilities.GetIsKnownAsync(id.Keepers), await OutputUtilities.GetValueAsync(id.Keepers)), Is.EqualTo((true, (ImmutableDictionary<string, string>?)null)));
    }

    private static async Task<ImmutableHashSet<Resource>> DependenciesAsync<T>(Output<T> output) => (await output.Data).Resources;

    private static Task TestAsync(Action action) => TestAsync(new Mocks(), action);

    private static async Task TestAsync(Mocks mocks, Action action) => await Deployment.TestAsync(mocks, new TestOptions(), () =>
    {
        action();
        return new Dictionary<string, object?>();
    });

    private sealed class Mocks : IMocks
    {
        public List<string> Seen { get; } = [];

        public Dictionary<string, ImmutableDictionary<string, object>> Inputs { get; } = [];

        public object? State { get; init; }

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            Seen.Add($"{args.Type} {args.Name}");
            Inputs[args.Name!] = args.Inputs;
            var id = args.Type == "random:index/randomPet:RandomPet" ? null : $"{args.Name}-id";
            return Task.FromResult<(string?, object)>((id, State ?? args.Inputs));
        }

        public Task<object> CallAsync(MockCallArgs args) => throw new AssertionException("no call was expected");
    }

    private sealed class Group : ComponentResource
    {
        public Group(string name)
            : base("my:index:Group", name)
        {
            var pet = new RandomPet("pet", new RandomPetArgs { Length = 2, Prefix = Output.CreateSecret("s") }, new CustomResourceOptions { Parent = this });
            var ident = new RandomId("rid", new RandomIdArgs { ByteLength = 3, Keepers = { { "pet", pet.Id } } });
            Out = ident.Hex.Apply(h => "hex" + h);
            RegisterOutputs();
        }

        [Output("out")]
        public Output<string> Out { get; private set; }
    }

    private sealed class WrongResource(string name) : CustomResource("my:index:Wrong", name, null, new CustomResourceOptions())
    {
        [Output("a")]
        public string A { get; private set; } = "";
    }
}
