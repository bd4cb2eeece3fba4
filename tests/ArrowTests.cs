using ArchUnitNET.Fluent;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using MesosStack.Components;
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

    private static void Holds(ICanBeEvaluated rule) =>
        Assert.That(rule.Evaluate(Architecture.Value).Where(result => !result.Passed).Select(result => result.Description), Is.Empty);
}
