using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Lab;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using NUnit.Framework;
using static MesosStack.Embedded.Tests.Cli.ScriptedEngine;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary><c>up</c>, <c>preview</c> and <c>destroy</c> around an engine that plays a script.</summary>
internal sealed partial class OperationTests : HostFixture
{
    private static readonly IReadOnlyDictionary<string, PropertyDiff> NoDetails = new Dictionary<string, PropertyDiff>();

    private static readonly Step Created = new(StepKind.Create, States.ResourceUrn, States.Resource.Type, null, States.Resource, NoDetails);

    private static readonly Step Updated = new(
        StepKind.Update,
        States.ResourceUrn,
        States.Resource.Type,
        States.Resource,
        States.Resource with { Inputs = States.Map(("length", 64.0), ("password", new PropertyValue.Secret("topsecret")), ("list", PropertyValue.NotKnown)) },
        new Dictionary<string, PropertyDiff> { ["length"] = new(PropertyDiffKind.Update, true) });

    private static readonly (EngineEvent[], OperationResult) Nothing =
        ([new EngineEvent.StepStarted(Created with { Kind = StepKind.Same }), new EngineEvent.StepDone(Created with { Kind = StepKind.Same }, TimeSpan.Zero)], Result(counts: (StepKind.Same, 3)));

    private static readonly (EngineEvent[], OperationResult) OneCreate =
    (
        [
            new EngineEvent.StepStarted(Created),
            new EngineEvent.StepStatus(States.ResourceUrn, "working"),
            new EngineEvent.Diagnostic(DiagnosticSeverity.Warning, States.ResourceUrn, "mind the gap\nand the step"),
            new EngineEvent.ProgramOutput("hello from the program", false),
            new EngineEvent.StepDone(Created, TimeSpan.FromSeconds(3.21)),
        ],
        Result(outputs: States.Stack.Outputs, counts: [(StepKind.Create, 1), (StepKind.Same, 2)]) with { After = new Snapshot([States.Stack], []) });

