using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.Secrets;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Random stack files, most of them nearly YAML: each one is read or refused with a reason, whatever stands in it.</summary>
[SuppressMessage("Security", "CA5394", Justification = "The documents are to be the same in each run.")]
internal sealed class SettingsDocumentTests
{
    private const string Planted = "hunter2-is-planted";

    private static readonly string[] Pieces =
    [
        "a", "try:name", "apps", "config", "secure", "encryptionsalt", "<<", "~", "null", "true", "0x1F", "1e999", "-.inf", "3", "3.0", "''", "\"\"", "\"\\0\"", "\"\\ud800\"", "'", "\"", "|", ">", "|+2",
        "&x", "*x", "&x [*x]", "!!str", "!!binary", "!x", "!", "? ", ": ", ":", "- ", ", ", "[", "]", "{", "}", "#", "%YAML 1.1", "---", "...", "\n", "\n  ", "\n    ", "\t", "\r\n", "\0", "\u0085", "\u2028",
        "\ufeff", "é", "\U0001F600", "@", "`", "v1:AAAA:AAAA", "{secure: v1:AAAA:AAAA}", "{secure: [" + Planted + "]}", "[[[[[[[[", "]]]]]]]]", "{a: {a: {a: ", "}}}", new string('x', 3000),
    ];

    [TestCase(1, 3000)]
    [TestCase(2, 20_000, Category = "Slow")]
    public void A_stack_file_is_read_or_refused_with_a_reason(int seed, int documents)
    {
        var random = new Random(seed);
        var project = Project.Parse("/", "name: try\nruntime: dotnet\nconfig:\n  name: {type: string}\n  apps: {type: array, items: {type: object}}\n");
        var (read, refused) = (0, 0);
        for (var n = 0; n < documents; n++)
        {
            var text = Document(random);
            try
            {
                var loaded = StackConfiguration.Load(project, StackFile.Parse("Pulumi.lab.yaml", text), _ => throw new MalformedSecretException("a sealed value is malformed"));
                Assert.That(Encoding.UTF8.GetByteCount(StackConfiguration.Variable(loaded.Values)), Is.LessThanOrEqualTo(131_000));
                read++;
            }
            catch (ConfigurationException e)
            {
                refused++;
                Assert.That(e.Message, Does.StartWith("Pulumi.lab.yaml").And.Not.Contain(Planted), text);
                Assert.That(e.Message, Has.Length.LessThan(64_000));
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"document {n.ToString(CultureInfo.InvariantCulture)}: {e}\n{text}");
            }
        }

        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        Assert.That(read, Is.GreaterThan(documents / 20));
        Assert.That(refused, Is.GreaterThan(documents / 20));
    }

    private static string Document(Random random)
    {
        var text = new StringBuilder(random.Next(10) == 0 ? "" : "config:\n");
        for (var line = random.Next(1, 6); line > 0; line--)
        {
            text.Append(random.Next(4) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  a:k{line}: "));
            for (var count = random.Next(1, random.Next(2, 8)); count > 0; count--)
            {
                text.Append(Pieces[random.Next(Pieces.Length)]).Append(random.Next(3) == 0 ? " " : "");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
