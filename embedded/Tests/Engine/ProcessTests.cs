using System.Globalization;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Operations;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Programs that are processes, among them one built on the embedded SDK.</summary>
[TestFixture]
internal sealed class ProcessTests
{
    private static Stage RealProgram(string mode = "") => new(new ProgramCommand(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "MesosStack.Embedded.Tests.EngineProgram.dll")], AppContext.BaseDirectory))
    {
        Configuration = new Dictionary<string, string> { ["proj:size"] = "3", ["proj:password"] = "p4ssw0rd!", ["proj:mode"] = mode },
        SecretKeys = new HashSet<string> { "proj:password" },
    };

    private static Stage Shell(string script, TimeProvider? clock = null) => new(new ProgramCommand("/bin/sh", ["-c", script], "/"), clock);

    [Test]
    public async Task Program_on_the_embedded_sdk_lives_its_whole_life()
    {
        var stage = RealProgram();
        var preview = await stage.RunAsync(OperationMode.Preview);
        Assert.That(preview.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(preview.Counts[StepKind.Create], Is.EqualTo(4));
        Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Single().Line, Is.EqualTo("preview: True"));

        var update = await stage.RunAsync(OperationMode.Update);
        Assert.That(update.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create pair-first", "create pair-second" }));
        Assert.That(update.Outputs, Is.EqualTo(PropertyMap.Empty.With("serial", 2).With("password", new PropertyValue.Secret("p4ssw0rd!"))));
        Assert.That(stage.Saved("pair").Outputs["serial"], Is.EqualTo((PropertyValue)2));
        Assert.That(stage.Saved("pair-first").Outputs["secret"], Is.EqualTo(new PropertyValue.Secret("p4ssw0rd!")));
        Assert.That(stage.Saved("pair-second").Dependencies, Is.EqualTo(new[] { stage.Saved("pair-first").Urn }));

        var again = await stage.RunAsync(OperationMode.Update);
        Assert.That((again.Succeeded, again.StateChanged, again.OutputsChanged), Is.EqualTo((true, false, false)));
        Assert.That(again.Counts.Keys, Is.EqualTo(new[] { StepKind.Same }));
        Assert.That(stage.Provider.Calls, Is.Empty);

        stage.Provider.Things.TryRemove("id-1", out _);
        stage.Refresh = true;
        var refreshed = await stage.RunAsync(OperationMode.Update);
        Assert.That(refreshed.Succeeded, string.Join('\n', stage.Errors));
        Assert.That(stage.Provider.Things.Keys, Does.Contain("id-3").And.Contain("id-4"));

        stage.Refresh = false;
        Assert.That((await stage.RunAsync(OperationMode.Destroy)).Succeeded);
        Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "delete pair-first" }), "the second goes with the first");
        Assert.That(stage.State.Resources, Is.Empty);
    }

    [Test]
    public async Task Exception_in_the_program_is_told_once()
    {
        var stage = RealProgram("throw");
        var result = await stage.RunAsync(OperationMode.Update);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors, Has.Length.EqualTo(1));
        Assert.That(stage.Errors[0], Does.Contain("boom"));
    }

    [Test]
    public async Task Failed_resource_is_told_once()
    {
        var stage = RealProgram();
        stage.Provider.Gate = _ => throw new MesosStack.Embedded.Providers.ProviderException("no room");
        var result = await stage.RunAsync(OperationMode.Update);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Events.OfType<EngineEvent.StepFailed>().Single().Message, Is.EqualTo("no room"));
        Assert.That(stage.Errors, Is.Empty);
    }

    [Test]
    public async Task Both_streams_and_the_exit_code_are_told()
    {
        var stage = Shell("echo out; echo err >&2; exit 3");
        var result = await stage.RunAsync(OperationMode.Update);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Select(l => (l.Line, l.IsError)), Is.EquivalentTo(new[] { ("out", false), ("err", true) }));
        Assert.That(stage.Errors.Single(), Does.Contain("3"));
    }

    [Test]
    public async Task Program_below_the_project_is_told_both_directories()
    {
        var stage = new Stage(new ProgramCommand("/bin/sh", ["-c", "echo $PULUMI_ROOT_DIRECTORY $PULUMI_PWD"], "/usr") { ProjectDirectory = "/" });
        await stage.RunAsync(OperationMode.Update);
        Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Single().Line, Is.EqualTo("/ /usr"));
    }

    [Test]
    public async Task Program_does_not_get_the_passphrase()
    {
        string[] variables = [PassphraseVariables.Text, PassphraseVariables.File];
        try
        {
            Array.ForEach(variables, name => Environment.SetEnvironmentVariable(name, "planted"));
            var stage = Shell("env");
            await stage.RunAsync(OperationMode.Update);
            Assert.That(stage.Events.OfType<EngineEvent.ProgramOutput>().Select(line => line.Line), Has.Some.StartsWith("PULUMI_STACK=").And.None.Contains("planted"));
        }
        finally
        {
            Array.ForEach(variables, name => Environment.SetEnvironmentVariable(name, null));
        }
    }

    [Test]
    public async Task Program_that_is_not_there_is_an_error()
    {
        var stage = new Stage(new ProgramCommand("/nowhere/program", [], "/"));
        var result = await stage.RunAsync(OperationMode.Update);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(stage.Errors.Single(), Does.Contain("could not be started"));
    }

    [Test]
    public async Task Program_that_does_not_end_is_killed_with_its_children()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        var stage = Shell("sleep 1000 & echo $!; echo $$; wait", clock);
        stage.Cancellation = cancel.Token;
        var ids = new List<int>();
        stage.OnEvent = news =>
        {
            if (news is EngineEvent.ProgramOutput line)
            {
                ids.Add(int.Parse(line.Line, CultureInfo.InvariantCulture));
                if (ids.Count == 2)
                {
                    cancel.Cancel();
                }
            }
        };
        var run = stage.RunAsync(OperationMode.Update);
        while (await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(10))) != run)
        {
            clock.Advance(OperationRun.Grace);
        }

        Assert.That((await run).Succeeded, Is.False);
        Assert.That(ids.Where(IsRunning), Is.Empty);
    }

    // Nobody may wait for an orphan: then it stays as a zombie (state Z).
    private static bool IsRunning(int id)
    {
        var stat = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat";
        return File.Exists(stat) && File.ReadAllText(stat).Split(") ")[^1][0] != 'Z';
    }
}
