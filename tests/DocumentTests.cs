using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MesosStack.Components;
using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Tests;

/// <summary>The documents say what the code does.</summary>
public sealed class DocumentTests
{
    private static string Read(string name) => File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "docs", name));

    [Test]
    public void Every_component_is_documented_with_its_inputs_and_outputs()
    {
        var rows = Read("components.md").Split('\n').Where(line => line.StartsWith("| `mesos-stack:index:", StringComparison.Ordinal)).ToList();

        var expected = typeof(MesosCluster).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(ComponentResource)) && !type.IsAbstract).Select(type =>
        {
            var args = type.GetConstructors().Single().GetParameters().Single(parameter => parameter.ParameterType.IsSubclassOf(typeof(ResourceArgs))).ParameterType;
            return (type.Name, Inputs: Names<InputAttribute>(args), Outputs: Names<OutputAttribute>(type).Replace("`privateKey`", "`privateKey` (secret)", StringComparison.Ordinal).Replace("`sshPrivateKey`", "`sshPrivateKey` (secret)", StringComparison.Ordinal));
        });

        Assert.That(rows, Is.EquivalentTo(expected.Select(component => $"| `mesos-stack:index:{component.Name}` | `{component.Name}` | {component.Inputs} | {component.Outputs} |")));
    }

    [Test]
    public async Task The_tree_of_a_cluster_names_its_resources()
    {
        var rows = Regex.Matches(Read("components.md"), "^[├└]─ (?<names>mesos-[A-Za-z-]+(?:, mesos-[A-Za-z-]+)*)", RegexOptions.Multiline).SelectMany(row => row.Groups["names"].Value.Split(", "));
        var graph = await Graph.Declare(isPreview: false, ("apps", TestConfiguration.TutorialApps));
        var names = graph.All.Where(resource => resource.Name.StartsWith("mesos-", StringComparison.Ordinal)).Select(resource =>
            Regex.Replace(resource.Name, "^(?:(?<numbered>mesos-(?:master|agent))-[0-9]+.*|(?<group>mesos-(?:network|access)).*|(?<app>mesos-app)-.*)$", found =>
                found.Groups["numbered"].Success ? found.Groups["numbered"].Value + "-N" : found.Groups["app"].Success ? found.Groups["app"].Value + "-ID" : found.Groups["group"].Value));

        Assert.That(rows, Is.EquivalentTo(names.Distinct()));
    }

    [Test]
    public void The_reference_of_the_settings_is_written_from_their_declarations() => Document.Check("docs/settings.md", Read("settings.md"), SettingsReference.Document());

    [Test]
    public void Documents_set_only_settings_that_exist()
    {
        var keys = Pages().SelectMany(page => Regex.Matches(File.ReadAllText(page), @"config set (?:--\S+ )*([a-z]\w*)")).Select(match => match.Groups[1].Value).ToList();

        Assert.That(keys, Is.Not.Empty);
        Assert.That(keys, Is.SubsetOf(SettingTable.Keys));
    }

    [Test]
    public void Documents_link_to_files_that_exist()
    {
        var links = Pages().SelectMany(page => Regex.Matches(File.ReadAllText(page), @"\]\((?!https?:)([^)#]+)").Select(match => Path.GetFullPath(match.Groups[1].Value, Path.GetDirectoryName(page)!))).ToList();

        Assert.That(links, Is.Not.Empty);
        Assert.That(links.Where(link => !Path.Exists(link)), Is.Empty);
    }

    [Test]
    public void Every_promise_about_faults_names_tests_that_exist()
    {
        var root = Path.Combine(Golden.Sources(), "..");
        var sources = new[] { "tests", "embedded/Tests" }.SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*Tests.cs", SearchOption.AllDirectories)).ToLookup(path => Path.GetFileNameWithoutExtension(path));
        var promises = File.ReadAllLines(Path.Combine(root, "docs", "faults.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList();

        Assert.That(promises, Is.Not.Empty);
        foreach (var promise in promises)
        {
            var tests = Regex.Matches(promise, @"`(\w+Tests)(?:[.](\w+))?`");
            Assert.That(tests, Is.Not.Empty, promise);
            foreach (Match test in tests)
            {
                Assert.That(sources[test.Groups[1].Value].Any(path => File.ReadAllText(path).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal)), $"there is no {test.Value}");
            }
        }
    }

    // A tag can be moved to other code, a commit cannot.
    [Test]
    public void Every_action_of_the_workflows_is_pinned_by_its_commit()
    {
        var actions = Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, "workflows")).SelectMany(File.ReadAllLines)
            .Where(line => line.Contains("uses:", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();

        Assert.That(actions, Is.Not.Empty);
        Assert.That(actions, Has.All.Match(@"^- uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+[.]\d+[.]\d+$"));
    }

    [Test]
    public void Every_revision_has_its_line()
    {
        var revisions = Read("upgrading.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()).Where(word => int.TryParse(word, CultureInfo.InvariantCulture, out _));

        Assert.That(revisions, Is.EqualTo(Enumerable.Range(1, HostDescription.Revision).Select(number => $"{number}")));
    }

    private static IEnumerable<string> Pages()
    {
        var root = Path.Combine(Golden.Sources(), "..");
        return [.. Directory.GetFiles(root, "*.md"), .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md"), Path.Combine(root, "embedded", "README.md")];
    }

    // The official SDK keeps the names of its attributes to itself, so the constructor's argument is looked at.
    private static string Names<TAttribute>(Type type)
        where TAttribute : Attribute =>
        string.Join(", ", type.GetProperties().Where(property => property.DeclaringType!.Assembly == typeof(MesosCluster).Assembly).SelectMany(property => property.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType == typeof(TAttribute)).Select(attribute => $"`{attribute.ConstructorArguments[0].Value}`").Order(StringComparer.Ordinal));
}
