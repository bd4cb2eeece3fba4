using Grpc.Core;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Execution;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using Microsoft.Extensions.Time.Testing;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>What happens when something goes wrong or is stopped, and how the next run goes on.</summary>
[TestFixture]
internal sealed class FailureTests
{
    [Test]
    public async Task First_failure_stops_what_is_new_and_saves_what_runs()
    {
        var stage = new Stage();
        var slowRuns = new TaskCompletionSource();
        var failed = new TaskCompletionSource();
        stage.OnEvent = news =>
        {
            if (news is EngineEvent.StepFailed)
            {
                failed.TrySetResult();
            }
        };
        stage.Provider.Gate = async call =>
        {
            if (call == "create slow")
            {
                slowRuns.SetResult();
                await failed.Task;
            }
            else if (call == "create a")
            {
                await slowRuns.Task;
            }
        };
        var result = await stage.UpAsync(async p =>
        {
            var slow = p.ThingAsync("slow");
            await p.ThingAsync("a", ("fail", "create"));
            await slow;
            await p.ThingAsync("never");
        });

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Program.Error!.StatusCode, Is.EqualTo(StatusCode.Unavailable));
        var failure = stage.Events.OfType<EngineEvent.StepFailed>().Single();
        Assert.That((failure.Step.Urn, failure.Message), Is.EqualTo((Stage.Thing("a"), "cannot create it today")));
        Assert.That(stage.Errors, Is.Empty, "that the program was cut off is no second error");
        Assert.That(stage.State.Resources.Select(r => r.Name), Does.Contain("slow").And.Not.Contain("a").And.Not.Contain("never"));
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Failed_update_and_delete_leave_the_resource_as_it_was()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 1)));
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 2), ("fail", "update")));
        Assert.That(stage.Saved("a").Inputs.Keys, Is.EqualTo(new[] { "size" }));

        await stage.UpAsync(p => p.ThingAsync("a", ("fail", "delete")));
        var result = await stage.DestroyAsync();
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Saved("a").Id, Is.EqualTo("id-1"));
        Assert.That(stage.State.Resources.Select(r => r.Name), Is.EqualTo(new[] { "proj-dev", "default_1_2_3", "a" }));
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Half_made_resources_are_kept_and_tried_again()
    {
        var stage = new Stage();
        var result = await stage.UpAsync(p => p.ThingAsync("a", ("half", true)));
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Saved("a").Id, Is.EqualTo("id-1"));
        Assert.That(stage.Saved("a").InitErrors, Is.EqualTo(new[] { "it did not become ready" }));

        result = await stage.UpAsync(p => p.ThingAsync("a", ("half", true)));
        Assert.That(result.Succeeded);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "update a" }));
        Assert.That(stage.Saved("a").InitErrors, Is.Empty);
    }

    [Test]
    public async Task Operations_are_saved_as_pending_before_the_provider_works()
    {
        var stage = new Stage();
        var seen = new List<string>();
        stage.Provider.Gate = call =>
        {
            seen.Add($"{call}: {string.Join(", ", stage.State.PendingOperations.Select(p => $"{p.Kind} {p.Resource.Name}"))}");
            return Task.CompletedTask;
        };
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 1)));
        await stage.UpAsync(p => p.ThingAsync("a", ("size", 2)));
        await stage.DestroyAsync();

        Assert.That(seen, Is.EqualTo(new[] { "create a: Creating a", "update a: Updating a", "delete a: Deleting a" }));
    }

    [Test]
    public async Task Killed_run_is_continued_by_the_next()
    {
        var stage = new Stage();
        await stage.UpAsync(async p => await p.ThingAsync("a", ("name", "made-up")));
        await stage.DestroyAsync();

        // Killed: the last state that was saved is that from before the create's outcome.
        Snapshot? killed = null;
        stage.Provider.Gate = _ =>
        {
            killed = stage.State;
            return Task.CompletedTask;
        };
        await stage.UpAsync(async p => await p.ThingAsync("a", ("name", "made-up")));
        stage.Provider.Gate = _ => Task.CompletedTask;
        stage.State = killed!;

        await stage.PreviewAsync(async p => await p.ThingAsync("a", ("name", "made-up")));
        Assert.That(stage.Warnings.Single(), Does.Contain("interrupted"));

        var result = await stage.UpAsync(async p => await p.ThingAsync("a", ("name", "made-up")));
        Assert.That(result.Succeeded);
        Assert.That(stage.Events.OfType<EngineEvent.Diagnostic>().Single().Urn, Is.EqualTo(Stage.Thing("a")));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "recreate a" }));
        Assert.That(stage.Provider.Checks["a"].OldInputs!["name"], Is.EqualTo((PropertyValue)"made-up"), "so that a generated name is found again");
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Unknown_outcome_stays_pending()
    {
        var stage = new Stage();
        var result = await stage.UpAsync(p => p.ThingAsync("a", ("fail", "crash")));
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.State.PendingOperations.Single().Resource.Name, Is.EqualTo("a"));
        Assert.That(stage.Events.OfType<EngineEvent.StepFailed>().Single().Message, Does.Contain("no answer"));

        await stage.UpAsync(p => p.ThingAsync("a"));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "recreate a" }));
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Interrupted_create_that_nobody_takes_over_is_named_at_each_run_until_it_is_cleared()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            await p.ThingAsync("b");
            await p.ThingAsync("a", ("name", "web-1234"), ("fail", "crash"));
        });
        for (var i = 0; i < 2; i++)
        {
            var preview = await stage.PreviewAsync(p => p.ThingAsync("b"));
            Assert.That(preview.StateChanged, Is.False, "an update could do nothing about it");
            Assert.That((await stage.UpAsync(p => p.ThingAsync("b"))).Succeeded);
            Assert.That(stage.Warnings.Single(), Does.Contain("'web-1234'").And.Contain("--clear-pending-creates"));
            Assert.That(stage.Events.OfType<EngineEvent.Diagnostic>().Single().Urn, Is.EqualTo(Stage.Thing("a")));
            Assert.That(stage.State.PendingOperations.Single().Resource.Name, Is.EqualTo("a"));
        }

        await stage.DestroyAsync();
        Assert.That(stage.Warnings.Single(), Does.Contain("'web-1234'"));
        Assert.That(stage.State.PendingOperations, Has.Length.EqualTo(1));

        stage.ClearPendingCreates = true;
        await stage.DestroyAsync();
        Assert.That(stage.Warnings, Is.Empty);
        Assert.That(stage.State.PendingOperations, Is.Empty);
    }

    [Test]
    public async Task Replacement_that_was_interrupted_and_taken_back_stays_named()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 1)));
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 2), ("fail", "crash")));
        await stage.UpAsync(p => p.ThingAsync("a", ("replace", 1)));
        Assert.That(stage.Changes, Is.Empty);
        Assert.That(stage.Warnings.Single(), Does.Contain("interrupted"));
        Assert.That(stage.State.PendingOperations, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task An_interrupted_update_is_run_again_though_nothing_differs()
    {
        var stage = new Stage();
        Func<FakeProgram.Session, Task> program = p => p.ThingAsync("a");
        await stage.UpAsync(program);
        stage.State = stage.State with { PendingOperations = [new PendingOperation(stage.Saved("a"), OperationKind.Updating)] };
        Assert.That((await stage.PreviewAsync(program)).Counts[StepKind.Update], Is.EqualTo(1), "nobody knows what is there");
        await stage.UpAsync(program);
        Assert.That(stage.State.PendingOperations, Is.Empty);
        Assert.That((await stage.PreviewAsync(program)).Counts.GetValueOrDefault(StepKind.Update), Is.Zero);
    }

    [Test]
    public async Task Failed_check_names_resource_and_property()
    {
        var stage = new Stage();
        var result = await stage.UpAsync(p => p.ThingAsync("a", ("bad", 1)));
        Assert.That(result.Succeeded, Is.False);
        var error = stage.Events.OfType<EngineEvent.Diagnostic>().Single(d => d.Severity == DiagnosticSeverity.Error);
        Assert.That((error.Urn, error.Message), Is.EqualTo((Stage.Thing("a"), "bad: is not allowed")));
    }

    [TestCase(0, true, 0)]
    [TestCase(32, false, 0)]
    [TestCase(1, false, 1)]
    public async Task Exit_codes_say_how_the_program_ended(int code, bool succeeds, int errors)
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("old"));
        var result = await stage.UpAsync(_ => throw new FakeProgram.ExitException(code));

        Assert.That(result.Succeeded, Is.EqualTo(succeeds));
        Assert.That(stage.Errors, Has.Length.EqualTo(errors));
        Assert.That(stage.Provider.Calls, succeeds ? Is.EqualTo(new[] { "delete old" }) : Is.Empty, "a program that failed did not say what it no longer wants");
    }

    [Test]
    public async Task Errors_of_the_program_are_passed_on_once()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            await p.Engine.LogAsync(new LogRequest { Severity = LogSeverity.Error, Message = "boom" });
            throw new FakeProgram.ExitException(32);
        });
        Assert.That(stage.Errors, Is.EqualTo(new[] { "boom" }));
    }

    [Test]
    public async Task Failed_run_lays_new_outputs_over_the_old()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.OutputsAsync(p.Stack.Urn, ("a", 1), ("b", 1)));
        var result = await stage.UpAsync(async p =>
        {
            await p.OutputsAsync(p.Stack.Urn, ("b", 2));
            await p.ThingAsync("x", ("fail", "create"));
        });
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Saved("proj-dev").Outputs, Is.EqualTo(PropertyMap.Empty.With("a", 1).With("b", 2)));

        await stage.UpAsync(p => p.OutputsAsync(p.Stack.Urn, ("c", 3)));
        Assert.That(stage.Saved("proj-dev").Outputs.Keys, Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public async Task Cancelled_run_ends_what_runs_and_saves_it()
    {
        using var cancel = new CancellationTokenSource();
        var stage = new Stage { Cancellation = cancel.Token };
        stage.Provider.Gate = async _ => await cancel.CancelAsync();
        var result = await stage.UpAsync(async p =>
        {
            await p.ThingAsync("a");
            await p.ThingAsync("b");
        });

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create a" }));
        Assert.That(stage.Saved("a").Id, Is.EqualTo("id-1"));
        Assert.That(stage.State.PendingOperations, Is.Empty);
        Assert.That(stage.Errors, Is.Empty);
    }

    [Test]
    public async Task Cancelled_run_gives_up_what_only_waits()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        var stage = new Stage(clock) { Cancellation = cancel.Token };
        stage.Provider.Wait = async (_, waiting) =>
        {
            await cancel.CancelAsync();
            clock.Advance(RunControl.GiveUpAfter);
            await Task.Delay(Timeout.InfiniteTimeSpan, waiting);
        };
        var result = await stage.UpAsync(p => p.ThingAsync("a"));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Events.OfType<EngineEvent.StepFailed>().Single().Message, Does.StartWith("given up on request: "));
        Assert.That(stage.State.PendingOperations.Single().Resource.Name, Is.EqualTo("a"), "nobody knows what came of it");
    }

    [Test]
    public async Task Failure_gives_nobody_beside_it_up()
    {
        var clock = new FakeTimeProvider();
        var waits = new TaskCompletionSource();
        var failed = new TaskCompletionSource();
        var stage = new Stage(clock);
        stage.OnEvent = news =>
        {
            if (news is EngineEvent.StepFailed)
            {
                failed.SetResult();
            }
        };
        stage.Provider.Wait = async (call, token) =>
        {
            if (call == "create slow")
            {
                waits.SetResult();
                await failed.Task;
                clock.Advance(RunControl.GiveUpAfter);
                token.ThrowIfCancellationRequested();
            }
            else
            {
                await waits.Task;
            }
        };
        await stage.UpAsync(p => Task.WhenAll(p.ThingAsync("slow"), p.ThingAsync("a", ("fail", "create"))));
        Assert.That(stage.Saved("slow").Id, Is.Not.Empty);
    }

    [Test]
    public async Task State_that_cannot_be_saved_ends_the_run()
    {
        var stage = new Stage { OnSave = () => throw new IOException("disk full") };
        var error = await Assert.CatchAsync<IOException>(async () => await stage.UpAsync(p => p.ThingAsync("a")));
        Assert.That(error!.Message, Does.Contain("disk full"));
        Assert.That(stage.Provider.Calls, Is.Empty, "nothing is made that could not be remembered");
    }

    [Test]
    public async Task Twice_the_same_resource_is_an_error()
    {
        var stage = new Stage();
        var result = await stage.UpAsync(async p =>
        {
            await p.ThingAsync("a");
            await p.ThingAsync("a");
        });
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors.Single(), Does.Contain("twice"));
    }

    [Test]
    public async Task Unknown_parents_and_packages_are_errors()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.ThingAsync("a", r => r.Parent = Stage.Thing("x")));
        Assert.That(stage.Errors.Single(), Does.Contain("parent"));

        await stage.UpAsync(p => p.ThingAsync("a", r => r.Type = "other:index:Thing"));
        Assert.That(stage.Errors.Single(), Does.Contain("'other'"));
    }

    [Test]
    public async Task Outputs_of_strangers_are_refused()
    {
        var stage = new Stage();
        await stage.UpAsync(p => p.OutputsAsync(Stage.Thing("x"), ("a", 1)));
        Assert.That(stage.Program.Error!.StatusCode, Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(stage.Errors, Has.Length.EqualTo(1));
    }
}
