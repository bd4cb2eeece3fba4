using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Markdown;
using MesosStack.Embedded.Engine;
using NUnit.Framework;
using Spectre.Console.Testing;

namespace MesosStack.Embedded.Tests.Cli.Previews;

/// <summary>Previews of a living cluster of three masters and three agents, in all their forms.</summary>
internal sealed class PreviewTests
{
    private static readonly ClusterOptions Living = new();

    private static readonly IReadOnlyDictionary<string, (ClusterOptions? Before, ClusterOptions? After)> Cases = new Dictionary<string, (ClusterOptions?, ClusterOptions?)>
    {
        ["no-change"] = (Living, Living),
        ["one-agent-more"] = (Living, Living with { Agents = 4 }),
        ["one-agent-less"] = (Living, Living with { Agents = 2 }),
        ["setting"] = (Living, Living with { ZooKeeperSessionTimeout = "60secs" }),
        ["cluster-name"] = (Living, Living with { ClusterName = "whale" }),
        ["replaced-master"] = (Living, Living with { Images = new Dictionary<string, string> { ["master-2"] = "debian-13-x64" } }),
        ["lost-master"] = (Living, Living with { Lost = "master-2" }),
        ["app-scaled"] = (Living, Living with { HelloInstances = 3 }),
        ["sealed-app-scaled"] = (Living with { HelloSecret = "planted-1" }, Living with { HelloSecret = "planted-2", HelloInstances = 3 }),
        ["sealed-app-secret"] = (Living with { HelloSecret = "planted-1" }, Living with { HelloSecret = "planted-2" }),
        ["sealed-app-first"] = (null, Living with { HelloSecret = "planted-1", Agents = 1, Masters = 1 }),
        ["scripts"] = (Living, Living with { ScriptsHash = "597bda2b3393db9137658c3ac1fc05ef3707b4d9b9f6cc6dc6297e3e2b03a576" }),
        ["revision"] = (Living, Living with { Revision = 2 }),
        ["destroy"] = (Living, null),
        ["first-up"] = (null, Living),
    };

    private FakeHost _host = null!;

    public static IEnumerable<string> Names => Cases.Keys;

    [SetUp]
    public void SetUp()
    {
        _host = new FakeHost();
        _host.Write("Pulumi.yaml", "name: mesos-stack\nruntime: dotnet\nconfig:\n  clusterName: {type: string, default: orca}\n  token: {type: string, secret: true, default: topsecret}\n");
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCaseSource(nameof(Names))]
    public async Task Differences_are_short(string name)
    {
        var output = await RunAsync(name, "--diff");
        Golden.Check($"{name}.diff.txt", output);
        if (name is not ("first-up" or "sealed-app-first" or "destroy"))
        {
            Assert.That(output.Split('\n'), Has.Length.LessThanOrEqualTo(50), "lines");
            Assert.That(output, Has.Length.LessThanOrEqualTo(5 * 1024), "characters");
        }

        var changed = Plan(name).Steps.Where(s => s.Kind is not (StepKind.Same or StepKind.CreateReplacement or StepKind.DeleteReplaced)).Select(s => s.Urn.Split("::")[^1]).ToList();
        Assert.That(output.Split('\n').Where(line => line.EndsWith(')') && line.Length > 0 && line[0] != ' ' && !line.Contains(":)", StringComparison.Ordinal)).Select(line => line.Split(' ')[^2]), Is.EquivalentTo(changed), "named resources");
    }

    [TestCaseSource(nameof(Names))]
    public async Task Plain_previews_have_a_line_for_each_changed_resource(string name) => Golden.Check($"{name}.plain.txt", await RunAsync(name));

