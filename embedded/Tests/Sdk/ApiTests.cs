using System.Reflection;
using System.Text.RegularExpressions;
using Pulumi;
using PublicApiGenerator;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>
/// The public API of the embedded SDK is a part of the official one. The folder <c>Official</c> has the official signatures of the members that the slice has, taken from the
/// packages whose versions <c>Directory.Packages.props</c> names. A line there changes only when a person has looked the signature up in the official package.
/// </summary>
internal sealed partial class ApiTests
{
    private static readonly Assembly[] Slice = [.. new[] { "Pulumi", "Pulumi.Command", "Pulumi.DigitalOcean", "Pulumi.Random" }.Select(Assembly.Load)];

    [TestCaseSource(nameof(Slice))]
    public void Every_signature_is_the_official_one(Assembly assembly)
    {
        var signatures = assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });

        Assert.That(signatures.TrimEnd().Split(Environment.NewLine), Is.EqualTo(ReadOfficial($"{assembly.GetName().Name}.txt")));
    }

    // The attribute often stands on a private field, which the public signatures do not show.
    [Test]
    public void Every_input_has_the_official_name()
    {
        const BindingFlags declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var inputs =
            from type in Slice.SelectMany(a => a.GetExportedTypes())
            from member in type.GetMembers(declared)
            let input = member.GetCustomAttribute<InputAttribute>()
            where input is not null
            select $"{type.FullName}: {input.Name}{(input.IsRequired ? ", required" : "")}";

        Assert.That(inputs.Order(StringComparer.Ordinal), Is.EqualTo(ReadOfficial("inputs.txt")));
    }

    [Test]
    public void The_readme_tells_what_is_here_and_what_is_left_out() => Assert.Multiple(() =>
    {
        var rows = ReadRows().ToArray();
        Assert.That(rows, Is.Not.Empty);
        foreach (var (here, leftOut) in rows)
        {
            Assert.That(Names(here).Where(n => !IsPublic(n)), Is.Empty, "said to be here");
            Assert.That(Names(leftOut).Where(IsPublic), Is.Empty, "said to be left out");
        }
    });

    private static string[] ReadOfficial(string file) => File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Official", file));

    private static IEnumerable<(string Here, string LeftOut)> ReadRows() =>
        from line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "README.md")).SkipWhile(l => !l.Contains("| here |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))
        let cells = line.Split('|')
        select (cells[2], cells[3]);

    private static IEnumerable<string> Names(string cell) => Code().Matches(cell).Select(m => m.Groups["name"].Value);

    // "Type" or "Type.Member".
    private static bool IsPublic(string name)
    {
        var parts = name.Split('.');
        var types = Slice.SelectMany(a => a.GetExportedTypes()).Where(t => t.Name.Split('`')[0] == parts[0]).ToArray();
        return parts.Length == 1 ? types.Length > 0 : types.Any(t => t.GetMember(parts[1]).Length > 0);
    }

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
