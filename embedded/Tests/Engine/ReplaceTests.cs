using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Replacements in both orders, and what they take with them.</summary>
[TestFixture]
internal sealed class ReplaceTests
{
    private static void DeleteFirst(RegisterResourceRequest request) =>
        (request.DeleteBeforeReplace, request.DeleteBeforeReplaceDefined) = (true, true);

    private static Action<RegisterResourceRequest> On(FakeProgram.Registered target, string property) => request =>
    {
        request.Dependencies.Add(target.Urn);
        request.PropertyDependencies.Add(property, new RegisterResourceRequest.Types.PropertyDependencies { Urns = { target.Urn } });
    };

    [Test]
    public async Task Replacement_is_created_before_the_old_is_deleted()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> Program(int version) => async p =>
        {
            var a = await p.ThingAsync("a", ("replace", version));
            await p.ThingAsync("b", On(a, "of"), ("of", a.Id));
        };
        await stage.UpAsync(Program(1));
        var result = await stage.UpAsync(Program(2));

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Changes, Is.EqualTo(new[] { "CreateReplacement a", "Replace a", "Update b", "DeleteReplaced a" }));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create a", "update b", "delete a" }));
        Assert.That(stage.Saves.Any(s => s.Resources.Count(r => r.Name == "a") == 2 && s.Resources.Single(r => r.Delete).Name == "a"));
        Assert.That(stage.Saved("a").Id, Is.EqualTo("id-3"));
        Assert.That(stage.State.Resources.Any(r => r.Delete), Is.False);
        Assert.That(stage.Provider.Things.Keys, Is.EquivalentTo(new[] { "id-2", "id-3" }));
    }

    [Test]
    public async Task Preview_of_a_replacement_leaves_the_new_id_open()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 1)));
        FakeProgram.Registered? seen = null;
        var result = await stage.PreviewAsync(async p => seen = await p.ThingAsync("a", ("replace", 2)));

        Assert.That(seen!.Id, Is.Empty);
        Assert.That(seen.Outputs.Keys, Is.EqualTo(new[] { "replace" }));
        Assert.That(result.Counts[StepKind.Replace], Is.EqualTo(1));
        Assert.That(stage.Steps.Last(), Is.EqualTo("DeleteReplaced a"));
    }

    [Test]
    public async Task Delete_first_takes_along_who_cannot_live_without()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> Program(int version) => async p =>
        {
            var a = await p.ThingAsync("a", DeleteFirst, ("replace", version));
            var b = await p.ThingAsync("b", On(a, "replaceWithA"), ("replaceWithA", a.Id));
            await p.ThingAsync("c", On(b, "replaceWithB"), ("replaceWithB", b.Id));
            await p.ThingAsync("d", On(a, "of"), ("of", a.Id));
            await p.ThingAsync("e", r => { r.Dependencies.Add(a.Urn); r.DeletedWith = a.Urn; });
        };
        await stage.UpAsync(Program(1));
        var result = await stage.UpAsync(Program(2));

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete c", "delete b", "delete a", "create a", "create b", "create c", "update d", "create e" }));
        Assert.That(stage.Changes, Is.EqualTo(new[]
        {
            "DeleteReplaced e", "DeleteReplaced c", "DeleteReplaced b", "DeleteReplaced a", "Replace a", "CreateReplacement a",
            "Replace b", "CreateReplacement b", "Replace c", "CreateReplacement c", "Update d", "Replace e", "CreateReplacement e",
        }));
        Assert.That(stage.Saves.Any(s => s.Resources.Count(r => r.PendingReplacement) == 4));
        Assert.That(stage.State.Resources.Any(r => r.PendingReplacement || r.Delete), Is.False);
    }

    [Test]
    public async Task Interrupted_delete_first_goes_on_with_the_create()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            var a = await p.ThingAsync("a", DeleteFirst, ("replace", 1));
            await p.ThingAsync("b", r => r.DeletedWith = a.Urn);
            await p.ThingAsync("c", r => r.DeletedWith = a.Urn);
        });
        var failed = await stage.UpAsync(p => p.ThingAsync("a", DeleteFirst, ("replace", 2), ("fail", "create")));
        Assert.That(failed.Succeeded, Is.False);
        Assert.That(stage.State.Resources.Where(r => r.PendingReplacement).Select(r => r.Name), Is.EquivalentTo(new[] { "a", "b", "c" }));

        // Back at the first version: the thing is gone all the same.
        var result = await stage.UpAsync(async p =>
        {
            var a = await p.ThingAsync("a", DeleteFirst, ("replace", 1));
            await p.ThingAsync("b", r => r.DeletedWith = a.Urn);
        });
        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create a", "create b" }));
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EquivalentTo(new[] { "proj-dev", "default_1_2_3", "a", "b" }));
        Assert.That(stage.State.Resources.Any(r => r.PendingReplacement), Is.False);
    }

    private static Func<FakeProgram.Session, Task> HalfReplaced(int version, bool isProtected = false, bool dependentFails = false, bool declared = true) => async p =>
    {
        if (declared)
        {
            var a = await p.ThingAsync("a", DeleteFirst, [("replace", version), .. version > 1 ? [("fail", "create")] : Array.Empty<(string, PropertyValue)>()]);
            await p.ThingAsync("user", r => { On(a, "of")(r); r.Protect = isProtected; }, ("of", a.Id), ("fail", dependentFails ? "delete" : "nothing"));
        }
    };

    [TestCase(false)]
    [TestCase(true)]
    public async Task What_awaits_its_replacement_is_forgotten_after_what_refers_to_it(bool undeclared)
    {
        var stage = new Stage();
        await stage.UpAsync(HalfReplaced(1, dependentFails: true));
        Assert.That((await stage.UpAsync(HalfReplaced(2))).Succeeded, Is.False);
        Assert.That(stage.Saved("a").PendingReplacement);

        // The stage looks at each state that is saved: here one that still has the user has to have what it refers to.
        var failed = undeclared ? await stage.UpAsync(HalfReplaced(1, declared: false)) : await stage.DestroyAsync();
        Assert.That(failed.Succeeded, Is.False);
        Assert.That(stage.Saved("user").Dependencies, Is.EqualTo(new[] { Stage.Thing("a") }));
        Assert.That(stage.Saved("a").PendingReplacement);

        stage.State = stage.State with { Resources = [.. stage.State.Resources.Select(r => r.Name == "user" ? r with { Inputs = r.Inputs.Without("fail") } : r)] };
        var result = await stage.DestroyAsync();
        Assert.That(result.Succeeded);
        Assert.That(stage.Steps, Does.Not.Contain("Delete a"), "it was deleted before");
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete user" }));
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task What_awaits_its_replacement_stays_for_a_protected_one_that_refers_to_it()
    {
        var stage = new Stage();
        await stage.UpAsync(HalfReplaced(1, isProtected: true));
        await stage.UpAsync(HalfReplaced(2, isProtected: true));
        var result = await stage.DestroyAsync();

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EqualTo(new[] { "proj-dev", "default_1_2_3", "a", "user" }));
        Assert.That(stage.Saved("a").PendingReplacement);
    }

    [Test]
    public async Task Replacements_are_counted_once()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 1)));
        var result = await stage.UpAsync(p => p.ThingAsync("a", ("replace", 2)));
        Assert.That(result.Counts, Is.EquivalentTo(new Dictionary<StepKind, int> { [StepKind.Same] = 1, [StepKind.Replace] = 1 }));
    }

    [Test]
    public async Task Interrupted_replacement_still_deletes_the_old()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 1)));
        var failed = await stage.UpAsync(async p =>
        {
            await p.ThingAsync("a", ("replace", 2));
            await p.ThingAsync("b", ("fail", "create"));
        });
        Assert.That(failed.Succeeded, Is.False);
        Assert.That(stage.State.Resources.Count(r => r.Name == "a"), Is.EqualTo(2));

        var result = await stage.UpAsync(p => p.ThingAsync("a", ("replace", 2)));
        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete a" }));
        Assert.That(stage.State.Resources.Count(r => r.Name == "a"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_deleted_with_a_replaced_one_is_replaced_without_a_delete()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> Program(int version) => async p =>
        {
            var a = await p.ThingAsync("a", ("replace", version));
            await p.ThingAsync("b", r => r.DeletedWith = a.Urn);
        };
        await stage.UpAsync(Program(1));
        await stage.UpAsync(Program(2));

        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create a", "create b", "delete a" }));
    }

    [Test]
    public async Task Replacements_get_fresh_names_and_the_ignored_values_of_the_program()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.IgnoreChanges.Add("image"), ("replace", 1), ("image", "old")));
        await stage.UpAsync(p => p.ThingAsync("a", r => r.IgnoreChanges.Add("image"), ("replace", 2), ("image", "new")));

        Assert.That(stage.Provider.Checks["a"].OldInputs, Is.Null);
        Assert.That(stage.Saved("a").Inputs["image"], Is.EqualTo((PropertyValue)"new"));
    }

    [Test]
    public async Task Protected_resources_are_not_replaced()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.Protect = true, ("replace", 1)));
        var result = await stage.UpAsync(p => p.ThingAsync("a", r => r.Protect = true, ("replace", 2)));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors, Has.Exactly(1).Contains("protected"));
        Assert.That(stage.Provider.Calls, Is.Empty);
        Assert.That(stage.Saved("a").Inputs["replace"], Is.EqualTo((PropertyValue)1));
    }

    [Test]
    public async Task Delete_first_stops_before_a_protected_dependent()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> Program(int version) => async p =>
        {
            var a = await p.ThingAsync("a", DeleteFirst, ("replace", version));
            await p.ThingAsync("b", r => { r.DeletedWith = a.Urn; r.Protect = true; });
        };
        await stage.UpAsync(Program(1));
        var result = await stage.UpAsync(Program(2));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors.Single(), Does.Contain(Stage.Thing("b")));
        Assert.That(stage.Provider.Calls, Is.Empty);
    }

    [TestCase("triggers[*]", true)]
    [TestCase("triggers", true)]
    [TestCase("triggers[1]", false)]
    [TestCase("other", false)]
    public async Task Chosen_paths_replace(string path, bool replaces)
    {
        static PropertyValue Triggers(string first) => new PropertyValue.Array([first, "fixed"]);
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.ReplaceOnChanges.Add(path), ("triggers", Triggers("one"))));
        await stage.UpAsync(p => p.ThingAsync("a", r => r.ReplaceOnChanges.Add(path), ("triggers", Triggers("two"))));

        Assert.That(stage.Provider.Calls, Is.EqualTo(replaces ? ["create a", "delete a"] : new[] { "update a" }));
    }
}
