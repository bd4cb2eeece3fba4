using MesosStack.Components.Text;

namespace MesosStack.Components;

/// <summary>The scripts that run on the hosts; they are embedded in the assembly and begin with what all of them share.</summary>
public static class RemoteScript
{
    private static readonly string Common = Load("common");
    private static readonly string Cluster = Load("cluster");

    /// <summary>Waits until the host's first boot is through.</summary>
    public static string Wait() => Compose("wait");

    /// <summary>Adds the repository and installs packages. Values: see the script's head.</summary>
    public static string Packages(IEnumerable<KeyValuePair<string, string>> values) => Compose("packages", values);

    /// <summary>Writes what a host shall be to a file.</summary>
    public static string Stage(string wanted) => Compose("stage", [KeyValuePair.Create("WANTED", wanted)]);

    /// <summary>Installs what is staged and restarts what it touches. Values: see the script's head.</summary>
    public static string Apply(IEnumerable<KeyValuePair<string, string>> values) => Compose("apply", values, looksAtCluster: true);

    /// <summary>Notes on a master that its cluster was whole once.</summary>
    public static string Formed() => Compose("formed");

    /// <summary>Ends once the cluster is whole. Values: see the script's head.</summary>
    public static string Readiness(IEnumerable<KeyValuePair<string, string>> values) => Compose("readiness", values, looksAtCluster: true);

    /// <summary>Moves tasks off an agent. Values: see the script's head.</summary>
    public static string Drain(IEnumerable<KeyValuePair<string, string>> values) => Compose("drain", values, looksAtCluster: true);

    /// <summary>Creates or updates an app; its JSON comes on stdin. Values: see the script's head.</summary>
    public static string App(IEnumerable<KeyValuePair<string, string>> values) => Compose("app", values, looksAtCluster: true);

    /// <summary>Removes an app. Values: see the script's head.</summary>
    public static string AppDelete(IEnumerable<KeyValuePair<string, string>> values) => Compose("app-delete", values);

    private static string Compose(string name, IEnumerable<KeyValuePair<string, string>>? values = null, bool looksAtCluster = false) =>
        Shell.WithValues(values ?? [], $"{Common}{(looksAtCluster ? Cluster : "")}{Load(name)}");

    // Comments are for who reads the repository, not for the wire.
    private static string Load(string name)
    {
        var resource = $"MesosStack.Components.Scripts.{name}.sh";
        using var stream = typeof(RemoteScript).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the assembly lacks the script {resource}");
        using var reader = new StreamReader(stream);
        return string.Concat(reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')).Select(line => line + "\n"));
    }
}
