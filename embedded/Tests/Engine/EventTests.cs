using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Events;
using DiagnosticSeverity = MesosStack.Embedded.Engine.DiagnosticSeverity;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>How news reach a display.</summary>
[TestFixture]
internal sealed class EventTests
{
    [Test]
    public async Task No_lock_is_held_while_a_display_is_called()
    {
        var taken = new List<string>();
        var othersGoOn = new TaskCompletionSource<bool>();
        EventSink sink = null!;
        sink = new EventSink(
            news =>
            {
                taken.Add(((EngineEvent.Diagnostic)news).Message);
                if (taken.Count == 1)
                {
                    // What another thread does with the sink has to end before this returns.
                    othersGoOn.SetResult(Task.Run(() => (Tell("second"), sink.Counts())).Wait(TimeSpan.FromSeconds(30)));
                }
            },
            new SecretMask());
        Tell("first");
        Assert.That(await othersGoOn.Task);
        await sink.EndAsync();

        Assert.That(taken, Is.EqualTo(new[] { "first", "second" }));

        bool Tell(string message)
        {
            sink.Tell(DiagnosticSeverity.Info, "", message);
            return true;
        }
    }

    [Test]
    public void A_run_ends_with_what_its_display_fails_with()
    {
        var stage = new Stage { OnEvent = _ => throw new IOException("the terminal is gone") };
        Assert.That(async () => await stage.UpAsync(p => p.ThingAsync("a")), Throws.TypeOf<IOException>().With.Message.EqualTo("the terminal is gone"));
        Assert.That(stage.Saved("a").Id, Is.EqualTo("id-1"), "it is saved all the same");
    }
}
