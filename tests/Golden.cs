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

        Assert.That(text, Is.EqualTo(File.ReadAllText(path)));
    }

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
