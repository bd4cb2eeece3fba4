namespace MesosStack.Tests;

/// <summary>A file of the repository that is written from the code. UPDATE_GOLDEN=1 writes it anew.</summary>
internal static class Document
{
    /// <param name="path">Path below the repository's folder.</param>
    /// <param name="text">What the file holds.</param>
    /// <param name="expected">What it has to hold.</param>
    public static void Check(string path, string text, string expected)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Golden.Sources(), "..", path), expected);
            return;
        }

        Assert.That(text, Is.EqualTo(expected), $"{path} is written from the code: UPDATE_GOLDEN=1 dotnet test tests");
    }
}
