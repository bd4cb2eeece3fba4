using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>The options of resources, one by one.</summary>
[TestFixture]
internal sealed class OptionTests
{
    private static PropertyValue.Object Object(params (string Key, PropertyValue Value)[] properties) =>
        new(PropertyMap.From(properties.Select(p => KeyValuePair.Create(p.Key, p.Value))));

    private static PropertyValue.Array List(params PropertyValue[] items) => new([.. items]);

    [Test]
    public async Task Ignored_changes_are_taken_back()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> Program(string value, PropertyValue unknown) => p => p.ThingAsync(
            "a",
            r => r.IgnoreChanges.AddRange(["image", "nested.x", "list[*].y", "added"]),
            [
                ("image", unknown),
                ("nested", Object(("x", value), ("z", 1))),
                ("list", List(Object(("y", value)), Object(("y", value)))),
                .. value == "new" ? [("added", value)] : Array.Empty<(string, PropertyValue)>(),
            ]);
        await stage.UpAsync(Program("old", "old"));
        await stage.PreviewAsync(Program("new", PropertyValue.NotKnown));
        Assert.That(stage.Changes, Is.Empty);
        await stage.UpAsync(Program("new", "new"));

        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.Saved("a").Inputs["image"], Is.EqualTo((PropertyValue)"old"));
        Assert.That(stage.Saved("a").Inputs.ContainsKey("added"), Is.False);
    }

    [Test]
    public async Task Ignored_elements_that_come_or_go_are_told()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.IgnoreChanges.Add("list[*]"), ("list", List("x"))));
        await stage.UpAsync(p => p.ThingAsync("a", r => r.IgnoreChanges.Add("list[*]"), ("list", List("y", "z"))));

        Assert.That(stage.Saved("a").Inputs["list"], Is.EqualTo(List("x", "z")));
        Assert.That(stage.Events.OfType<EngineEvent.Diagnostic>().Single(d => d.Severity == DiagnosticSeverity.Info).Message, Does.Contain("list[*]"));
    }

    [Test]
    public async Task Named_outputs_and_those_of_secret_inputs_become_secret()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync(
            "a",
            r => r.AdditionalSecretOutputs.Add("leak"),
            ("secret", new PropertyValue.Secret("hush-hush")),
            ("nested", Object(("inner", new PropertyValue.Secret("quiet-please")), ("open", 1)))));

        var outputs = stage.Saved("a").Outputs;
        Assert.That(outputs["leak"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        Assert.That(outputs["secret"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        Assert.That(outputs["nested"], Is.EqualTo(Object(("inner", new PropertyValue.Secret("quiet-please")), ("open", 1))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_becomes_secret_later_is_sealed_though_nothing_else_changes(bool byInput)
    {
        var stage = new Stage();
        PropertyMap? seen = null;
        await stage.UpAsync(p => p.ThingAsync("a", ("x", "hush-hush")));
        Func<FakeProgram.Session, Task> later = async p => seen = (byInput
            ? await p.ThingAsync("a", ("x", new PropertyValue.Secret("hush-hush")))
            : await p.ThingAsync("a", r => r.AdditionalSecretOutputs.Add("x"), ("x", "hush-hush"))).Outputs;
        Assert.That((await stage.PreviewAsync(later)).StateChanged);
        await stage.UpAsync(async p =>
        {
            await later(p);
            p.Print("it says hush-hush");
        });

        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.Saved("a").Outputs["x"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        Assert.That(seen!["x"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Single().Line, Is.EqualTo(byInput ? "it says [secret]" : "it says hush-hush"), "an output may be chatter");
        Assert.That((await stage.PreviewAsync(later)).StateChanged, Is.False);
    }

    [Test]
    public async Task Programs_that_do_not_know_secrets_get_plain_values()
    {
        var stage = new Stage();
        PropertyMap? seen = null;
        await stage.UpAsync(async p =>
        {
            var response = await p.Monitor.RegisterResourceAsync(new RegisterResourceRequest
            {
                Type = "test:index:Thing",
                Name = "a",
                Custom = true,
                Parent = p.Stack.Urn,
                Object = PropertyCodec.ToStruct(PropertyMap.Empty.With("secret", new PropertyValue.Secret("hush-hush"))),
            });
            seen = PropertyCodec.FromStruct(response.Object);
        });
        Assert.That(seen!["secret"], Is.EqualTo((PropertyValue)"hush-hush"));
    }

    [Test]
    public async Task Secrets_are_masked_in_texts()
    {
        var stage = new Stage
        {
            Configuration = new Dictionary<string, string> { ["proj:password"] = "p4ssw0rd!" },
            SecretKeys = new HashSet<string> { "proj:password" },
            Secrets = ["sealed-part"],
        };
        var result = await stage.UpAsync(async p =>
        {
            await p.ThingAsync("a", ("secret", new PropertyValue.Secret("hush-hush")));
            p.Print("the password is p4ssw0rd!, it says hush-hush, in sealed-part");
            await p.Engine.LogAsync(new LogRequest { Severity = LogSeverity.Warning, Message = "p4ssw0rd!", Urn = Stage.Thing("a") });
        });

        Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Single().Line, Is.EqualTo("the password is [secret], it says [secret], in [secret]"));
        Assert.That(stage.Warnings, Is.EqualTo(new[] { "[secret]" }));
        Assert.That(result.Clean("PASSWORD=p4ssw0rd! or hush-hush"), Is.EqualTo("PASSWORD=[secret] or [secret]"), "what is shown of steps afterwards");
    }

    [Test]
    public async Task Former_names_find_renamed_resources()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var a = await p.ThingAsync("a");
            await p.ThingAsync("b");
            await p.ThingAsync("user", r => r.Dependencies.Add(a.Urn), ("of", a.Id));
        });
        var result = await stage.UpAsync(async p =>
        {
            var a2 = await p.ThingAsync("a2", Once("a"));
            await p.ThingAsync("b2", Once("b"));
            await p.ThingAsync("user", r => r.Dependencies.Add(a2.Urn), ("of", a2.Id));
        });

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That((stage.Saved("a2").Id, stage.Saved("b2").Id), Is.EqualTo(("id-1", "id-2")));
        Assert.That(stage.Saved("user").Dependencies, Is.EqualTo(new[] { Stage.Thing("a2") }));
        Assert.That(stage.State.Resources.Select(r => r.Urn), Has.None.EqualTo(Stage.Thing("a")));
    }

    [Test]
    public async Task Children_follow_their_parents_alias()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var c = await p.ComponentAsync("old");
            await p.ThingAsync("old-x", r => r.Parent = c.Urn);
            await p.ThingAsync("y", r => r.Parent = c.Urn);
        });
        var result = await stage.UpAsync(async p =>
        {
            var c = await p.ComponentAsync("new", options: Once("old"));
            await p.ThingAsync("new-x", r => r.Parent = c.Urn);
            await p.ThingAsync("y", r => r.Parent = c.Urn);
        });

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.State.Resources.Length, Is.EqualTo(5));
    }

    [Test]
    public async Task One_former_resource_has_one_heir()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a"));
        var result = await stage.UpAsync(async p =>
        {
            await p.ThingAsync("x", Once("a"));
            await p.ThingAsync("y", Once("a"));
        });
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors.Single(), Does.Contain(Stage.Thing("x")));
    }

    [Test]
    public async Task What_goes_with_another_needs_no_delete()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var host = await p.ThingAsync("host");
            await p.ThingAsync("command", r => r.DeletedWith = host.Urn);
            var group = await p.ComponentAsync("group", options: r => r.DeletedWith = host.Urn);
            await p.ThingAsync("child", r => r.Parent = group.Urn);
            await p.ThingAsync("drain", r => r.Dependencies.Add(host.Urn));
        });
        await stage.DestroyAsync();

        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete drain", "delete host" }));
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task What_would_go_with_one_that_stays_is_deleted()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var host = await p.ThingAsync("host");
            await p.ThingAsync("command", r => r.DeletedWith = host.Urn);
        });
        await stage.UpAsync(p => p.ThingAsync("host"));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete command" }));
    }

    [Test]
    public async Task Retained_resources_are_forgotten_only()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var group = await p.ComponentAsync("group", options: r => r.RetainOnDelete = true);
            await p.ThingAsync("a", r => r.Parent = group.Urn);
            await p.ThingAsync("b", r => (r.Parent, r.RetainOnDelete) = (group.Urn, false));
        });
        await stage.DestroyAsync();

        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete b" }));
        Assert.That(stage.Provider.Things.Keys, Is.EqualTo(new[] { "id-1" }));
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task Protected_resources_stay_with_all_they_need()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var net = await p.ThingAsync("net");
            await p.ThingAsync("host", r => { r.Protect = true; r.Dependencies.Add(net.Urn); });
            await p.ThingAsync("other");
        });
        var result = await stage.DestroyAsync();

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete other" }));
        Assert.That(stage.Events.OfType<EngineEvent.StepFailed>().Single().Step.Urn, Is.EqualTo(Stage.Thing("host")));
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EqualTo(new[] { "proj-dev", "default_1_2_3", "net", "host" }));
    }

    [Test]
    public async Task Options_alone_change_the_state_only()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a"));
        Assert.That((await stage.PreviewAsync(p => p.ThingAsync("a", r => r.Protect = true))).StateChanged);
        await stage.UpAsync(p => p.ThingAsync("a", r => r.Protect = true));

        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That(stage.Saved("a").Protect);
        Assert.That((await stage.PreviewAsync(p => p.ThingAsync("a", r => r.Protect = true))).StateChanged, Is.False);
    }

    [Test]
    public async Task Time_limits_reach_the_provider()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.CustomTimeouts = new RegisterResourceRequest.Types.CustomTimeouts { Create = "120000000000ns", Delete = "5400000000000ns" }));

        Assert.That(stage.Provider.Timeouts["a"], Is.EqualTo(TimeSpan.FromMinutes(2)));
        Assert.That(stage.Saved("a").CustomTimeouts!.Delete, Is.EqualTo(TimeSpan.FromMinutes(90)));
    }

    [TestCase("")]
    [TestCase("0ns")]
    public async Task No_time_limit_at_all_changes_nothing(string none)
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> program = p => p.ThingAsync("a", r => r.CustomTimeouts = new RegisterResourceRequest.Types.CustomTimeouts { Create = none });
        await stage.UpAsync(program);
        Assert.That(stage.Saved("a").CustomTimeouts, Is.Null, "as it is read back");
        Assert.That((await stage.PreviewAsync(program)).StateChanged, Is.False);
    }

    [Test]
    public async Task Resources_in_inputs_reach_the_provider_as_ids()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var a = await p.ThingAsync("a");
            await p.ThingAsync("b", ("of", List(new PropertyValue.Reference(a.Urn, a.Id))));
        });
        Assert.That(stage.Saved("b").Inputs["of"], Is.EqualTo(List("id-1")));
    }

    private static Action<RegisterResourceRequest> Once(string name) => request => request.Aliases.Add(new Alias { Spec = new Alias.Types.Spec { Name = name, NoParent = false } });

    private static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(string option, Action<RegisterResourceRequest> set) => new TestCaseData(option, set).SetArgDisplayNames(option);
        yield return Case("ImportId", r => r.ImportId = "x");
        yield return Case("remote components", r => r.Remote = true);
        yield return Case("ResourceTransforms", r => r.Transforms.Add(new Callback()));
        yield return Case("state migrations", r => r.StateMigrations.Add(new Callback()));
        yield return Case("Hooks", r => r.Hooks.AfterCreate.Add("h"));
        yield return Case("ReplaceWith", r => r.ReplaceWith.Add("urn"));
        yield return Case("ReplacementTrigger", r => r.ReplacementTrigger = Value.ForString("x"));
        yield return Case("parameterized packages", r => r.PackageRef = "x");
        yield return Case("EnvVarMappings", r => r.EnvVarMappings.Add("a", "b"));
        yield return Case("HideDiffs", r => r.HideDiffs.Add("a"));
        yield return Case("Provider", r => r.Provider = "urn::id");
        yield return Case("explicit providers", r => r.Type = "pulumi:providers:test");
        yield return Case("Aliases", r => r.AliasURNs.Add(Stage.Thing("b")));
        yield return Case("Aliases", r => r.Aliases.Add(new Alias { Urn = Stage.Thing("b") })).SetArgDisplayNames("an alias of a whole URN");
        yield return Case("Aliases", r => r.Aliases.Add(new Alias { Spec = new Alias.Types.Spec { NoParent = true } })).SetArgDisplayNames("an alias of another parent");
        yield return Case("time limit of reading", r => r.CustomTimeouts = new RegisterResourceRequest.Types.CustomTimeouts { Read = "1s" });
        yield return Case("duration", r => r.CustomTimeouts = new RegisterResourceRequest.Types.CustomTimeouts { Create = "soon" });
        yield return Case("type token", r => r.Type = "Thing");
        yield return Case("property path", r => r.IgnoreChanges.Add("a[b]"));
        yield return Case("assets", r => r.Object.Fields["x"] = Value.ForStruct(new Struct { Fields = { [Signatures.Key] = Value.ForString(Signatures.Asset) } }));
    }

    [TestCaseSource(nameof(Refused))]
    public async Task What_the_engine_does_not_do_is_refused_by_name(string option, Action<RegisterResourceRequest> set)
    {
        var stage = new Stage();
        var result = await stage.UpAsync(async p =>
        {
            var request = new RegisterResourceRequest
            {
                Type = "test:index:Thing",
                Name = "a",
                Custom = true,
                Parent = p.Stack.Urn,
                Object = new Struct(),
                Hooks = new RegisterResourceRequest.Types.ResourceHooksBinding(),
            };
            set(request);
            await p.Monitor.RegisterResourceAsync(request);
        });

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Program.Error!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(stage.Program.Error.Status.Detail, Does.Contain("'a'").And.Contain(option));
        Assert.That(stage.Errors, Has.Length.EqualTo(1));
        Assert.That(stage.Provider.Calls, Is.Empty);
    }

    [Test]
    public async Task Features_match()
    {
        var stage = new Stage();
        var answers = new Dictionary<string, bool>();
        await stage.UpAsync(async p =>
        {
            foreach (var id in new[] { "secrets", "resourceReferences", "aliasSpecs", "deletedWith", "outputValues", "replacementTrigger", "new" })
            {
                answers[id] = (await p.Monitor.SupportsFeatureAsync(new SupportsFeatureRequest { Id = id })).HasSupport;
            }
        });
        Assert.That(answers.Where(a => a.Value).Select(a => a.Key), Is.EqualTo(new[] { "secrets", "resourceReferences", "aliasSpecs", "deletedWith" }));
    }

    [Test]
    public async Task Options_without_effect_on_components_are_told()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ComponentAsync("c", options: r => r.IgnoreChanges.Add("x")));
        Assert.That(stage.Warnings.Single(), Does.Contain("ignoreChanges"));
    }
}
