using System.Collections;

namespace MesosStack.Embedded.Lab;

/// <summary>
/// What processes of the lab get of the environment of who starts it: what says how this machine is used, and nothing else. There may be passwords in the rest, and the
/// lab's daemon, its hosts and all that runs in them live on after the command that started them.
/// </summary>
internal static class HostEnvironment
{
    private static readonly HashSet<string> Kept = new(
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "APT_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a variable is handed on.</summary>
    public static bool Keeps(string name) => Kept.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal) || name.StartsWith("DOTNET_", StringComparison.Ordinal);

    /// <summary>Names of the variables of this process that are not handed on.</summary>
    public static IEnumerable<string> Dropped() => Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => !Keeps(name));
}
