namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>What the daemons need besides the packages; the machine's own, or that of the lab's base image.</summary>
internal static class Requirements
{
    private const string Jars = "usr/share/java";
    private const string PythonPackages = "usr/lib/python3/dist-packages";

    private static readonly string[] ZooKeeperNeeds =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "snappy-java", "metrics-core", "commons-cli", "commons-io", "netty-buffer", "netty-common",
        "netty-handler", "netty-transport", "netty-all", "jackson-annotations", "jackson-core", "jackson-databind",
    ];

    /// <summary>Where kazoo is, for PYTHONPATH.</summary>
    public static string ExtraPythonPath { get; } = Path.Combine(Holder(Path.Combine(PythonPackages, "kazoo")) ?? "/", PythonPackages);

    /// <summary>Java's class path with ZooKeeper.</summary>
    public static string ClassPath { get; } = string.Join(':', ZooKeeperNeeds.Select(jar => Path.Combine(Holder(Path.Combine(Jars, "zookeeper.jar")) ?? "/", Jars, jar + ".jar")).Where(File.Exists));

    /// <summary>Why no cluster can run here, or null.</summary>
    public static string? Hindrance =>
        Installation.Hindrance
        ?? (!File.Exists("/usr/bin/java") ? "needs java (package default-jre-headless)"
        : Holder(Path.Combine(Jars, "zookeeper.jar")) is null ? "needs ZooKeeper (package libzookeeper-java), here or in the lab's base image"
        : Holder(Path.Combine(PythonPackages, "kazoo")) is null ? "needs kazoo (package python3-kazoo), here or in the lab's base image"
        : null);

    private static string? Holder(string path) => Roots().FirstOrDefault(root => Path.Exists(Path.Combine(root, path)));

    private static IEnumerable<string> Roots()
    {
        const string Cache = "/var/cache/mesos-stack";
        var images = Directory.Exists(Cache) ? Directory.EnumerateDirectories(Cache, "base-*").Select(image => Path.Combine(image, "root")) : [];
        return ["/", .. images];
    }
}
