using System.Globalization;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>How much happens at once, and how fast.</summary>
[TestFixture]
internal sealed class ConcurrencyTests
{
    private static Task<FakeProgram.Registered[]> Many(FakeProgram.Session p, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => p.ThingAsync("t" + i.ToString(CultureInfo.InvariantCulture), ("n", i))));

    [Test]
    public async Task No_more_resources_than_allowed_are_worked_on_at_once()
    {
        var stage = new Stage { Parallel = 3 };
        stage.Provider.Gate = _ => Task.Delay(20);
        await stage.UpAsync(p => Many(p, 12));
        Assert.That(stage.Provider.Peak, Is.EqualTo(3));

        await stage.DestroyAsync();
        Assert.That(stage.Provider.Things, Is.Empty);
    }

    [Test]
    public async Task No_provider_is_called_before_what_it_needs_is_there()
    {
        var ready = new TaskCompletionSource();
        var stage = new Stage { ProvidersReady = ready.Task };
        var result = await stage.UpAsync(async p =>
        {
            var thing = p.ThingAsync("a");
            await p.ComponentAsync("c");
            Assert.That(stage.Provider.Calls, Has.None.StartsWith("create"));
            ready.SetResult();
            await thing;
        });
        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Things, Has.Count.EqualTo(1));
    }

    [Test]
    public void Where_what_providers_need_does_not_come_none_is_called()
    {
        var stage = new Stage { ProvidersReady = Task.FromException(new IOException("no lab")) };
        Assert.That(() => stage.UpAsync(p => p.ThingAsync("a")), Throws.TypeOf<IOException>().With.Message.EqualTo("no lab"));
        Assert.That(stage.Provider.Things, Is.Empty);
        Assert.That(stage.State.Resources.Select(r => r.Name), Has.None.EqualTo("a"));
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Independent_resources_are_made_side_by_side()
    {
        var stage = new Stage { Parallel = 20 };
        var all = new TaskCompletionSource();
        var count = 0;
        stage.Provider.Gate = _ =>
        {
            if (Interlocked.Increment(ref count) == 20)
            {
                all.SetResult();
            }

            return all.Task;
        };
        var result = await stage.UpAsync(p => Many(p, 20));
        Assert.That(result.Succeeded);
    }

    [Test]
    public async Task Steps_that_end_together_share_a_save_that_holds_them()
    {
        var stage = new Stage { Parallel = 40, OnSave = () => Task.Delay(10) };
        stage.OnEvent = news =>
        {
            if (news is EngineEvent.StepDone { Step: { Kind: StepKind.Create, New: { Custom: true } state } })
            {
                Assert.That(stage.State.Resources.Select(r => r.Urn), Does.Contain(state.Urn), "done means saved");
            }
        };
        var result = await stage.UpAsync(p => Many(p, 40));

        Assert.That(result.Succeeded);
        Assert.That(stage.Saves, Has.Count.LessThan(40), "two saves for each of 40 would be 80");
    }

    [Test]
    public async Task Sixty_unchanged_resources_save_nothing()
    {
        var stage = new Stage();
        await stage.UpAsync(p => Many(p, 60));
        await stage.UpAsync(p => Many(p, 60));
        await stage.UpAsync(p => Many(p, 60));
        Assert.That(stage.Saves, Is.Empty);
    }

    [Test]
    public async Task Settings_reach_a_provider_once_for_preview_and_update()
    {
        var stage = new Stage();
        OperationResult[] results = [await stage.PreviewAsync(p => Many(p, 3)), await stage.UpAsync(p => Many(p, 3)), await stage.DestroyAsync()];
        Assert.That(results.Select(r => r.Succeeded), Is.All.True, "the provider throws at a second call");
        Assert.That(stage.Provider.Settings, Is.Not.Null);
    }
}
