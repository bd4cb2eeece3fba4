using System.Reflection;
using MesosStack.Components;
using MesosStack.Components.Text;
using Pulumi;

namespace MesosStack.Tests;

/// <summary>The documents say what the code does.</summary>
public sealed class DocumentTests
{
    private static string Document(string name) => File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "docs", name));

    [Test]
    public void Every_component_is_documented_with_its_inputs_and_outputs()
    {
        var rows = Document("components.md").Split('\n').Where(line => line.StartsWith("| `mesos-stack:index:", StringComparison.Ordinal)).ToList();

        var expected = typeof(MesosCluster).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(ComponentResource)) && !type.IsAbstract).Select(type =>
        {
            var args = type.GetConstructors().Single().GetParameters().Single(parameter => parameter.ParameterType.IsSubclassOf(typeof(ResourceArgs))).ParameterType;
            return (type.Name, Inputs: Names<InputAttribute>(args), Outputs: Names<OutputAttribute>(type).Replace("`privateKey`", "`privateKey` (secret)", StringComparison.Ordinal).Replace("`sshPrivateKey`", "`sshPrivateKey` (secret)", StringComparison.Ordinal));
        });

        Assert.That(rows, Is.EquivalentTo(expected.Select(component => $"| `mesos-stack:index:{component.Name}` | `{component.Name}` | {component.Inputs} | {component.Outputs} |")));
    }

    [Test]
    public void Every_revision_has_its_line()
    {
        var revisions = Document("upgrading.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim()).Where(word => int.TryParse(word, out _));

        Assert.That(revisions, Is.EqualTo(Enumerable.Range(1, HostDescription.Revision).Select(number => $"{number}")));
    }

    // The official SDK keeps the names of its attributes to itself, so the constructor's argument is looked at.
    private static string Names<TAttribute>(Type type)
        where TAttribute : Attribute =>
        string.Join(", ", type.GetProperties().Where(property => property.DeclaringType!.Assembly == typeof(MesosCluster).Assembly).SelectMany(property => property.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType == typeof(TAttribute)).Select(attribute => $"`{attribute.ConstructorArguments[0].Value}`").Order(StringComparer.Ordinal));
}
