namespace MesosStack.Components.Settings;

/// <summary>The file of a private SSH key.</summary>
public static class PrivateKeyFile
{
    /// <summary>Its text, at most a little more than a key may have; null where there is no such file, or where it cannot be read.</summary>
    /// <param name="path">The path; a leading <c>~/</c> stands for the home directory of who runs the program.</param>
    public static string? Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var reader = new StreamReader(HomePath.Expand(path));
            var text = new char[SshPrivateKey.Most + 1];
            return new string(text, 0, reader.ReadBlock(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
