using System.Runtime.CompilerServices;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>The packages, built once and unpacked beside each other; STANDIN_ROOT makes the programs look there.</summary>
[SetUpFixture]
internal sealed class Installation
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("mesos-stack-standins-").FullName;

    /// <summary>The built packages.</summary>
    public static string Debs => Path.Combine(Folder, "debs");

    /// <summary>A host with all packages in their newest version.</summary>
    public static string Root => Path.Combine(Folder, "root");

    /// <summary>A host with mesos 0.28.2.</summary>
    public static string OldRoot => Path.Combine(Folder, "old");

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Why nothing can be built here, or null.</summary>
    public static string? Hindrance =>
        File.Exists("/usr/bin/dpkg-deb") && File.Exists("/usr/bin/python3") ? null : "needs dpkg-deb and python3";

    /// <summary>Variables that a program needs to run from an unpacked tree.</summary>
    public static Dictionary<string, string?> Environment(string root) => new()
    {
        ["STANDIN_ROOT"] = root,
        ["PYTHONPATH"] = $"{root}/usr/lib/python3/dist-packages:{Requirements.ExtraPythonPath}",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>A new folder, gone with all others in the end.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;

    [OneTimeSetUp]
    public static async Task BuildAsync()
    {
        if (Hindrance is not null)
        {
            return;
        }

        await Command.CheckedAsync("sh", [Path.Combine(Repository, "embedded/Lab/Packages/build.sh"), Debs]);
        foreach (var deb in Directory.GetFiles(Debs, "*.deb"))
        {
            var name = Path.GetFileName(deb);
            foreach (var root in new[] { Root, OldRoot })
            {
                if (name.StartsWith("mesos_", StringComparison.Ordinal) && name.Contains("_0.28", StringComparison.Ordinal) != (root == OldRoot))
                {
                    continue;
                }

                await Command.CheckedAsync("dpkg-deb", ["-x", deb, root]);
            }
        }
    }

    [OneTimeTearDown]
    public static void Remove() => Directory.Delete(Folder, recursive: true);

    private static string FindRepository([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{here} is in no checkout of the repository");
        }

        return folder;
    }
}
