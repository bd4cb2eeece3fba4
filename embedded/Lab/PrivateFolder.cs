namespace MesosStack.Embedded.Lab;

/// <summary>Folders that nobody but their owner enters: below them are droplets' disks with setuid programs that nobody keeps up to date.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, or closes one that an earlier version left open.</summary>
    public static string Make(string path)
    {
        Directory.CreateDirectory(path, Mode);
        File.SetUnixFileMode(path, Mode);
        return path;
    }
}
