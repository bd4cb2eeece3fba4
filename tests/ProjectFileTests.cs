using System.Text.Json;
using MesosStack.Components.Settings;
using YamlDotNet.RepresentationModel;

namespace MesosStack.Tests;

public sealed class ProjectFileTests
{
    private static readonly string Here = Path.Combine(TestContext.CurrentContext.TestDirectory, "project");

    [Test]
    public void The_project_file_describes_the_settings_as_they_are_declared()
    {
        var text = File.ReadAllText(Path.Combine(Here, "Pulumi.yaml"));
        Document.Check("Pulumi.yaml", text, text[..text.IndexOf("config:\n", StringComparison.Ordinal)] + SettingsReference.Schema());
    }

    [Test]
    public void The_project_files_defaults_are_the_programs()
    {
        var defaults = Schema().Where(pair => pair.Value.Children.ContainsKey("default"))
            .ToDictionary(pair => pair.Key, pair => Text(pair.Value.Children["default"]));

        var without = TestConfiguration.Settings();
        var with = TestConfiguration.Read(TestConfiguration.Configuration([.. defaults.Where(pair => pair.Key != "signingKeyUrl").Select(pair => (pair.Key, pair.Value))]));

        Assert.That(with.Faults, Is.Empty);
        Assert.That(JsonSerializer.Serialize(with.Settings), Is.EqualTo(JsonSerializer.Serialize(without)));
    }

    [TestCase("dev")]
    [TestCase("lab")]
    public void The_settings_of_each_stack_are_valid(string stack)
    {
        var settings = Stack(stack);

        Assert.Multiple(() =>
        {
            Assert.That(settings.Masters, Is.EqualTo(3));
            Assert.That(settings.Agents, Is.EqualTo(3));
            Assert.That(settings.Addressing, Is.EqualTo(Addressing.Public));
            Assert.That(settings.Apps.Select(app => app.Id), Is.EqualTo(new[] { "hello", "hello2" }));
        });
    }

    [Test]
    public void The_tutorials_stack_warns_of_its_image_and_its_repository() =>
        Assert.That(SettingsAdvice.For(Stack("dev"), "mesos-stack", "dev").Count(), Is.EqualTo(2));

    [Test]
    public void The_labs_stack_warns_of_nothing() =>
        Assert.That(SettingsAdvice.For(Stack("lab"), "mesos-stack", "lab"), Is.Empty);

    private static ClusterSettings Stack(string stack)
    {
        var config = (YamlMappingNode)Load($"Pulumi.{stack}.yaml").Children["config"];
        var values = config.Children.Where(pair => pair.Key.ToString().StartsWith("mesos-stack:", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key.ToString()["mesos-stack:".Length..], pair => Text(pair.Value));
        var (settings, faults) = TestConfiguration.Read(values);
        Assert.That(faults, Is.Empty);
        return settings!;
    }

    private static Dictionary<string, YamlMappingNode> Schema() =>
        ((YamlMappingNode)Load("Pulumi.yaml").Children["config"]).Children.ToDictionary(pair => pair.Key.ToString(), pair => (YamlMappingNode)pair.Value);

    private static YamlMappingNode Load(string name)
    {
        using var reader = new StreamReader(Path.Combine(Here, name));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    // As PULUMI_CONFIG has it: texts as they are, lists as JSON.
    private static string Text(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : Json(node);

    private static string Json(YamlNode node) => node switch
    {
        YamlSequenceNode list => $"[{string.Join(',', list.Children.Select(Json))}]",
        YamlMappingNode map => $"{{{string.Join(',', map.Children.Select(pair => $"{JsonSerializer.Serialize(pair.Key.ToString())}:{Json(pair.Value)}"))}}}",
        YamlScalarNode scalar when double.TryParse(scalar.Value, System.Globalization.CultureInfo.InvariantCulture, out _) => scalar.Value!,
        _ => JsonSerializer.Serialize(node.ToString()),
    };
}
