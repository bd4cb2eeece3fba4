using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Runs whose changes grow so large that the state is saved as a whole in the middle of them.</summary>
[TestFixture]
internal sealed class FoldTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task A_run_ends_with_the_same_state_however_often_it_is_saved_as_a_whole(int every)
    {
        var plain = await LiveAsync(() => false);
        var saves = 0;
        var folded = await LiveAsync(() => ++saves % every == 0);

        Assert.That(folded, Is.EqualTo(plain));
        Assert.That(saves, Is.GreaterThan(10));
    }

    [Test]
    public async Task A_whole_state_that_could_not_be_saved_is_saved_the_next_time()
    {
        var stage = new Stage { Parallel = 1 };
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 1)));
        var saves = 0;
        stage.Fold = () => true;
        stage.OnSave = () => ++saves == 2 ? throw new IOException("disk full") : Task.CompletedTask;

        await Assert.ThatAsync(() => stage.UpAsync(p => p.ThingAsync("a", ("size", 2))), Throws.InstanceOf<IOException>());

        Assert.That(stage.Saved("a").Inputs["size"], Is.EqualTo((PropertyValue)2), "the last save of the run went well");
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    // The states after each run of a life with every kind of change; the things of a run come one after the other, so that the order is always the same.
    private static async Task<string> LiveAsync(Func<bool> fold)
    {
        var appended = false;
        var stage = new Stage { Fold = () => !(appended = !fold()), Parallel = 1 };
        List<string> states = [];
        await RunAsync(async p =>
        {
            var component = await p.ComponentAsync("c");
            await p.ThingAsync("a", o => o.Parent = component.Urn, ("size", 1));
            await p.ThingAsync("b", ("replace", 1));
            await p.ThingAsync("gone", ("size", 1));
            await p.ThingAsync("crashed", ("fail", "crash"));
        });
        await RunAsync(async p =>
        {
            var component = await p.ComponentAsync("d", null, r => r.Aliases.Add(new Alias { Spec = new Alias.Types.Spec { Name = "c" } }));
            await p.ThingAsync("a", o => o.Parent = component.Urn, ("size", 2));
            await p.ThingAsync("b", ("replace", 2));
            await p.ThingAsync("new", ("size", 1));
            await p.OutputsAsync(component.Urn, ("done", true));
            await p.ThingAsync("crashed");
        });
        await RunAsync(async p =>
        {
            await p.ThingAsync("b", r => (r.DeleteBeforeReplace, r.DeleteBeforeReplaceDefined) = (true, true), ("replace", 3));
            await p.ThingAsync("new", ("fail", "update"));
        });
        await RunAsync(p => p.ThingAsync("new", ("size", 3)));
        return string.Join("\n\n", states);

        async Task RunAsync(Func<FakeProgram.Session, Task> body)
        {
            await stage.UpAsync(body);
            states.Add(Describe(stage.State));

            // After changes comes the whole state that they lead to.
            Assert.That(!appended || Describe(stage.Saves.SkipLast(1).Last()) == states[^1], "what would be read after a crash just before the end");
        }
    }

    // The id of a default provider is another one in each life.
    private static string Describe(Snapshot state) => string.Join('\n', state.Resources
        .Select(r => $"{r.Urn} {(r.IsDefaultProvider ? "" : r.Id)} {r.Delete} {r.Parent} {r.Inputs.GetValueOrDefault("size")} {r.Outputs.GetValueOrDefault("done")}")
        .Concat(state.PendingOperations.Select(o => $"{o.Kind} {o.Resource.Urn}")));
}
