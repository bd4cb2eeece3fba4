using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using MesosStack.Components;
using MesosStack.Components.Settings;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MesosStack.Tests;

/// <summary>Which namespace of the program knows which.</summary>
[TestFixture]
public class ArrowTests
{
    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Architecture = new(() => new ArchLoader().LoadAssembly(typeof(MesosCluster).Assembly).Build());

    [Test]
    public void Namespaces_do_not_know_each_other_in_a_circle() => Holds(SliceRuleDefinition.Slices().Matching("(**)").Should().BeFreeOfCycles());

    [Test]
    public void Texts_are_made_without_Pulumi() =>
        Holds(Types().That().ResideInNamespace("MesosStack.Components.Text").Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Pulumi(\.|$)"));

    /// <summary>A setting that only the rules read does nothing.</summary>
    [Test]
    public void Every_setting_is_used()
    {
        string[] none = [typeof(ClusterSettings).FullName!, typeof(SettingsRules).FullName!];
        var unused = Architecture.Value.Classes.Single(type => type.FullName == none[0]).GetPropertyMembers()
            .Where(property => SettingTable.Keys.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
            .Where(property => property.Getter!.MemberBackwardsDependencies.All(use => none.Contains(use.Origin.FullName.Split('+', '/')[0])));

        Assert.That(unused.Select(property => property.Name), Is.Empty);
    }

    private static void Holds(ICanBeEvaluated rule) =>
        Assert.That(rule.Evaluate(Architecture.Value).Where(result => !result.Passed).Select(result => result.Description), Is.Empty);
}
