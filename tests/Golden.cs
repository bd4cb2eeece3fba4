namespace MesosStack.Tests;

/// <summary>Texts that a person has looked at. UPDATE_GOLDEN=1 writes them anew, to be looked at again.</summary>
internal static class Golden
{
    public static void Check(string name, string text)
    {
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "golden", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Sources(), "golden", $"{name}.txt"), text);
            return;
        }

        Assert.That(text, Is.EqualTo(File.ReadAllText(path)), $"tests/golden/{name}.txt; where the change is meant: UPDATE_GOLDEN=1 dotnet test tests");
    }

    /// <summary>The name of the description of a master.</summary>
    public static string Master(string settings) => $"{settings}-master";

    /// <summary>The name of the description of an agent.</summary>
    public static string Agent(string settings) => $"{settings}-agent";

    /// <summary>Names of all texts.</summary>
    public static IEnumerable<string> Names() => Directory.GetFiles(Path.Combine(Sources(), "golden")).Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>The folder of the tests' sources.</summary>
    public static string Sources()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MesosStack.Tests.csproj")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("the tests' sources are not above their output");
    }
}
