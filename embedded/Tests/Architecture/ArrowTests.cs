using System.Reflection;
using System.Text.RegularExpressions;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MesosStack.Embedded.Tests.Architecture;

/// <summary>Which part knows which. The namespaces of the program are checked by its own tests.</summary>
[TestFixture]
internal sealed class ArrowTests
{
    private const string Protocol = "MesosStack.Embedded.Protocol";
    private const string Contract = "MesosStack.Embedded.Providers.Contract";
    private const string Providers = "MesosStack.Embedded.Providers";
    private const string Engine = "MesosStack.Embedded.Engine";
    private const string Lab = "MesosStack.Embedded.Lab";
    private const string Cli = "MesosStack.Embedded.Cli";

    // The engine knows no concrete provider. To the providers the lab is DigitalOcean at another address, and the lab knows nothing of Pulumi.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        [Protocol] = [],
        [Contract] = [Protocol],
        [Providers] = [Contract, Protocol],
        [Engine] = [Contract, Protocol],
        [Lab] = [],
        [Cli] = [Engine, Providers, Contract, Protocol, Lab],
        ["Pulumi"] = [Protocol],
        ["Pulumi.Command"] = ["Pulumi"],
        ["Pulumi.DigitalOcean"] = ["Pulumi"],
        ["Pulumi.Random"] = ["Pulumi"],
        ["MesosStack"] = ["Pulumi", "Pulumi.Command", "Pulumi.DigitalOcean", "Pulumi.Random"],
    };

    private static IEnumerable<string> Parts => Arrows.Keys;

    [TestCaseSource(nameof(Parts))]
    public void A_part_knows_only_what_its_arrows_point_to(string part)
    {
        var types = Load(part).Types.ToList();
        var known = types
            .SelectMany(type => type.Dependencies, (type, dependency) => (Type: type, dependency.Target, Part: PartOf(dependency.Target)))
            .Where(use => Arrows.ContainsKey(use.Part) && use.Part != part)
            .ToLookup(use => use.Part, use => $"{use.Type.FullName} -> {use.Target.FullName}");

        Assert.That(types, Is.Not.Empty);
        Assert.That(known.Where(uses => !Arrows[part].Contains(uses.Key)).SelectMany(uses => uses).Distinct(), Is.Empty);
    }

    // "$" also matches before a line end at the end, so that a name with one would be a name.
    [TestCaseSource(nameof(Parts))]
    public void No_pattern_ends_with_a_dollar(string part)
    {
        var patterns =
            from type in Assembly.Load(part).GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            let pattern = method.GetCustomAttribute<GeneratedRegexAttribute>()
            where pattern is not null && !pattern.Options.HasFlag(RegexOptions.Multiline)
            select pattern.Pattern;

        Assert.That(patterns.Where(pattern => pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal)), Is.Empty);
    }

    // The namespaces of the SDK are those of the official one.
    [TestCase(Protocol)]
    [TestCase(Contract)]
    [TestCase(Providers)]
    [TestCase(Engine)]
    [TestCase(Lab)]
    [TestCase(Cli)]
    public void Namespaces_of_a_part_do_not_know_each_other_in_a_circle(string part)
    {
        var circles = SliceRuleDefinition.Slices().Matching("(**)").Should().BeFreeOfCycles().Evaluate(Load(part));
        Assert.That(circles.Where(circle => !circle.Passed).Select(circle => circle.Description), Is.Empty);
    }

    [Test]
    public void Only_the_composition_of_the_command_line_knows_the_engine_and_the_providers_by_name()
    {
        var house = Load(Cli, Engine, Providers);
        var concrete = Types().That().ResideInNamespaceMatching(@"^MesosStack\.Embedded\.(Engine\.Operations|Providers\.(Command|DigitalOcean|Random))$");
        var rule = Types().That().ResideInAssembly(Assembly.Load(Cli)).And().DoNotHaveName("Composition").Should().NotDependOnAny(concrete);

        Assert.That(concrete.GetObjects(house), Is.Not.Empty);
        Assert.That(rule.Evaluate(house).Where(use => !use.Passed).Select(use => use.Description), Is.Empty);
    }

    private static ArchUnitNET.Domain.Architecture Load(params string[] parts) => new ArchLoader().LoadAssemblies([.. parts.Select(Assembly.Load)]).Build();

    // The name of its assembly, without the version; "" for a type parameter.
    private static string PartOf(ArchUnitNET.Domain.IType type) => type.Assembly?.Name.Split(',')[0] ?? "";
}