    [Test]
    public async Task Up_previews_updates_and_shows_plain_lines()
    {
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(Duration().Replace(_host.Output, "Duration: T"), Is.EqualTo("""
            Previewing update (lab):
            warning: key: mind the gap …
              | hello from the program
             +  random:index:RandomBytes key create

            Diagnostics:
              random:index:RandomBytes (key):
                warning: mind the gap
                  and the step

            Outputs:
              + address: "10.0.0.1"
              + password: [secret]

            Resources:
                + 1 to create
                2 unchanged

            lab: starting
            Updating (lab):
            warning: key: mind the gap …
              | hello from the program
             +  random:index:RandomBytes key created (3.2s)

            Diagnostics:
              random:index:RandomBytes (key):
                warning: mind the gap
                  and the step

            Outputs:
                address : "10.0.0.1"
                password: [secret]

            Resources:
                + 1 created
                2 unchanged

            Duration: T

            """));
        Assert.That(_host.Engine.Asked.Select(o => o.Mode), Is.EqualTo([OperationMode.Preview, OperationMode.Update]));
        Assert.That(await File.ReadAllTextAsync(_host.StateFile), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Up_without_changes_runs_no_update()
    {
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1));
        Assert.That(_host.Lab.Starts, Is.Zero, "a stack without resources needs no lab");
        Assert.That(_host.Output, Does.Contain("3 unchanged"));
        Assert.That(File.Exists(_host.StateFile), Is.False);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Up_runs_the_update_where_only_outputs_or_options_changed(bool outputs, bool state)
    {
        _host.Engine.Script[OperationMode.Preview] = (Nothing.Item1, Nothing.Item2 with { OutputsChanged = outputs, StateChanged = state });
        _host.Engine.Script[OperationMode.Update] = Nothing;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Up_runs_no_update_for_what_only_a_person_can_look_for()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], [new PendingOperation(States.Provider, OperationKind.Creating)]));
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Up_runs_the_update_where_only_a_part_of_a_replacement_is_left()
    {
        var left = Created with { Kind = StepKind.DeleteReplaced, Old = States.Resource, New = null };
        (EngineEvent[], OperationResult) script = ([new EngineEvent.StepStarted(left), new EngineEvent.StepDone(left, TimeSpan.Zero)], Result(counts: (StepKind.Same, 3)));
        _host.Engine.Script[OperationMode.Preview] = script;
        _host.Engine.Script[OperationMode.Update] = script;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(2), "it counts nowhere, but has to be done");
    }

    [Test]
    public async Task First_up_at_a_terminal_asks_for_the_passphrase_before_anything_else()
    {
        _host.Write("Pulumi.dev.yaml", "config: {}\n");
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        _host.Typed = "horse\nhorse\nyes\n";
        var left = new List<string>();
        _host.Engine.During = _ => left.Add(_host.LeftTyped);
        Assert.That(await _host.RunAsync("up", "-s", "dev"), Is.Zero, _host.Error);
        Assert.That(left, Is.EqualTo(new[] { "yes\n", "" }), "what was still to be read at the preview and at the update");

        _host.Typed = null;
        _host.Environment["PULUMI_CONFIG_PASSPHRASE"] = "horse";
        Assert.That(await _host.RunAsync("stack", "output", "-s", "dev"), Is.Zero, _host.Error);
    }

    [Test]
    public async Task The_lab_at_a_terminal_makes_a_passphrase_where_nobody_gives_one()
    {
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        _host.Typed = "\nyes\n";
        Assert.That(await _host.RunAsync("up"), Is.Zero, _host.Error);
        Assert.That(File.Exists(Path.Combine(_host.Directory, ".mesos-stack/lab.passphrase")));
    }

    [Test]
    public async Task Up_of_a_stack_whose_secrets_are_not_opened_yet_asks_before_the_update()
    {
        await _host.SaveStateAsync(new Snapshot([States.Provider], []));
        _host.Write("Pulumi.lab.yaml", $"encryptionsalt: {States.Salt}\n");
        _host.Environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong";
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        Assert.That(await _host.RunAsync("up", "-y"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("incorrect passphrase"));
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1), "only the preview");
    }

    [Test]
    public async Task Up_without_a_passphrase_fails_before_anything_is_touched()
    {
        _host.Write("Pulumi.dev.yaml", "config:\n  digitalocean:apiEndpoint: http://127.0.0.1:17900\n");
        _host.Environment.Remove("PULUMI_CONFIG_PASSPHRASE");
        Assert.That(await _host.RunAsync("up", "--stack", "dev", "--yes"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"));
        Assert.That(_host.Engine.Asked, Is.Empty);
        Assert.That(_host.Lab.Starts, Is.Zero);
    }

    [TestCase("yes\n", 0)]
    [TestCase("y\n", 0)]
    [TestCase("no\n", 8)]
    [TestCase("n\n", 8)]
    [TestCase("\n", 8)]
    [TestCase("details\nyes\n", 0)]
    [TestCase("d\n\n", 8)]
    public async Task The_question_takes_typed_words_and_enter_alone_is_no(string typed, int code)
    {
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        _host.Typed = typed;
        Assert.That(await _host.RunAsync("up"), Is.EqualTo(code), _host.Error);
        Assert.That(_host.LeftTyped, Is.Empty);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(code == 0 ? 2 : 1));
        Assert.That(_host.Output.Contains("RandomBytes key (create)\n", StringComparison.Ordinal), Is.EqualTo(typed[0] == 'd'));
    }

    [Test]
    public async Task Destroy_asks_about_what_its_preview_shows()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack, States.Provider, States.Resource], []));
        var deleted = Created with { Kind = StepKind.Delete, Old = States.Resource with { RetainOnDelete = false }, New = null };
        _host.Engine.Script[OperationMode.PreviewDestroy] =
            ([new EngineEvent.StepDone(deleted, TimeSpan.Zero), new EngineEvent.StepDone(deleted with { Urn = States.StackUrn, Type = States.Stack.Type, Old = States.Stack }, TimeSpan.Zero)], Result(counts: (StepKind.Delete, 2)));
        _host.Engine.Script[OperationMode.Destroy] = ([], Result(counts: (StepKind.Delete, 2)));
        _host.Typed = "yes\n";
        Assert.That(await _host.RunAsync("destroy", "--diff"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.StartWith("Previewing destroy (lab):\n-  random:index:RandomBytes key (delete)\n-  pulumi:pulumi:Stack try-lab (delete)\nResources:\n    - 2 to delete\n"));
        Assert.That(_host.Engine.Asked.Select(o => o.Mode), Is.EqualTo([OperationMode.PreviewDestroy, OperationMode.Destroy]));
        Assert.That(_host.Screen, Does.Contain("these 2 resources"));
    }

    [Test]
    public async Task Destroy_of_what_only_a_person_can_look_for_asks_nothing()
    {
        await _host.SaveStateAsync(new Snapshot([], [new PendingOperation(States.Provider, OperationKind.Creating)]));
        _host.Engine.Script[OperationMode.PreviewDestroy] = ([], Result());
        _host.Engine.Script[OperationMode.Destroy] = ([], Result());
        _host.Typed = "";
        Assert.That(await _host.RunAsync("destroy", "--clear-pending-creates"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked[^1].ClearPendingCreates);
    }

    [Test]
    public async Task Skipping_the_preview_is_a_yes()
    {
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        Assert.That(await _host.RunAsync("up", "--skip-preview"), Is.Zero, _host.Error);
    }

    [TestCase("", false)]
    [TestCase("1", true)]
    public async Task A_fault_of_the_program_itself_has_its_own_exit_code(string trace, bool shown)
    {
        _host.Environment["MESOS_STACK_TRACE"] = trace;
        _host.Engine.During = _ => throw new InvalidOperationException("impossible");
        Assert.That(await _host.RunAsync("preview"), Is.EqualTo(255));
        Assert.That(_host.Error, Does.StartWith("error: InvalidOperationException: impossible\n").And.Contain("fault of mesos-stack"));
        Assert.That(_host.Error.Contains("   at ", StringComparison.Ordinal), Is.EqualTo(shown));
    }

    [Test]
    public async Task Up_of_a_living_stack_starts_a_stopped_lab_even_without_changes()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Lab.Starts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_lab_that_does_not_answer_is_the_error_of_the_up()
    {
        _host.Lab.Fault = new LabException("The lab did not start: no room");
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Contain("error: The lab did not start: no room"));
        Assert.That(_host.Engine.Asked[^1].ProvidersReady.IsFaulted, "the engine is told");
    }

    [Test]
    public async Task A_stack_elsewhere_starts_no_lab()
    {
        _host.Write("Pulumi.dev.yaml", "config: {}\n");
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        Assert.That(await _host.RunAsync("up", "-y", "-s", "dev"), Is.Zero, _host.Error);
        Assert.That(_host.Lab.Starts, Is.Zero);
    }

    [Test]
    public async Task Skip_preview_goes_straight_to_the_update()
    {
        _host.Engine.Script[OperationMode.Update] = OneCreate;
        Assert.That(await _host.RunAsync("up", "-y", "-f", "-p", "3", "--refresh"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1));
        Assert.That(_host.Engine.Asked[0].Parallel, Is.EqualTo(3));
        Assert.That(_host.Engine.Asked[0].Refresh, Is.True);
        Assert.That(_host.Engine.Asked[0].Program!.Arguments, Is.EqualTo([Path.Combine(_host.Directory, "program.dll")]));
    }

    [TestCase("up")]
    [TestCase("destroy")]
    public async Task Nobody_to_ask_is_an_error_that_says_so(string command)
    {
        Assert.That(await _host.RunAsync(command), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("--yes"));
        Assert.That(_host.Engine.Asked, Is.Empty);
    }

    [Test]
    public async Task A_failed_step_fails_the_command_and_is_told_under_its_resource()
    {
        _host.Engine.Script[OperationMode.Update] = ([new EngineEvent.StepStarted(Created), new EngineEvent.StepFailed(Created, "exit code 3\nlast words", TimeSpan.FromSeconds(75))], Result(succeeded: false));
        Assert.That(await _host.RunAsync("up", "-y", "-f"), Is.EqualTo(1));
        Assert.That(_host.Output, Does.Contain("+  random:index:RandomBytes key FAILED creating (1m15s): exit code 3 …").And.Contain("  random:index:RandomBytes (key):\n    error: exit code 3\n      last words\n"));
    }

    [Test]
    public async Task A_failed_preview_stops_before_the_update()
    {
        _host.Engine.Script[OperationMode.Preview] = ([new EngineEvent.Diagnostic(DiagnosticSeverity.Error, "", "no")], Result(succeeded: false));
        Assert.That(await _host.RunAsync("up", "-y"), Is.EqualTo(1));
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1));
        Assert.That(_host.Lab.Starts, Is.Zero);
    }

    [Test]
    public async Task Expect_no_changes_has_its_own_exit_code()
    {
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        Assert.That(await _host.RunAsync("preview", "--expect-no-changes"), Is.EqualTo(7));
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("preview", "--expect-no-changes"), Is.Zero);
        Assert.That(_host.Lab.Starts, Is.Zero, "a preview needs no API");
    }

    [Test]
    public async Task A_stopped_run_is_told_from_a_failed_one()
    {
        using var stop = new CancellationTokenSource();
        _host.Engine.During = _ => stop.Cancel();
        _host.Engine.Script[OperationMode.Update] = Nothing;
        Assert.That(await _host.RunAsync(stop.Token, "up", "-y", "-f"), Is.EqualTo(8));
    }

    [Test]
    public async Task Diff_shows_properties_but_no_secrets()
    {
        _host.Engine.Script[OperationMode.Preview] = ([new EngineEvent.StepStarted(Updated), new EngineEvent.StepDone(Updated, TimeSpan.Zero)], Result(counts: (StepKind.Update, 1)));
        Assert.That(await _host.RunAsync("preview", "--diff"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("~  random:index:RandomBytes key (update)\n")
            .And.Contain("  ~ length: 32 => 64 (replaces)\n")
            .And.Contain("  + password: [secret]\n")
            .And.Contain("  ~ list: [\"<a&b>\", true, null, 1.5, [unknown]] => [unknown]\n")
            .And.Not.Contain("topsecret"));
    }

    [Test]
    public async Task A_preview_shows_the_outputs_that_differ_and_no_other()
    {
        var outputs = States.Map(("address", "10.0.0.1"), ("hosts", new PropertyValue.Object(States.Map(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5")))), ("password", new PropertyValue.Secret("hunter2hunter")));
        await _host.SaveStateAsync(new Snapshot([States.Stack with { Outputs = outputs }], []));
        _host.Engine.Script[OperationMode.Preview] = (Nothing.Item1, Result(outputs: outputs.With("hosts", new PropertyValue.Object(States.Map(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "6"), ("f", PropertyValue.NotKnown))))));
        Assert.That(await _host.RunAsync("preview"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("""
            Outputs:
              ~ hosts: {
                    ...
                    c: "3"
                    d: "4"
                  ~ e: "5" => "6"
                  + f: [unknown]
                }

            Resources:
            """).And.Not.Contain("address").And.Not.Contain("password"));
    }

    [Test]
    public async Task What_was_configured_as_secret_is_masked_inside_other_values_too()
    {
        var state = States.Resource with { Inputs = States.Map(("env", """{"PASSWORD":"topsecret","USER":"x"}"""), ("note", "the password is topsecret")) };
        var step = new Step(StepKind.Update, States.ResourceUrn, States.Resource.Type, state, state with { Inputs = States.Map(("env", """{"PASSWORD":"topsecret","USER":"y"}"""), ("note", "it was topsecret")) }, NoDetails);
        _host.Engine.Script[OperationMode.Preview] =
            ([new EngineEvent.StepDone(step, TimeSpan.Zero)], Result(outputs: States.Map(("login", "me:topsecret")), counts: (StepKind.Update, 1)) with { Clean = text => text.Replace("topsecret", "[secret]", StringComparison.Ordinal) });
        Assert.That(await _host.RunAsync("preview", "--diff", "--markdown", "comment.md"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("    PASSWORD: [secret]\n").And.Contain("\"the password is [secret]\" => \"it was [secret]\"").And.Contain("me:[secret]").And.Not.Contain("topsecret"));
        Assert.That(_host["comment.md"], Does.Contain("it was [secret]").And.Not.Contain("topsecret"));
        Assert.That(await _host.RunAsync("preview", "--json"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("it was [secret]").And.Not.Contain("topsecret"));
    }

    [Test]
    public async Task A_preview_of_a_destroy_asks_nothing_and_touches_nothing()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack, States.Provider, States.Resource], []));
        _host.Engine.Script[OperationMode.PreviewDestroy] = ([new EngineEvent.StepDone(Created with { Kind = StepKind.Delete, Old = States.Resource with { RetainOnDelete = false }, New = null }, TimeSpan.Zero)], Result(counts: (StepKind.Delete, 1)));
        Assert.That(await _host.RunAsync("destroy", "--preview-only"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("Previewing destroy (lab):\n -  random:index:RandomBytes key delete\n\nResources:\n    - 1 to delete\n\n"));
        Assert.That(_host.Lab.Starts, Is.Zero);

        Assert.That(await _host.RunAsync("destroy", "--yes", "--markdown", "comment.md"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("--preview-only"));
    }

    [Test]
    public async Task Json_prints_one_document_in_the_shape_of_the_official_preview()
    {
        _host.Write("Pulumi.lab.yaml", "config:\n  try:count: 2\n");
        _host.Engine.Script[OperationMode.Preview] = ([new EngineEvent.StepStarted(Updated), new EngineEvent.Diagnostic(DiagnosticSeverity.Error, States.ResourceUrn, "no")], Result(counts: (StepKind.Update, 1)));
        Assert.That(await _host.RunAsync("preview", "--json"), Is.Zero, _host.Error);
        var json = JsonNode.Parse(_host.Output)!;
        Assert.That((string?)json["config"]!["try:count"], Is.EqualTo("2"));
        Assert.That((string?)json["config"]!["try:token"], Is.EqualTo("[secret]"));
        var step = json["steps"]![0]!;
        Assert.That((string?)step["op"], Is.EqualTo("update"));
        Assert.That((string?)step["urn"], Is.EqualTo(States.ResourceUrn));
        Assert.That((string?)step["newState"]!["inputs"]!["password"], Is.EqualTo("[secret]"));
        Assert.That((string?)step["detailedDiff"]!["length"]!["kind"], Is.EqualTo("update-replace"));
        Assert.That((string?)step["replaceReasons"]![0], Is.EqualTo("length"));
        Assert.That((string?)json["diagnostics"]![0]!["severity"], Is.EqualTo("error"));
        Assert.That((int)json["changeSummary"]!["update"]!, Is.EqualTo(1));
        Assert.That((long)json["duration"]!, Is.GreaterThanOrEqualTo(0));
        Assert.That(_host.Output, Does.Not.Contain("topsecret"));
    }

    [Test]
    public async Task Up_names_a_lab_that_lost_the_droplets_of_the_state()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack, States.Provider, States.Resource with { Type = "digitalocean:index/droplet:Droplet" }], []));
        Assert.That(await _host.RunAsync("up", "--yes"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Contain("`destroy` and then `up`"));
        Assert.That(_host.Engine.Asked, Is.Empty, "nothing was touched");

        _host.Lab.Droplets = 1;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.EqualTo(1), "another stack's droplet");
        Assert.That(_host.Error, Does.Contain("no droplet of this stack"));

        _host.Lab.DropletId = States.Resource.Id;
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("up", "--yes"), Is.Zero, _host.Error);
    }

    [Test]
    public async Task Destroy_deletes_and_stops_a_lab_without_droplets()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        _host.Engine.Script[OperationMode.Destroy] = ([], Result(counts: (StepKind.Delete, 1)));
        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked[0].Program, Is.Null);
        Assert.That((_host.Lab.Starts, _host.Lab.Stops), Is.EqualTo((1, 1)));

        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, "nothing left is no failure");
        Assert.That(_host.Output, Does.Contain("has no resources"));
        Assert.That(_host.Engine.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Destroy_leaves_a_lab_alone_that_others_use()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        _host.Lab.UsedByOthers = true;
        _host.Engine.Script[OperationMode.Destroy] = ([], Result());
        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Lab.Stops, Is.Zero);
    }

    [TestCase("up", true)]
    [TestCase("up", false)]
    [TestCase("destroy", true)]
    public async Task A_run_notes_that_it_uses_the_lab_as_long_as_it_runs(string verb, bool running)
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        var (mode, seen) = (verb == "up" ? OperationMode.Update : OperationMode.Destroy, 0);
        _host.Lab.Running = running;
        _host.Engine.Script[OperationMode.Preview] = OneCreate;
        _host.Engine.Script[mode] = OneCreate;
        _host.Engine.During = operation => seen = operation.Mode == mode ? _host.Lab.Uses : seen;
        Assert.That(await _host.RunAsync(verb, "--yes"), Is.Zero, _host.Error);
        Assert.That((seen, _host.Lab.Uses), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Lab_stop_takes_from_others_only_with_all()
    {
        (_host.Lab.Running, _host.Lab.UsedByOthers) = (true, true);
        Assert.That(await _host.RunAsync("lab", "stop"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Contain("in use by others"));
        Assert.That(await _host.RunAsync("lab", "stop", "--all"), Is.Zero, _host.Error);
        Assert.That(_host.Lab.Stops, Is.EqualTo(1));
    }

    [Test]
    public async Task Lab_prune_starts_the_lab_for_leftovers_only()
    {
        Assert.That(await _host.RunAsync("lab", "prune"), Is.Zero, _host.Error);
        Assert.That((_host.Lab.Starts, _host.Lab.Asked), Is.EqualTo((0, Array.Empty<string>())));
        _host.Lab.Left = "droplets are left";
        Assert.That(await _host.RunAsync("lab", "prune"), Is.Zero, _host.Error);
        Assert.That((_host.Lab.Starts, _host.Lab.Stops, _host.Lab.Uses), Is.EqualTo((1, 1, 0)));
        Assert.That(_host.Lab.Asked, Is.EqualTo(new[] { "prune" }));
    }

    [Test]
    public async Task Lab_power_on_says_what_it_did()
    {
        Assert.That(await _host.RunAsync("lab", "power-on", "master-1"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo("master-1 is on.\n"));
    }

    [Test]
    public async Task Destroy_leaves_a_lab_with_other_droplets_alone()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        _host.Lab.Droplets = 1;
        _host.Engine.Script[OperationMode.Destroy] = ([], Result());
        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Lab.Stops, Is.Zero);
    }

    [Test]
    public async Task A_second_run_is_kept_out_but_a_preview_is_not()
    {
        _host.Engine.Script[OperationMode.Update] = Nothing;
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        var (inner, preview) = (-1, -1);
        _host.Engine.During = operation =>
        {
            if (operation.Mode == OperationMode.Update && inner < 0)
            {
                inner = 0;
                inner = _host.RunAsync("up", "-y", "-f").GetAwaiter().GetResult();
                preview = _host.RunAsync("preview").GetAwaiter().GetResult();
            }
        };
        Assert.That(await _host.RunAsync("up", "-y", "-f"), Is.Zero);
        Assert.That((inner, preview), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_run_that_a_lock_keeps_out_is_told_who_holds_it_since_when_and_how_to_end_it()
    {
        using var held = await new FileBackend(Path.Combine(_host.Directory, ".mesos-stack")).LockAsync("try", "lab", "stack rename", _ => { }, CancellationToken.None);
        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.EqualTo(1));
        Assert.That(_host.Error, Does.Match($@"`stack rename`, process {Environment.ProcessId} of {Environment.UserName} on \S+, since \d{{4}}-").And.Contain("kill -INT").And.Contain(".json"));
        Assert.That(_host.Engine.Asked, Is.Empty);
    }

    [Test]
    public async Task Destroy_works_without_the_stacks_file_on_what_the_state_knows()
    {
        var provider = States.Provider with
        {
            Urn = "urn:pulumi:lab::try::pulumi:providers:digitalocean::default_4_76_0",
            Type = "pulumi:providers:digitalocean",
            Inputs = States.Map(("apiEndpoint", "http://127.0.0.1:17900"), ("token", new PropertyValue.Secret("lab-token")), ("version", "4.76.0"), ("__internal", new PropertyValue.Object(PropertyMap.Empty))),
        };
        await _host.SaveStateAsync(new Snapshot([States.Stack, provider], []));
        File.Delete(Path.Combine(_host.Directory, "Pulumi.lab.yaml"));
        _host.Write("Pulumi.yaml", "name: try\nruntime: dotnet\nconfig:\n  needed: {type: string}\n");
        _host.Engine.Script[OperationMode.Destroy] = ([], Result(counts: (StepKind.Delete, 1)));

        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Engine.Asked.Single().Configuration, Is.EquivalentTo(new Dictionary<string, string> { ["digitalocean:apiEndpoint"] = "http://127.0.0.1:17900", ["digitalocean:token"] = "lab-token" }));
        Assert.That(_host.Engine.Asked.Single().SecretKeys, Is.EquivalentTo(new[] { "digitalocean:token" }));
        Assert.That(_host.Lab.Starts, Is.EqualTo(1), "the lab is known by the address in the state");
        Assert.That(_host.Error, Does.Contain("Pulumi.lab.yaml is gone").And.Contain("DIGITALOCEAN_TOKEN").And.Not.Contain("lab-token"));
    }

    [Test]
    public async Task A_preview_without_the_stacks_file_says_that_it_is_gone()
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        File.Delete(Path.Combine(_host.Directory, "Pulumi.lab.yaml"));
        _host.Engine.Script[OperationMode.Preview] = Nothing;
        Assert.That(await _host.RunAsync("preview"), Is.Zero, _host.Error);
        Assert.That(_host.Error, Does.Contain("Pulumi.lab.yaml is gone").And.Contain("Put the file back"));
    }

    [Test]
    public async Task A_state_that_is_gone_is_not_taken_for_an_empty_one(
        [Values("preview", "up --yes", "destroy --yes", "stack output")] string command, [Values] bool settings)
    {
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        await _host.SaveStateAsync(new Snapshot([States.Stack, States.Provider], []));
        File.Delete(_host.StateFile);
        if (!settings)
        {
            File.Delete(Path.Combine(_host.Directory, "Pulumi.lab.yaml"));
        }

        Assert.That(await _host.RunAsync(command.Split(' ')), Is.Not.Zero);
        Assert.That(_host.Engine.Asked, Is.Empty);
        Assert.That(_host.Error, Does.Contain($"cp -p '{_host.StateFile}.bak' '{_host.StateFile}'"));

        File.Copy(_host.StateFile + ".bak", _host.StateFile);
        Assert.That(await _host.RunAsync("stack", "output"), Is.Zero, _host.Error);
    }

    [Test]
    public async Task A_journal_without_its_state_is_not_taken_for_an_empty_stack()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_host.StateFile)!);
        await File.WriteAllTextAsync(Path.ChangeExtension(_host.StateFile, ".journal"), "x");
        Assert.That(await _host.RunAsync("preview"), Is.Not.Zero);
        Assert.That(_host.Error, Does.Contain("lab.journal").And.Contain("Put the state back"));
    }

    [Test]
    public async Task What_is_kept_is_not_told_as_deleted()
    {
        var kept = Created with { Kind = StepKind.Delete, Old = States.Resource with { RetainOnDelete = true }, New = null };
        var gone = kept with { Urn = States.ResourceUrn + "2", Old = States.Resource with { Urn = States.ResourceUrn + "2", RetainOnDelete = false } };
        EngineEvent[] events = [new EngineEvent.StepDone(kept, TimeSpan.FromSeconds(1)), new EngineEvent.StepDone(gone, TimeSpan.FromSeconds(1))];
        await _host.SaveStateAsync(new Snapshot([States.Stack], []));
        _host.Engine.Script[OperationMode.PreviewDestroy] = (events, Result(counts: (StepKind.Delete, 2)));
        _host.Engine.Script[OperationMode.Destroy] = _host.Engine.Script[OperationMode.PreviewDestroy];

        Assert.That(await _host.RunAsync("destroy", "--preview-only", "--markdown", "comment.md"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("key delete[retain]\n").And.Contain("key2 delete\n").And.Contain("- 2 to delete (1 of them kept: retainOnDelete)\n"));
        Assert.That(_host["comment.md"], Does.Match(@"random:index:RandomBytes key: what is there stays.*retainOnDelete").And.Match(@"random:index:RandomBytes key2\W*\n"));

        Assert.That(await _host.RunAsync("destroy", "--preview-only", "--json"), Is.Zero, _host.Error);
        Assert.That((bool)JsonNode.Parse(_host.Output)!["steps"]![0]!["oldState"]!["retainOnDelete"]!, Is.True);
        Assert.That(await _host.RunAsync("destroy", "--preview-only", "--diff"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("key (delete[retain])").And.Contain("key2 (delete)"));

        Assert.That(await _host.RunAsync("destroy", "--yes"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Does.Contain("key deleted[retain] (1.0s)").And.Contain("key2 deleted (1.0s)").And.Contain("- 2 deleted (1 of them kept: retainOnDelete)\n"));
    }

    [TestCase("up", "--nonsense")]
    [TestCase("nonsense")]
    [TestCase("up", "--parallel", "0")]
    [TestCase("preview", "--stack", "../x")]
    public async Task Wrong_arguments_have_the_exit_code_of_configuration(params string[] arguments)
    {
        Assert.That(await _host.RunAsync(arguments), Is.EqualTo(2));
        Assert.That(_host.Error, Does.StartWith("error: "));
    }

    [Test]
    public async Task A_mistyped_stack_is_not_made() =>
        Assert.That(await _host.RunAsync("preview", "--stack", "labb"), Is.EqualTo(6));

    [Test]
    public async Task Faulty_settings_stop_before_anything_is_touched()
    {
        _host.Write("Pulumi.lab.yaml", "config:\n  try:count: ~\n  try:token: y\n");
        Assert.That(await _host.RunAsync("up", "-y"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("try:count").And.Contain("try:token"));
        Assert.That(_host.Engine.Asked, Is.Empty);
        Assert.That(_host.Lab.Starts, Is.Zero);
    }

    [Test]
    public async Task A_missing_program_is_told()
    {
        Assert.That(await _host.RunAsync("preview", "--program", "nowhere.dll"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("nowhere.dll"));
    }

    [GeneratedRegex("Duration: [0-9.ms]+")]
    private static partial Regex Duration();
}
