using Pulumi;

namespace MesosStack.Components;

/// <summary>
/// The scripts that run on the hosts. They lie beside the assembly in the folder <c>scripts</c>, with a list of their checksums, and are copied to each host once.
/// </summary>
internal static class HostScripts
{
    /// <summary>The scripts' folder on a host.</summary>
    public const string RemoteFolder = "/usr/local/lib/mesos-stack";

    /// <summary>
    /// The folder as an archive. Its path is relative, so that a preview shows the same on every machine; the slash at its end makes the copy put the files into
    /// <see cref="RemoteFolder"/> itself.
    /// </summary>
    public static Archive Archive() =>
        new FileArchive(Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(AppContext.BaseDirectory, "scripts")) + "/");

    /// <summary>The command of one line that runs a script, once it has checked that all scripts are whole. A copy that was interrupted leaves half a file.</summary>
    /// <param name="script">The script, without <c>.sh</c>.</param>
    /// <param name="arguments">Its arguments, each <c>NAME=VALUE</c>.</param>
    public static string Run(string script, string arguments = "") =>
        $"cd {RemoteFolder} && sha256sum --quiet --strict --check SHA256SUMS && bash {script}.sh {arguments}".TrimEnd();
}
