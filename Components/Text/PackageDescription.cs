using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>Which packages a host shall have and where they come from, one fact a line. The head of <c>packages.sh</c> names each kind of fact.</summary>
public static class PackageDescription
{
    /// <summary>The description for the hosts of a role.</summary>
    /// <param name="settings">The repository and its key.</param>
    /// <param name="packages">The role's packages, each <c>name</c> or <c>name=version</c>.</param>
    /// <param name="role">The role.</param>
    public static string For(PackageSettings settings, IEnumerable<string> packages, HostRole role)
    {
        IEnumerable<(string Subject, string Value)> facts =
        [
            ("repository url", settings.Url),
            ("repository suite", settings.Suite),
            ("repository component", settings.Component),
            .. settings.Key.Inline.Length > 0 ? settings.Key.Inline.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => ("signing-key text", line)) : [],
            ("signing-key url", settings.Key.Url),
            ("signing-key server", settings.Key.Id.Length > 0 ? settings.Key.Server : ""),
            ("signing-key fingerprint", settings.Key.Fingerprint),
            .. packages.Select(package => ("package", package)),
            .. role.Disabled.Select(service => ("disabled", service)),
        ];

        // A line of the key itself may be empty.
        return string.Concat(facts.Where(fact => fact.Value.Length > 0 || fact.Subject == "signing-key text").Select(fact => $"{fact.Subject} {fact.Value}".TrimEnd() + "\n"));
    }
}
