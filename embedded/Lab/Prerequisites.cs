namespace MesosStack.Embedded.Lab;

/// <summary>What the lab calls on this machine, and the Debian packages that have it.</summary>
internal static class Prerequisites
{
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static readonly TimeSpan AptPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AptLimit = TimeSpan.FromMinutes(5);

    private static readonly (string Program, string Package)[] Needs =
    [
        ("mmdebstrap", "mmdebstrap"), ("systemd-nspawn", "systemd-container"), ("nft", "nftables"), ("ip", "iproute2"),
        ("gpg", "gpg"), ("gpg-agent", "gpg-agent"), ("gpgconf", "gpgconf"),
        ("ssh-keygen", "openssh-client"), ("setsid", "util-linux"), ("nsenter", "util-linux"), ("mount", "mount"),
    ];

    /// <summary>The packages that are missing here.</summary>
    public static IReadOnlyList<string> Missing() => Missing(program => Shell.Find(program) is not null, File.Exists);

    /// <summary>The packages that are missing on a machine that has these programs and files.</summary>
    public static IReadOnlyList<string> Missing(Func<string, bool> hasProgram, Func<string, bool> hasFile) =>
    [
        .. Needs.Where(n => !hasProgram(n.Program)).Select(n => n.Package).Distinct(),
        .. hasFile(Keyring) ? Array.Empty<string>() : ["debian-archive-keyring"],
    ];

    /// <summary>Installs what is missing, waiting for whoever holds apt's locks.</summary>
    /// <exception cref="LabException">apt-get fails.</exception>
    public static async Task InstallAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var missing = Missing();
        if (missing.Count == 0)
        {
            return;
        }

        progress($"installing {string.Join(", ", missing)} on this machine");
        await UpdateAsync(progress, cancellationToken);
        await Shell.RunAsync("apt-get",
            ["install", "-q", "-y", "--no-install-recommends", "-o", $"DPkg::Lock::Timeout={AptLimit.TotalSeconds:0}", .. missing],
            cancellationToken: cancellationToken);
    }

    /// <summary>The lock of the lists is one that apt-get itself does not wait for.</summary>
    private static async Task UpdateAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        for (var end = DateTime.UtcNow + AptLimit; ;)
        {
            var result = await Shell.TryAsync("apt-get", ["update", "-q"], cancellationToken: cancellationToken);
            if (result.IsSuccess)
            {
                return;
            }

            if (!result.StandardError.Contains("/var/lib/apt/lists/lock", StringComparison.Ordinal) || DateTime.UtcNow > end)
            {
                throw new LabException($"apt-get update ended with code {result.ExitCode}: {result.StandardError.Trim()}");
            }

            progress("waiting for another apt on this machine");
            await Task.Delay(AptPause, cancellationToken);
        }
    }
}
