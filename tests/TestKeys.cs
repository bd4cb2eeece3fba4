namespace MesosStack.Tests;

/// <summary>Key pairs of every form, made by ssh-keygen and openssl for these tests.</summary>
internal static class TestKeys
{
    private static readonly string Folder = System.IO.Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "keys");

    public static string Text(string name) => File.ReadAllText(Path(name));

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static string Line(string name) => Text($"{name}.pub").TrimEnd('\n');
}
