using System.Reflection;
using System.Text.RegularExpressions;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>
/// Each public type and member of the embedded SDK is one of the official SDK, with the same signature. The list of
/// the official ones stands beside the repository, not in it, and is not everywhere.
/// </summary>
internal sealed partial class ApiTests
{
    [TestCase("Pulumi")]
    [TestCase("Pulumi.Command")]
    [TestCase("Pulumi.Random")]
    [TestCase("Pulumi.DigitalOcean")]
    public void Every_member_is_the_official_ones(string assembly)
    {
        var official = ReadOfficial(assembly);

        var foreign = Assembly.Load(assembly).GetExportedTypes().SelectMany(ApiText.Of).Where(line => !official.Contains(line)).ToArray();

        Assert.That(foreign, Is.Empty);
    }

    private static HashSet<string> ReadOfficial(string assembly)
    {
        var file = Shared.PathOf("the list of the official API", "pulumi-api", $"{assembly}.txt");
        return [.. File.ReadLines(file).Where(l => !l.StartsWith('#')).SelectMany(Normalize)];
    }

    // Keeps what callers and the wire can tell: no setters that they cannot call, no internal interfaces, of the attributes only those that say how values travel.
    private static IEnumerable<string> Normalize(string line)
    {
        var parts = line.Split('\t');
        var (signature, attributes) = parts[2].IndexOf(" [", StringComparison.Ordinal) is var at and > 0 ? (parts[2][..at], parts[2][at..]) : (parts[2], "");
        signature = HiddenSetter().Replace(signature, "");
        if (parts[0] == "TYPE" && signature.Split(" : ") is [var head, var bases])
        {
            signature = head;
            foreach (var seen in SplitBases(bases))
            {
                yield return $"BASE\t{parts[1]}\t{seen}";
            }
        }

        if (parts[0] == "WIRE")
        {
            // Whether a private field may be null is its own affair.
            signature = signature.Replace("? _", " _", StringComparison.Ordinal);
        }

        yield return $"{parts[0]}\t{parts[1]}\t{signature}{string.Concat(WireAttribute().Matches(attributes).Select(m => $" {m.Value}"))}";
    }

    private static IEnumerable<string> SplitBases(string bases)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < bases.Length; i++)
        {
            depth += bases[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (bases[i] == ',' && depth == 0)
            {
                yield return bases[start..i].Trim();
                start = i + 1;
            }
        }

        yield return bases[start..].Trim();
    }

    [GeneratedRegex(@"(?<= )(internal|private protected|private|protected internal) set; ")]
    private static partial Regex HiddenSetter();

    [GeneratedRegex(@"\[(Input|Output|EnumType)(\([^)]*\))?\]")]
    private static partial Regex WireAttribute();
}
