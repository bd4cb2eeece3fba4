using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>The life of resources from their create to their delete.</summary>
[TestFixture]
internal sealed class BasicTests
{
    private static async Task TwoThings(FakeProgram.Session program)
    {
        var component = await program.ComponentAsync("group");
        var a = await program.ThingAsync("a", r => r.Parent = component.Urn, ("size", 1));
        await program.ThingAsync("b", r => r.Dependencies.Add(a.Urn), ("of", a.Id), ("serial", a.Outputs.GetValueOrDefault("serial") ?? PropertyValue.NotKnown));
        await program.OutputsAsync(component.Urn, ("first", a.Id));
        await program.OutputsAsync(program.Stack.Urn, ("answer", 42), ("hidden", new PropertyValue.Secret("secret-answer")));
    }

    [Test]
    public async Task Up_creates_and_saves_everything()
    {
        var stage = new Stage();
        var result = await stage.UpAsync(TwoThings);

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Changes, Is.EqualTo(new[] { "Create proj-dev", "Create group", "Create a", "Create b" }));
        Assert.That(result.Counts, Is.EqualTo(new Dictionary<StepKind, int> { [StepKind.Create] = 4 }));
        Assert.That(stage.State.PendingOperations, Is.Empty);
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EqualTo(new[] { "proj-dev", "group", "default_1_2_3", "a", "b" }));
        var a = stage.Saved("a");
        Assert.Multiple(() =>
        {
            Assert.That(a.Urn, Is.EqualTo("urn:pulumi:dev::proj::my:index:Component$test:index:Thing::a"));
            Assert.That(a.Id, Is.EqualTo("id-1"));
            Assert.That(a.Parent, Is.EqualTo("urn:pulumi:dev::proj::my:index:Component::group"));
            Assert.That(a.Outputs["serial"], Is.EqualTo((PropertyValue)1));
            Assert.That(a.Created, Is.Not.Null);
            Assert.That(a.Provider, Does.StartWith("urn:pulumi:dev::proj::pulumi:providers:test::default_1_2_3::"));
            Assert.That(stage.Saved("b").Dependencies, Is.EqualTo(new[] { a.Urn }));
            Assert.That(stage.Saved("b").PropertyDependencies["of"], Is.EqualTo(new[] { a.Urn }));
            Assert.That(stage.Saved("group").Outputs["first"], Is.EqualTo((PropertyValue)"id-1"));
            Assert.That(stage.Saved("proj-dev").Outputs["hidden"], Is.EqualTo(new PropertyValue.Secret("secret-answer")));
            Assert.That(result.Outputs, Is.EqualTo(stage.Saved("proj-dev").Outputs));
            Assert.That(result.OutputsChanged);
            Assert.That(stage.Events.OfType<EngineEvent.StackOutputs>().Single().Outputs["answer"], Is.EqualTo((PropertyValue)42));
            Assert.That(stage.Events.OfType<EngineEvent.StepStatus>().Select(s => s.Line), Is.EqualTo(new[] { "making a", "making b" }));
        });
    }

    [Test]
    public async Task Second_up_calls_no_provider_and_writes_nothing()
    {
        var stage = new Stage();
        await stage.UpAsync(TwoThings);
        var result = await stage.UpAsync(TwoThings);

        Assert.That(result.Succeeded);
        Assert.That(result.Counts.Keys, Is.EqualTo(new[] { StepKind.Same }));
        Assert.That(result.OutputsChanged, Is.False);
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That(stage.Saves, Is.Empty);
    }

    [Test]
    public async Task Programs_get_outputs_back()
    {
        var stage = new Stage();
        FakeProgram.Registered? first = null, second = null, component = null;
        await stage.UpAsync(async p => first = await p.ThingAsync("a", ("secret", new PropertyValue.Secret("hush-hush"))));
        await stage.UpAsync(async p =>
        {
            component = await p.ComponentAsync("c");
            second = await p.ThingAsync("a", ("secret", new PropertyValue.Secret("hush-hush")));
        });

        Assert.That(first!.Id, Is.EqualTo("id-1"));
        Assert.That(first.Outputs["secret"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        Assert.That(second!.Id, Is.EqualTo("id-1"));
        Assert.That(second.Outputs, Is.EqualTo(first.Outputs));
        Assert.That(component!.Outputs, Is.Empty);
        Assert.That(component.Id, Is.Empty);
    }

    [Test]
    public async Task Preview_tells_and_touches_nothing()
    {
        var stage = new Stage();
        FakeProgram.Registered? seen = null;
        var result = await stage.PreviewAsync(async p =>
        {
            seen = await p.ThingAsync("a", ("size", 1), ("list", new PropertyValue.Array([PropertyValue.NotKnown])));
            await p.ThingAsync("b", ("of", PropertyValue.NotKnown));
        });

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(result.Counts[StepKind.Create], Is.EqualTo(3));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "preview create a", "preview create b" }));
        Assert.That(stage.Saves, Is.Empty);
        Assert.That(result.After, Is.SameAs(stage.State));
        Assert.That(stage.Program.Environment["PULUMI_DRY_RUN"], Is.EqualTo("true"));
        Assert.That(seen!.Id, Is.Empty);
        Assert.That(seen.Outputs.Keys, Is.EqualTo(new[] { "size" }), "what holds an unknown value is left out");
    }

    [Test]
    public async Task Preview_of_a_change_keeps_id_and_known_outputs()
    {
        var stage = new Stage();
        await stage.UpAsync(async p => await p.ThingAsync("a", ("size", 1)));
        FakeProgram.Registered? seen = null;
        var result = await stage.PreviewAsync(async p => seen = await p.ThingAsync("a", ("size", 2)));

        Assert.That(result.Counts[StepKind.Update], Is.EqualTo(1));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "preview update a" }));
        Assert.That((seen!.Id, seen.Outputs["serial"], seen.Outputs["size"]), Is.EqualTo(("id-1", (PropertyValue)1, (PropertyValue)2)));
        Assert.That(stage.Saved("a").Inputs["size"], Is.EqualTo((PropertyValue)1));
    }

    [Test]
    public async Task Changed_inputs_update_in_place()
    {
        var stage = new Stage();
        await stage.UpAsync(async p => await p.ThingAsync("a", ("size", 1), ("kept", true)));
        var created = stage.Saved("a").Created;
        var result = await stage.UpAsync(async p => await p.ThingAsync("a", ("size", 2), ("kept", true)));

        Assert.That(result.Succeeded);
        Assert.That(stage.Changes, Is.EqualTo(new[] { "Update a" }));
        Assert.That(stage.Events.OfType<EngineEvent.StepDone>().Single(d => d.Step.Kind == StepKind.Update).Step.Details.Keys, Is.EqualTo(new[] { "size" }));
        Assert.That(stage.Saved("a").Outputs["size"], Is.EqualTo((PropertyValue)2));
        Assert.That(stage.Saved("a").Created, Is.EqualTo(created));
        Assert.That(stage.Saved("a").Modified, Is.GreaterThan(created!));
    }

    [Test]
    public async Task Component_inputs_are_compared_by_the_engine()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ComponentAsync("c", options: r => r.Object = PropertyCodec.ToStruct(PropertyMap.Empty.With("x", 1))));
        await stage.UpAsync(p => p.ComponentAsync("c", options: r => r.Object = PropertyCodec.ToStruct(PropertyMap.Empty.With("x", 2))));

        Assert.That(stage.Changes, Is.EqualTo(new[] { "Update c" }));
        Assert.That(stage.Saved("c").Inputs["x"], Is.EqualTo((PropertyValue)2));
    }

    [Test]
    public async Task Undeclared_resources_are_deleted_dependents_first()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var a = await p.ThingAsync("a");
            var b = await p.ThingAsync("b", r => r.Dependencies.Add(a.Urn));
            await p.ThingAsync("c", r => r.Dependencies.Add(b.Urn));
            await p.ThingAsync("d");
        });
        var result = await stage.UpAsync(async p => await p.ThingAsync("d"));

        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete c", "delete b", "delete a" }));
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EquivalentTo(new[] { "proj-dev", "default_1_2_3", "d" }));
    }

    [Test]
    public async Task Preview_of_deletes_calls_nothing()
    {
        var stage = new Stage();
        await stage.UpAsync(async p => await p.ThingAsync("a"));
        var result = await stage.PreviewAsync(_ => Task.CompletedTask);

        Assert.That(result.Counts[StepKind.Delete], Is.EqualTo(1));
        Assert.That(stage.Provider.Calls, Is.Empty);
    }

    [Test]
    public async Task Destroy_leaves_nothing_and_runs_no_program()
    {
        var stage = new Stage();
        await stage.UpAsync(TwoThings);
        var result = await stage.DestroyAsync();

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Steps, Is.EqualTo(new[] { "Delete b", "Delete a", "Delete group", "Delete proj-dev" }));
        Assert.That(stage.State.Resources, Is.Empty);
        Assert.That(stage.Provider.Things, Is.Empty);
        Assert.That(result.Outputs, Is.Empty);
    }

    [Test]
    public async Task A_preview_of_a_destroy_tells_the_same_and_deletes_nothing()
    {
        var stage = new Stage();
        await stage.UpAsync(TwoThings);
        var state = stage.State;
        var result = await stage.RunAsync(OperationMode.PreviewDestroy);

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Steps, Is.EqualTo(new[] { "Delete b", "Delete a", "Delete group", "Delete proj-dev" }));
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That(stage.Saves, Is.Empty);
        Assert.That(stage.State, Is.SameAs(state));
    }

    [Test]
    public async Task Deletes_wait_only_for_their_dependents()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var slow = await p.ThingAsync("slow");
            await p.ThingAsync("slow-child", r => r.Parent = slow.Urn);
            var quick = await p.ThingAsync("quick");
            await p.ThingAsync("quick-child", r => r.Parent = quick.Urn);
        });
        var quickGone = new TaskCompletionSource();
        stage.Provider.Gate = call =>
        {
            if (call == "delete quick")
            {
                quickGone.SetResult();
            }

            return call == "delete slow-child" ? quickGone.Task : Task.CompletedTask;
        };
        var result = await stage.DestroyAsync();

        Assert.That(result.Succeeded);
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task Programs_find_engine_and_configuration_in_their_environment()
    {
        var stage = new Stage
        {
            Configuration = new Dictionary<string, string> { ["proj:size"] = "3", ["test:token"] = "token-in-clear", ["test:url"] = "http://x" },
            SecretKeys = new HashSet<string> { "test:token" },
        };
        await stage.UpAsync(async p => await p.ThingAsync("a"));

        var environment = stage.Program.Environment;
        Assert.Multiple(() =>
        {
            Assert.That(environment["PULUMI_ENGINE"], Does.Match(@"^127\.0\.0\.1:\d+$"));
            Assert.That((environment["PULUMI_PROJECT"], environment["PULUMI_STACK"], environment["PULUMI_DRY_RUN"]), Is.EqualTo(("proj", "dev", "false")));
            Assert.That((environment["PULUMI_QUERY_MODE"], environment["PULUMI_PARALLEL"]), Is.EqualTo(("false", "8")));
            Assert.That(environment["PULUMI_CONFIG"], Is.EqualTo("""{"proj:size":"3","test:token":"token-in-clear","test:url":"http://x"}"""));
            Assert.That(environment["PULUMI_CONFIG_SECRET_KEYS"], Is.EqualTo("""["test:token"]"""));
            Assert.That(stage.Provider.Settings!.Keys, Is.EqualTo(new[] { "token", "url" }));
            Assert.That(stage.Provider.Settings["token"], Is.EqualTo(new PropertyValue.Secret("token-in-clear")));
            Assert.That(stage.State.Resources.Single(r => r.Name == "default_1_2_3").Inputs.Keys, Is.EqualTo(new[] { "__internal", "token", "url", "version" }));
        });
    }

    [Test]
    public async Task Packages_of_another_version_change_the_provider_only()
    {
        var stage = new Stage();
        await stage.UpAsync(async p => await p.ThingAsync("a"));
        var result = await stage.UpAsync(async p => await p.ThingAsync("a", r => r.Version = "2.0.0"));

        Assert.That(result.Succeeded);
        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EquivalentTo(new[] { "proj-dev", "default_2_0_0", "a" }));
        Assert.That(stage.Saved("a").Provider, Does.Contain("default_2_0_0"));
    }
}
