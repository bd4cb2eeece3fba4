namespace MesosStack.Tests;

/// <summary>An init system that a test's host plays.</summary>
/// <param name="Command">The command that is played; <c>fixtures</c> has it.</param>
/// <param name="Variable">The variable that tells the command which host is played.</param>
/// <param name="Boot">Arguments of the command that play a boot.</param>
/// <param name="Running">The folder that has a file for each service that runs.</param>
/// <param name="RunsWhere">The folder that tells the scripts that this init system runs; null where they ask the command.</param>
/// <param name="FileOf">The file of a service.</param>
/// <param name="TextOf">The text of the file, for a program that the service executes.</param>
/// <param name="IsDisabled">Whether the host below a folder never starts a service.</param>
internal sealed record InitSystem(
    string Command, string Variable, string[] Boot, string Running, string? RunsWhere, Func<string, string> FileOf, Func<string, string> TextOf, Func<string, string, bool> IsDisabled)
{
    public const string Systemd = "systemd";
    public const string Upstart = "upstart";

    /// <summary>The init system of a name.</summary>
    public static InitSystem Named(string name) => name switch
    {
        Systemd => new(
            "systemctl",
            "SYSTEMCTL_ROOT",
            ["boot"],
            "/run/systemctl/active",
            "/run/systemd/system",
            service => $"/lib/systemd/system/{service}.service",
            program => $"[Service]\nExecStart={program}\n\n[Install]\nWantedBy=multi-user.target\n",
            (root, service) => File.ResolveLinkTarget($"{root}/etc/systemd/system/{service}.service", returnFinalTarget: false)?.FullName == "/dev/null"),
        Upstart => new(
            "initctl",
            "INITCTL_ROOT",
            ["emit", "stopped"],
            "/run/initctl",
            null,
            service => $"/etc/init/{service}.conf",
            program => $"start on stopped rc RUNLEVEL=[2345]\nexec {program}\n",
            (root, service) => File.Exists($"{root}/etc/init/{service}.override") && File.ReadAllText($"{root}/etc/init/{service}.override") == "manual\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such init system"),
    };
}
