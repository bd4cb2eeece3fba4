using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MesosStack.Tests;

/// <summary>A script's head names what the program gives the script, and what the script reads.</summary>
public sealed class ScriptHeadTests
{
    // The settings that make a difference to what a script is given.
    private static readonly (string Key, string Value)[][] Settings =
    [
        [("addressing", "public"), ("apps", TestConfiguration.TutorialApps)],
        [("addressing", "private"), ("signingKeyFingerprint", new string('A', 40))],
        [("addressing", "private"), ("uiCidrs", """["203.0.113.0/24"]"""), ("repositorySuite", "bookworm")],
        [("signingKeyUrl", ""), ("signingKey", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQIN\n-----END PGP PUBLIC KEY BLOCK-----\n")],
        [("signingKeyUrl", ""), ("signingKeyId", new string('A', 40)), ("signingKeyFingerprint", new string('A', 40))],
    ];

    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "scripts");

    private readonly List<Run> _runs = [];

    [OneTimeSetUp]
    public async Task DeclareClusters()
    {
        foreach (var settings in Settings)
        {
            Note(await Graph.Declare(isPreview: false, settings));
        }

        Note(await Graph.DeclareSealed(["apps"], ("apps", TestConfiguration.TutorialApps)));

        void Note(Graph graph) => _runs.AddRange(graph.All.Where(resource => resource.Type == "command:remote:Command").SelectMany(RunsOf));
    }

    [Test]
    public void Every_script_with_such_a_head_is_run() =>
        Assert.That(_runs.Select(run => run.Script).Distinct(), Is.EquivalentTo(Scripts().Where(script => Head(script).IsOfStep)));

    [TestCaseSource(nameof(Scripts))]
    public void Arguments_are_those_that_the_program_gives(string script) =>
        Assert.That(Head(script).Arguments, Is.EquivalentTo(_runs.Where(run => run.Script == script).SelectMany(run => run.Arguments).Distinct()));

    [TestCaseSource(nameof(Scripts))]
    public void Facts_are_those_that_the_program_writes(string script)
    {
        var head = Head(script);
        var lines = _runs.Where(run => run.Script == script && head.Inputs.Count == 0).SelectMany(run => run.Input.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();

        Assert.That(lines.Where(line => !head.Facts.Any(kind => IsOf(kind, line))), Is.Empty, "facts that the head does not name");
        Assert.That(head.Facts.Where(kind => !lines.Any(line => IsOf(kind, line))), Is.Empty, "facts that the program does not write");
    }

    [TestCaseSource(nameof(Scripts))]
    public void Facts_are_those_that_the_script_reads(string script)
    {
        var branches = Regex.Match(Read(script), "\n  case (?:[$]fact|\"[$]fact [$]one\") in\n(.*?)\n  esac\n", RegexOptions.Singleline).Groups[1].Value;
        var read = Regex.Matches(branches, @"^    ([^ #()\n][^()\n]*)\)", RegexOptions.Multiline).SelectMany(match => match.Groups[1].Value.Split('|')).Select(label => label.Trim(' ', '\'', '*')).Where(label => label.Length > 0);

        Assert.That(Head(script).Facts, Is.EquivalentTo(read));
    }

    [TestCaseSource(nameof(Scripts))]
    public void Arguments_that_a_script_reads_by_name_are_in_its_head(string script) =>
        Assert.That(Regex.Matches(Read(script), @"address\[([a-z][\w.-]*)\]").Select(match => match.Groups[1].Value), Is.SubsetOf(Head(script).Arguments));

    [TestCaseSource(nameof(Scripts))]
    public void Variables_are_those_that_the_script_reads_and_the_program_need_not_set_them(string script)
    {
        // Those of bash itself.
        string[] own = ["SECONDS", "BASH_REMATCH"];
        var text = Read(script);
        var set = Regex.Matches(text, @"(?:^|[\s;(])([A-Z][A-Z0-9_]+)=", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        var read = Regex.Matches(text, @"[$]\{?([A-Z][A-Z0-9_]+)\b(:-)?").Select(match => (Name: match.Groups[1].Value, HasDefault: match.Groups[2].Success)).Where(variable => !own.Contains(variable.Name) && !set.Contains(variable.Name)).ToList();

        Assert.That(Head(script).Environment, Is.EquivalentTo(read.Select(variable => variable.Name).Distinct()));
        Assert.That(read.Where(variable => !variable.HasDefault), Is.Empty);
        Assert.That(_runs.Where(run => run.Script == script).SelectMany(run => run.Environment), Is.Empty);
    }

    private static bool IsOf(string kind, string line) => line == kind || line.StartsWith($"{kind} ", StringComparison.Ordinal);

    private static IEnumerable<string> Scripts() => Directory.GetFiles(Folder, "*.sh").Select(path => Path.GetFileName(path));

    private static ScriptHead Head(string script) => ScriptHead.Of(Read(script));

    private static string Read(string script) => File.ReadAllText(Path.Combine(Folder, script));

    // Pulumi gives a deletion the same standard input and environment.
    private static IEnumerable<Run> RunsOf(Declared step) =>
        from input in new[] { "create", "update", "delete" }
        let command = step.Inputs!.GetValueOrDefault(input) as string
        where command is not null
        let words = command.Split('\n')[0].Split(" bash ")[1].Split(" && ")[0].Split(' ')
        select new Run(
            words[0],
            [.. words.Skip(1).Select(argument => Regex.Replace(argument.Split('=')[0], "-[0-9]+", "-N"))],
            step.Text("stdin"),
            step.Inputs!.GetValueOrDefault("environment") is ImmutableDictionary<string, object> environment ? [.. environment.Keys] : []);

    private sealed record Run(string Script, IReadOnlyList<string> Arguments, string Input, IReadOnlyList<string> Environment);
}
