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

    private static string Source()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Cli.Tests.csproj")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? throw new InvalidOperationException("the tests' sources are not above their output"), "golden");
    }
}
