using System.Collections.Immutable;
using System.Dynamic;
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
            Assert.That(mocks.Outputs, Is.EqualTo(new[] { $"{Below}my:index:Group::c out", "urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack " }));
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
    public async Task Mocks_see_and_give_back_a_folder()
    {
        var mocks = new Mocks();
        var folder = new FileArchive("./scripts/");

        var resources = await Deployment.TestAsync(mocks, new TestOptions(), () =>
        {
            _ = new CopyToRemote("copy", new CopyToRemoteArgs { Connection = new ConnectionArgs { Host = "10.0.0.1" }, Source = folder, RemotePath = "/opt", Triggers = new object[] { "7" } });
        });

        var copy = (CopyToRemote)resources.Single(r => r is CopyToRemote);
        Assert.Multiple(async () =>
        {
            Assert.That(mocks.Inputs["copy"].Keys, Is.EquivalentTo(new[] { "connection", "source", "remotePath", "triggers" }));
            Assert.That(mocks.Inputs["copy"]["source"], Is.TypeOf<FileArchive>().With.Property("Path").EqualTo("./scripts/"));
            Assert.That(await OutputUtilities.GetValueAsync(copy.Source), Is.TypeOf<FileArchive>());
            Assert.That(await OutputUtilities.GetValueAsync(copy.RemotePath), Is.EqualTo("/opt"));
        });
    }

    [Test]
    public async Task A_stack_class_is_among_the_resources_and_registers_its_outputs()
    {
        var mocks = new Mocks();

        var resources = await Deployment.TestAsync<GroupStack>(mocks);

        Assert.That(resources.Select(r => r.GetType().Name), Is.EqualTo(new[] { "GroupStack", "Group", "RandomPet", "RandomId" }));
        Assert.That(mocks.Outputs, Does.Contain("urn:pulumi:stack::project::pulumi:pulumi:Stack::project-stack A"));
    }

    [Test]
    public void A_stack_must_assign_its_outputs() => Assert.That(
        () => Deployment.TestAsync<EmptyStack>(new Mocks()),
        Throws.TypeOf<RunException>().With.Message.EqualTo(
            "Output(s) 'A' have no value assigned. [Output] attributed properties must be assigned inside Stack constructor."));

    [Test]
    public void Outputs_must_be_outputs() => Assert.That(
        () => Deployment.TestAsync<WrongStack>(new Mocks()),
        Throws.TypeOf<RunException>().With.Message.EqualTo(
            "Output(s) 'a' have incorrect type. [Output] attributed properties must be instances of Output<T>."));

    [Test]
    public void Outputs_of_a_resource_must_be_outputs() => Assert.That(
        () => TestAsync(() => _ = new WrongResource("w")),
        Throws.TypeOf<RunException>().With.Message.EqualTo(
            "Output(s) 'a' have incorrect type. [Output] attributed properties must be instances of Output<T>."));

    [Test]
    public async Task Outputs_of_a_component_are_of_any_type()
    {
        var mocks = new Mocks();

        await Deployment.TestAsync(mocks, new TestOptions(), () => _ = new Named("n"));

        Assert.That(mocks.Outputs, Does.Contain($"{Below}my:index:Named::n name"));
    }

    [Test]
    public void A_stack_tells_what_its_constructor_throws() => Assert.That(
        () => Deployment.TestAsync<FailingStack>(new Mocks()),
        Throws.TypeOf<RunException>().With.Message.EqualTo("found in the constructor"));

    [Test]
    public void A_resource_is_not_made_before_its_stack() => Assert.That(
        () => Deployment.TestAsync<EarlyStack>(new Mocks()),
        Throws.TypeOf<RunException>().With.Message.Contains("early (random:index/randomPet:RandomPet) was made before the stack"));

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
            () => TestAsync(() => _ = new ComponentResource("my:index:Far", "far", null, null, remote: true)),
            Throws.TypeOf<RunException>().With.Message.Contains("remote components are not part of the embedded SDK"));
        Assert.That(
            () => TestAsync(() => Deployment.TestAsync(new Mocks(), new TestOptions(), () => { }).GetAwaiter().GetResult()),
            Throws.TypeOf<RunException>().With.Message.Contains("a deployment is running already"));
    }

    [Test]
    [CancelAfter(30_000)]
    public void A_component_takes_one_provider_or_several(CancellationToken cancellation) => Assert.That(
        async () => await TestAsync(() =>
        {
            var provider = new ProviderResource("random", "rp", ResourceArgs.Empty, new CustomResourceOptions());
            _ = new ComponentResource("my:index:Top", "top", new ComponentResourceOptions { Provider = provider, Providers = { provider } });
        }).WaitAsync(cancellation),
        Throws.TypeOf<RunException>().With.Message.Contains("Do not supply both 'provider' and 'providers'"));

    [TestCase(typeof(string), "a text")]
    [TestCase(typeof(string[]), new[] { "a list" })]
    public void The_state_of_a_mock_is_an_object(Type type, object state) => Assert.That(
        () => Deployment.TestAsync(new Mocks { State = state }, new TestOptions(), () => _ = new RandomPet("pet", new RandomPetArgs())),
        Throws.TypeOf<RunException>().With.Message.Contains($"{type} is not a supported argument type"));

    [Test]
    public async Task The_state_of_a_mock_may_be_dynamic()
    {
        dynamic state = new ExpandoObject();
        state.prefix = "p";
        RandomPet? pet = null;

        await Deployment.TestAsync(new Mocks { State = state }, new TestOptions(), () => pet = new RandomPet("pet", new RandomPetArgs()));

        Assert.That(await OutputUtilities.GetValueAsync(pet!.Prefix), Is.EqualTo("p"));
    }

    [Test]
    public async Task Unknown_dependencies_and_aliases_are_none()
    {
        var mocks = new Mocks();

        await Deployment.TestAsync(mocks, new TestOptions(), () =>
        {
            var first = new RandomPet("first", new RandomPetArgs());
            _ = new RandomPet("second", new RandomPetArgs(), new CustomResourceOptions
            {
                DependsOn = first.Id.Apply(_ => ImmutableArray.Create<Resource>(first)),
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
            Assert.That(await OutputUtilities.GetDependenciesAsync(a.Urn), Is.EquivalentTo(new[] { a }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(a.Urn.Apply(v => v.Length)), Is.EquivalentTo(new[] { a }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(unknown.Apply(_ => b.Urn)), Is.EquivalentTo(new[] { a }), "not run");
            Assert.That(await OutputUtilities.GetDependenciesAsync(a.Urn.Apply(_ => b.Urn)), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(Output.All(a.Urn, b.Urn)), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(Output.Tuple(a.Urn, b.Urn)), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(Output.Format($"{a.Urn} {(Input<string>)b.Urn}")), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(Output.Unsecret(Output.CreateSecret(a.Urn))), Is.EquivalentTo(new[] { a }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(new InputList<string> { a.Urn, b.Urn }.ToOutput()), Is.EquivalentTo(new[] { a, b }));
            Assert.That(await OutputUtilities.GetDependenciesAsync(new InputMap<string> { ["a"] = a.Urn, ["b"] = b.Urn }.ToOutput()), Is.EquivalentTo(new[] { a, b }));
        });
    }

    [Test]
    public void Nothing_of_a_deployment_is_there_outside_of_one()
    {
        Assert.That(() => Deployment.Instance, Throws.InvalidOperationException);
        Assert.That(() => Log.Info("x"), Throws.InvalidOperationException);
        Assert.That(() => new RandomPet("p", new RandomPetArgs()), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Options_are_what_the_test_says()
    {
        await Deployment.TestAsync(
            new Mocks(),
            new TestOptions { ProjectName = "p", StackName = "s", OrganizationName = "o", RootDirectory = "/r" },
            () =>
            {
                var instance = Deployment.Instance;
                Assert.That(
                    (instance.ProjectName, instance.StackName, instance.OrganizationName, instance.RootDirectory),
                    Is.EqualTo(("p", "s", "o", "/r")));
            });
        await TestAsync(() => Assert.That(() => Deployment.Instance.RootDirectory, Throws.InvalidOperationException));
    }

    [Test]
    public async Task Transformations_of_a_resource_and_of_those_above_it_change_arguments_and_options()
    {
        var mocks = new Mocks();

        await Deployment.TestAsync(mocks, new TestOptions(), () =>
        {
            var parent = new ComponentResource("my:index:Top", "top", new ComponentResourceOptions
            {
                ResourceTransformations =
                {
                    a => a.Args is RandomPetArgs pet ? new ResourceTransformationResult(new RandomPetArgs { Prefix = pet.Prefix, Length = 9 }, a.Options) : null,
                },
            });
            _ = new RandomPet("pet", new RandomPetArgs { Length = 1 }, new CustomResourceOptions
            {
                Parent = parent,
                ResourceTransformations =
                {
                    a =>
                    {
                        ((RandomPetArgs)a.Args).Prefix = "t";
                        return null;
                    },
                },
            });
        });

        Assert.That(mocks.Inputs["pet"], Is.EqualTo(new Dictionary<string, object> { ["length"] = 9.0, ["prefix"] = "t" }));
    }

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

    [Test]
    public async Task Providers_merge_by_package() => await TestAsync(() =>
    {
        var (a, b, other) = (Provider("random", "a"), Provider("random", "b"), Provider("command", "c"));

        Assert.That(
            ComponentResourceOptions.Merge(new ComponentResourceOptions { Providers = { a, other } }, new ComponentResourceOptions { Providers = { b } }).Providers,
            Is.EquivalentTo(new[] { b, other }));
        Assert.That(ComponentResourceOptions.Merge(new ComponentResourceOptions { Providers = { a } }, null).Providers, Is.EqualTo(new[] { a }));

        static ProviderResource Provider(string package, string name) => new(package, name, ResourceArgs.Empty, new CustomResourceOptions());
    });

    [Test]
    public async Task Providers_go_from_components_to_their_children()
    {
        var mocks = new Mocks();

        await Deployment.TestAsync(mocks, new TestOptions { IsPreview = false }, () =>
        {
            var provider = new ProviderResource("random", "rp", ResourceArgs.Empty, new CustomResourceOptions());
            var top = new ComponentResource("my:index:Top", "top", new ComponentResourceOptions { Provider = provider });
            var middle = new ComponentResource("my:index:Middle", "middle", new ComponentResourceOptions { Parent = top });
            _ = new RandomPet("pet", new RandomPetArgs(), new CustomResourceOptions { Parent = middle });
            _ = new Command("cmd", new CommandArgs { Connection = new ConnectionArgs { Host = "h" } }, new CustomResourceOptions { Parent = middle });
        });

        Assert.That(mocks.Providers["pet"], Is.EqualTo($"{Below}pulumi:providers:random::rp::rp-id"));
        Assert.That(mocks.Providers["cmd"], Is.Empty, "of another package");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Unexpected_kinds_of_values_become_known_defaults(bool preview)
    {
        RandomId? id = null;

        await Deployment.TestAsync(
            new Mocks { State = new Dictionary<string, object> { ["hex"] = 5, ["keepers"] = "x" } },
            new TestOptions { IsPreview = preview },
            () => id = new RandomId("rid", new RandomIdArgs { ByteLength = 1 }));

        Assert.That((await OutputUtilities.GetIsKnownAsync(id!.Hex), await OutputUtilities.GetValueAsync(id.Hex)), Is.EqualTo((true, (string?)null)));
        Assert.That((await OutputUtilities.GetIsKnownAsync(id.Keepers), await OutputUtilities.GetValueAsync(id.Keepers)), Is.EqualTo((true, (ImmutableDictionary<string, string>?)null)));
    }

    [Test]
    public Task A_number_that_may_be_missing_is_missing_where_a_text_came() => TestAsync(() =>
        Assert.That(Pulumi.Serialization.Converter.Convert<int?>("p", "three"), Is.Null, "and not 0"));

    private static async Task TestAsync(Action action) => await Deployment.TestAsync(new Mocks(), new TestOptions(), action);

    private sealed class Mocks : IMocks
    {
        public List<string> Seen { get; } = [];

        public List<string> Outputs { get; } = [];

        public Dictionary<string, ImmutableDictionary<string, object>> Inputs { get; } = [];

        public Dictionary<string, string?> Providers { get; } = [];

        public object? State { get; init; }

        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            Seen.Add($"{args.Type} {args.Name}");
            Inputs[args.Name!] = args.Inputs;
            Providers[args.Name!] = args.Provider;
            var id = args.Type == "random:index/randomPet:RandomPet" ? null : $"{args.Name}-id";
            return Task.FromResult<(string?, object)>((id, State ?? args.Inputs));
        }

        public Task<object> CallAsync(MockCallArgs args) => Task.FromResult<object>(args.Args);

        public Task RegisterResourceOutputs(MockRegisterResourceOutputsRequest args)
        {
            Outputs.Add($"{args.Urn} {string.Join(",", args.Outputs.Keys)}");
            return Task.CompletedTask;
        }
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

    private sealed class GroupStack : Stack
    {
        public GroupStack() => A = new Group("x").Out;

        [Output]
        public Output<string> A { get; private set; }
    }

    private sealed class EmptyStack : Stack
    {
        [Output]
        public Output<string> A { get; private set; } = null!;
    }

    private sealed class WrongStack : Stack
    {
        [Output("a")]
        public string A { get; private set; } = "";
    }

    private sealed class EarlyStack : Stack
    {
        private readonly RandomPet _early = new("early", new RandomPetArgs());

        [Output]
        public Output<string> A => _early.Urn;
    }

    private sealed class WrongResource(string name) : CustomResource("my:index:Wrong", name, null, new CustomResourceOptions())
    {
        [Output("a")]
        public string A { get; private set; } = "";
    }

    private sealed class Named : ComponentResource
    {
        public Named(string name)
            : base("my:index:Named", name)
        {
            Name = name;
            RegisterOutputs();
        }

        [Output("name")]
        public string Name { get; private set; }
    }
}
