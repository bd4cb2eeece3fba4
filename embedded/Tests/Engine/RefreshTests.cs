using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Reading back what may have changed behind the stack's back.</summary>
[TestFixture]
internal sealed class RefreshTests
{
    private static async Task Host(FakeProgram.Session p)
    {
        var host = await p.ThingAsync("host", ("size", 1));
        await p.ThingAsync("command", r => r.DeletedWith = host.Urn, ("replace", host.Id), ("secret", new PropertyValue.Secret("hush-hush")));
        await p.ThingAsync("user", r => r.Dependencies.Add(host.Urn), ("of", host.Id));
    }

    [Test]
    public async Task Vanished_resources_come_back_with_what_went_with_them()
    {
        var stage = new Stage();
        await stage.UpAsync(Host);
        stage.Provider.Things.TryRemove("id-1", out _);
        stage.Refresh = true;
        var result = await stage.UpAsync(Host);

        Assert.That(result.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls.Where(c => !c.StartsWith("read", StringComparison.Ordinal)), Is.EqualTo(new[] { "create host", "create command", "update user" }));
        Assert.That(stage.Provider.Calls.Count(c => c.StartsWith("read", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(stage.Saved("host").Id, Is.EqualTo("id-4"));
    }

    [Test]
    public async Task Changed_outputs_are_taken_in_and_unchanged_ones_write_nothing()
    {
        var stage = new Stage { Refresh = true };
        await stage.UpAsync(Host);
        var result = await stage.UpAsync(Host);
        Assert.That(result.Succeeded);
        Assert.That(stage.Saves, Is.Empty);

        stage.Provider.Things["id-2"] = stage.Provider.Things["id-2"].With("status", "odd");
        await stage.UpAsync(Host);
        Assert.That(stage.Saved("command").Outputs["status"], Is.EqualTo((PropertyValue)"odd"));
        Assert.That(stage.Saved("command").Outputs["secret"], Is.EqualTo(new PropertyValue.Secret("hush-hush")));
        var step = stage.Events.OfType<EngineEvent.StepDone>().Single(d => d.Step is { Kind: StepKind.Refresh, Details.Count: > 0 }).Step;
        Assert.That(step.Details.Keys, Is.EqualTo(new[] { "status" }));
    }

    [Test]
    public async Task Preview_refreshes_in_memory_only()
    {
        var stage = new Stage();
        await stage.UpAsync(Host);
        stage.Provider.Things.TryRemove("id-3", out _);
        stage.Refresh = true;
        var result = await stage.PreviewAsync(Host);

        Assert.That(result.Counts[StepKind.Create], Is.EqualTo(1));
        Assert.That(stage.Saves, Is.Empty);
        Assert.That(stage.Saved("user").Id, Is.EqualTo("id-3"));
    }

    [Test]
    public async Task Destroy_after_a_refresh_skips_the_vanished()
    {
        var stage = new Stage();
        await stage.UpAsync(Host);
        stage.Provider.Things.Clear();
        stage.Refresh = true;
        var result = await stage.DestroyAsync();

        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Calls.Where(c => c.StartsWith("delete", StringComparison.Ordinal)), Is.Empty);
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task What_was_half_made_is_still_tried_again_after_a_refresh()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("half", true)));
        stage.Refresh = true;
        var result = await stage.UpAsync(p => p.ThingAsync("a", ("half", true)));

        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "read a", "update a" }));
        Assert.That(stage.Saved("a").InitErrors, Is.Empty);
    }

    [Test]
    public async Task Failed_read_stops_before_the_program()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("fail", "read")));
        stage.Refresh = true;
        var result = await stage.UpAsync(p => p.ThingAsync("a"));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Events.OfType<EngineEvent.StepFailed>().Single().Message, Is.EqualTo("cannot read it today"));
        Assert.That(stage.Program.Environment, Is.Empty, "the program was not started");
    }
}
