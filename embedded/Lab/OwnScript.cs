namespace MesosStack.Embedded.Lab;

/// <summary>The shell scripts that this assembly carries.</summary>
internal static class OwnScript
{
    /// <summary>Writes a script to a file that may be run.</summary>
    public static async Task WriteAsync(string name, string path)
    {
        await File.WriteAllTextAsync(path, Text(name));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The text of a script.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(OwnScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
