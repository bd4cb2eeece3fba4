using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Providers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Spectre.Console.Testing;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>What is shown while an operation runs.</summary>
internal sealed class DisplayTests
{
    private static readonly Step Creating = new(StepKind.Create, States.ResourceUrn, States.Resource.Type, null, States.Resource, new Dictionary<string, PropertyDiff>());

    [Test]
    public async Task A_long_step_gives_its_latest_news_every_ten_seconds()
    {
        using var output = new StringWriter();
        var clock = new FakeTimeProvider();
        await using var display = new PlainDisplay(output, clock, preview: false);
        display.Show(new EngineEvent.StepStarted(Creating));
        display.Show(new EngineEvent.StepStatus(States.ResourceUrn, "line 1"));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That(output.ToString(), Is.Empty);
        display.Show(new EngineEvent.StepStatus(States.ResourceUrn, "\u001b[31mline\u001b[0m 2\r"));
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(6));
        display.Show(new EngineEvent.StepDone(Creating, TimeSpan.FromSeconds(16)));
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That(output.ToString(), Is.EqualTo(" +  random:index:RandomBytes key creating … 10s: line 2\n +  random:index:RandomBytes key created (16s)\n"));
    }

    [Test]
    public async Task A_tree_shows_what_changes_below_its_parents_and_leaves_out_the_rest()
    {
        using var console = new TestConsole().Width(120);
        var same = new Step(StepKind.Same, States.StackUrn, States.Stack.Type, States.Stack, States.Stack, new Dictionary<string, PropertyDiff>());
        var alone = same with { Urn = States.StackUrn + "2" };
        await using (var display = new TreeDisplay(console, TimeProvider.System, preview: false))
        {
            display.Show(new EngineEvent.StepStarted(same));
            display.Show(new EngineEvent.StepStarted(alone));
            display.Show(new EngineEvent.StepStarted(Creating));
            display.Show(new EngineEvent.StepStatus(States.ResourceUrn, "[markup] is text"));
            display.Show(new EngineEvent.StepFailed(Creating, "it broke\nbadly", TimeSpan.FromSeconds(2)));
        }

        Assert.That(console.Output, Does.Contain("+  └─ random:index:RandomBytes  key      FAILED (2.0s)  it broke …").And.Contain("pulumi:pulumi:Stack          try-lab ").And.Not.Contain("try-lab2"));
    }

    [TestCase("digitalocean:index/droplet:Droplet", "digitalocean:index:Droplet")]
    [TestCase("command:remote:Command", "command:remote:Command")]
    [TestCase("mesos-stack:index:Cluster", "mesos-stack:index:Cluster")]
    public void Types_are_shortened(string token, string shown) => Assert.That(DisplayText.Type(token), Is.EqualTo(shown));

    [TestCase(0.05, "0.1s")]
    [TestCase(9.94, "9.9s")]
    [TestCase(12.4, "12s")]
    [TestCase(59.9, "60s")]
    [TestCase(125, "2m05s")]
    public void Times_are_short(double seconds, string shown) => Assert.That(DisplayText.Time(TimeSpan.FromSeconds(seconds)), Is.EqualTo(shown));
}
