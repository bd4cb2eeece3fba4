namespace MesosStack.Components.Settings;

/// <summary>Paths as people write them.</summary>
public static class HomePath
{
    /// <summary>Replaces a leading <c>~/</c> by the home directory of who runs the program.</summary>
    public static string Expand(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}
