using Pulumi;
using Pulumi.Command.Remote;

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

    /// <summary>
    /// What a command prints last. Nothing else proves that its script ran: a host whose sshd answers in the place of root's shell ("Please login as the user …")
    /// ends every command well.
    /// </summary>
    public const string LastWord = "mesos-stack:done";

    private const string SayLastWord = $" && echo {LastWord}";

    /// <summary>The command of one line that runs a script, once it has checked that all scripts are whole. A copy that was interrupted leaves half a file.</summary>
    /// <param name="script">The script, without <c>.sh</c>.</param>
    /// <param name="arguments">Its arguments, each <c>NAME=VALUE</c>.</param>
    public static string Run(string script, string arguments = "") =>
        $"cd {RemoteFolder} && sha256sum --quiet --strict --check SHA256SUMS && bash {script}.sh {arguments}".TrimEnd() + SayLastWord;

    /// <summary>
    /// Fails the program where a step counts as done although its last word is missing. The embedded provider refuses such a step before it counts; the official one
    /// does not.
    /// </summary>
    /// <param name="name">The step's name.</param>
    /// <param name="step">The step.</param>
    /// <param name="host">Address of the host that it runs on.</param>
    public static void RequireLastWord(string name, Command step, Output<string> host)
    {
        // In a preview the official provider gives a changed command the output of its last run.
        if (Deployment.Instance.IsDryRun)
        {
            return;
        }

        _ = Output.Tuple(Output.Tuple(step.Create, step.Stdout), Output.Tuple(step.Urn, host)).Apply(given =>
        {
            var ((command, output), (urn, address)) = given;
            return IsLastWordMissing(command, output) ? throw new RunException(Missing(name, urn, address)) : true;
        });
    }

    // A command of an earlier version, which `--target` left as it was, has no last word. Lines that follow the first one are remarks.
    private static bool IsLastWordMissing(string? command, string? output) =>
        command?.Split('\n')[0].EndsWith(SayLastWord, StringComparison.Ordinal) == true && output?.Split('\n')[^1] != LastWord;

    private static string Missing(string name, string urn, string host) =>
        $"{name}: {host} ended the step well, but the script's last word is missing, so the script did not run to its end. Most often something answers in the place of root's shell, such as \"Please login as the user …\": "
        + $"look at ForceCommand in /etc/ssh/sshd_config and at command= in /root/.ssh/authorized_keys there. Mend that, then run the update with --replace '{urn}', because the step counts as done.";
}
