namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>Facts that stand beside the repository, not in it, and are not on every machine.</summary>
internal static class Shared
{
    /// <summary>The path of one of them; without it the test is ignored.</summary>
    /// <param name="what">What it is, for the reason.</param>
    /// <param name="path">Where it stands below <c>../shared</c>.</param>
    public static string PathOf(string what, params string[] path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "MesosStack.csproj")))
        {
            root = root.Parent;
        }

        var file = Path.Combine([root?.Parent?.FullName ?? "/", "shared", .. path]);
        if (!File.Exists(file))
        {
            Assert.Ignore($"{what} (../shared/{string.Join('/', path)}) is not on this machine");
        }

        return file;
    }
}