    [TestCaseSource(nameof(Names))]
    public async Task The_json_has_the_shape_of_the_official_one(string name)
    {
        var json = JsonNode.Parse(await RunAsync(name, "--json"))!;
        json["duration"] = 0;
        foreach (var step in json["steps"]!.AsArray().Where(s => (string?)s!["op"] == "same"))
        {
            // Of these the golden file keeps the names only.
            Assert.That((step!["oldState"], step["newState"]), Is.Not.EqualTo(((JsonNode?)null, (JsonNode?)null)));
            step.AsObject().Remove("oldState");
            step.AsObject().Remove("newState");
        }

        Shorten(json);
        Golden.Check($"{name}.json", json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
    }

    [TestCaseSource(nameof(Names))]
    public async Task The_markdown_says_what_happens(string name)
    {
        var json = await RunAsync(name, "--json", "--markdown", "comment.md");
        Golden.Check($"{name}.md", _host["comment.md"]);
        Assert.That(PreviewMarkdown.Make(PreviewJson.Read(json)), Is.EqualTo(_host["comment.md"]), "made from the JSON");
    }

    [TestCaseSource(nameof(Names))]
    public async Task No_form_shows_the_secret_of_an_app(string name)
    {
        foreach (var form in new[] { "", "--diff", "--json" })
        {
            Assert.That(await RunAsync(name, [.. new[] { form }.Where(option => option.Length > 0), "--markdown", "comment.md"]), Does.Not.Contain("planted"));
            Assert.That(_host["comment.md"], Does.Not.Contain("planted"));
        }
    }

    [Test]
    public async Task The_markdown_of_a_hundred_agents_folds_what_is_the_same()
    {
        var many = Living with { Agents = 100 };
        var markdown = await MarkdownAsync(new PlannedPreview(many, many with { ZooKeeperSessionTimeout = "60secs" }));
        Golden.Check("hundred-agents.md", markdown);
        Assert.That(markdown, Has.Length.LessThanOrEqualTo(8 * 1024).And.Contain("Changes 3 masters and 100 agents"));
    }

    [Test]
    public async Task The_json_of_the_official_cli_gives_the_same_markdown()
    {
        File.Copy(Path.Combine(TestContext.CurrentContext.TestDirectory, "Previews", "official-cluster-name.json"), Path.Combine(_host.Directory, "official.json"));
        Assert.That(await _host.RunAsync("markdown", "official.json"), Is.Zero, _host.Error);
        Assert.That(_host.Output, Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", "cluster-name.md"))));

        _host.Input = _host["official.json"];
        Assert.That(await _host.RunAsync("markdown", "-", "--output", "comment.md"), Is.Zero, _host.Error);
        Assert.That(_host["comment.md"], Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", "cluster-name.md"))));
        Assert.That(_host.Output, Is.Empty);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("""{"changeSummary":{},"steps":[{"op":"update"}]}""")]
    public async Task What_is_no_preview_is_refused(string input)
    {
        _host.Input = input;
        Assert.That(await _host.RunAsync("markdown"), Is.EqualTo(2));
        Assert.That(_host.Error, Does.Contain("`preview --json`"));
    }

    [Test]
    public async Task The_markdown_of_any_cluster_fits_into_a_comment()
    {
        // Each agent gets a name that no other has, so nothing folds.
        var preview = new PlannedPreview(Living, Living with { Agents = 3 });
        var step = preview.Steps.First(s => s.Urn.EndsWith("mesos-network-vpc", StringComparison.Ordinal));
        var steps = Enumerable.Range(1, 3000).Select(i => step with
        {
            Kind = StepKind.Update,
            Urn = $"{step.Urn}-{i}",
            New = step.New! with { Inputs = step.New.Inputs.With("name", $"vpc-{i} {new string('`', i % 7)}") },
        });
        var markdown = await MarkdownAsync([.. steps.Select(s => new EngineEvent.StepDone(s, TimeSpan.Zero))]);
        Assert.That(markdown, Has.Length.LessThanOrEqualTo(PreviewMarkdown.Limit).And.Length.GreaterThan(PreviewMarkdown.Limit - 2000));
        Assert.That(markdown, Does.Contain("further entries are left out here"));
        AssertFencesClosed(markdown);
    }

    [Test]
    public async Task A_difference_that_is_too_long_says_what_is_left_out()
    {
        var step = new PlannedPreview(Living, Living).Steps.First(s => s.Urn.EndsWith("mesos-drain", StringComparison.Ordinal));
        var changed = step with { Kind = StepKind.Update, New = step.New! with { Inputs = step.New.Inputs.With("stdin", string.Concat(Enumerable.Range(1, 20_000).Select(i => $"agent agent-{i}\n"))) } };
        var markdown = await MarkdownAsync([new EngineEvent.StepDone(changed, TimeSpan.Zero)]);
        Assert.That(markdown, Has.Length.LessThanOrEqualTo(PreviewMarkdown.Limit));
        Assert.That(markdown, Does.Match("# [0-9]+ more lines are left out here\n```\n"));
        AssertFencesClosed(markdown);
    }

    [Test]
    public async Task Diagnostics_come_first_and_nothing_breaks_out_of_its_surroundings()
    {
        var step = new PlannedPreview(Living, Living with { HelloInstances = 3 }).Steps.First(s => s.Kind == StepKind.Update);
        var hostile = step with
        {
            New = step.New! with { Inputs = step.New.Inputs.With("stdin", """{"id":"/a|b`<img src=x> @everyone\n\n# x","cmd":"```\n````\n# out","instances":1,"k\n```\n## loud":1}""") },
        };
        var markdown = await MarkdownAsync(
        [
            new EngineEvent.StepDone(hostile, TimeSpan.Zero),
            new EngineEvent.Diagnostic(DiagnosticSeverity.Warning, "", "mind the gap"),
            new EngineEvent.Diagnostic(DiagnosticSeverity.Error, hostile.Urn, "it broke\n```\n## loud\n\u001b[31mred"),
        ]);
        Assert.That(markdown, Does.Match("(?s)^## Preview[^\n]*\n\n\\*\\*The preview failed.*error.*````text\nit broke\n```\n## loud\nred\n````.*warning.*mind the gap.*\\| create "));
        Assert.That(markdown.Split('\n').Single(line => line.StartsWith("**1.", StringComparison.Ordinal)), Does.Contain("a\\|b\\`&lt;img src=x&gt; &#64;everyone").And.Not.Contain("<img"));
        AssertFencesClosed(markdown);
    }

    [TestCase("cluster-name")]
    [TestCase("replaced-master")]
    public async Task The_tree_shows_changed_resources_below_their_components(string name)
    {
        using var console = new TestConsole().Width(150);
        await using (var display = new TreeDisplay(console, TimeProvider.System, preview: true))
        {
            Array.ForEach(Plan(name).Events, display.Show);
        }

        Golden.Check($"{name}.tree.txt", string.Concat(console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd() + "\n")));
    }

    [Test]
    public void The_documentation_shows_what_is_printed()
    {
        var text = File.ReadAllText(Golden.Documents.Single(file => Path.GetFileName(file) == "previews.md"));
        foreach (var name in new[] { "cluster-name.plain.txt", "cluster-name.tree.txt", "cluster-name.diff.txt", "hundred-agents.md" })
        {
            Assert.That(text, Does.Contain(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", name)).TrimEnd('\n')), name);
        }
    }

    private static PlannedPreview Plan(string name) => new(Cases[name].Before, Cases[name].After);

    // Descriptions stand in golden files of their own.
    private static void Shorten(JsonNode node)
    {
        foreach (var (key, value) in node is JsonObject o ? o.ToList() : [])
        {
            if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && (string?)value is { Length: > 150 } text)
            {
                node[key] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text[..100]}… ({text.Length} characters)");
            }
        }

        foreach (var child in node switch { JsonObject members => members.Select(m => m.Value), JsonArray items => items, _ => [] })
        {
            if (child is not null)
            {
                Shorten(child);
            }
        }
    }

    private static void AssertFencesClosed(string markdown)
    {
        var open = "";
        foreach (var line in markdown.Split('\n'))
        {
            var fence = line.TrimStart().TakeWhile(c => c == '`').Count();
            if (open.Length == 0 && fence >= 3)
            {
                open = new string('`', fence);
            }
            else if (open.Length > 0 && fence >= open.Length && line.TrimStart('`').Length == 0)
            {
                open = "";
            }
        }

        Assert.That(open, Is.Empty, "a fence is left open");
    }

    private async Task<string> MarkdownAsync(PlannedPreview preview)
    {
        _host.Engine.Script[OperationMode.Preview] = (preview.Events, preview.Result);
        Assert.That(await _host.RunAsync("preview", "--markdown", "comment.md"), Is.Zero, _host.Error);
        return _host["comment.md"];
    }

    private async Task<string> MarkdownAsync(EngineEvent[] events)
    {
        _host.Engine.Script[OperationMode.Preview] = (events, ScriptedEngine.Result(counts: (StepKind.Update, 1)));
        Assert.That(await _host.RunAsync("preview", "--markdown", "comment.md"), Is.Zero, _host.Error);
        return _host["comment.md"];
    }

    private async Task<string> RunAsync(string name, params string[] options)
    {
        var plan = Plan(name);
        var destroy = name == "destroy";
        _host.Engine.Script[destroy ? OperationMode.PreviewDestroy : OperationMode.Preview] = (plan.Events, plan.Result);
        Assert.That(await _host.RunAsync([.. destroy ? ["destroy", "--preview-only"] : new[] { "preview" }, .. options]), Is.Zero, _host.Error);
        return _host.Output;
    }
}
