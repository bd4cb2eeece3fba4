using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>Texts that a person has looked at. UPDATE_GOLDEN=1 writes them anew, to be looked at again.</summary>
internal static class Golden
{
    /// <summary>Compares a text with the file of that name.</summary>
    public static void Check(string name, string text)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Source(), name), text);
            return;
        }

        Assert.That(text, Is.EqualTo(File.ReadAllText(path)));
    }

    /// <summary>The documents that name command lines.</summary>
    public static IEnumerable<string> Documents =>
        [.. Directory.GetFiles(Repository, "*.md"), .. new[] { "docs", "embedded", "examples" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository, folder), "*.md"))];

    /// <summary>The folder of the project.</summary>
    public static string Repository { get; } = Above("Pulumi.yaml");

    private static string Source() => Path.Combine(Above("Cli.Tests.csproj"), "golden");

    private static string Above(string file)
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, file)))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"{file} is not above the tests' output");
    }
}
