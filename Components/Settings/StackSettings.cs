using System.Text.Json;
using Pulumi;

namespace MesosStack.Components.Settings;

/// <summary>The settings of the stack that is being deployed; the only reader of its configuration.</summary>
public static class StackSettings
{
    private static readonly string Apps = SettingTable.Key(s => s.Apps);

    /// <summary>Reads and checks the configuration, and warns of what is known not to work today.</summary>
    /// <exception cref="RunException">Something is wrong; the message lists every fault.</exception>
    public static ClusterSettings Load()
    {
        var (project, stack) = (Deployment.Instance.ProjectName, Deployment.Instance.StackName);
        var config = new Config();
        var present = Present(project);

        // A secret is looked at only for whether it is there.
        var (settings, faults) = SettingsReader.Read(
            key => SettingTable.IsSecret(key) ? present.GetValueOrDefault(key) : config.Get(key), present.Keys, File.Exists);
        var secrets = SecretKeys(project);
        faults = [.. faults.Select(fault => secrets.Any(key => IsOf(key, fault)) ? fault with { Value = null } : fault), .. secrets.Where(key => !MayBeSecret(key)).Select(Open)];
        if (settings is null || faults.Count > 0)
        {
            throw new RunException(SettingsFault.Describe(faults, project, stack));
        }

        foreach (var advice in SettingsAdvice.For(settings, project, stack))
        {
            Log.Warn(advice);
        }

        return secrets.Contains(Apps) ? settings with { Apps = [.. settings.Apps.Select(app => app with { HoldsSecrets = true })] } : settings;
    }

    /// <summary>The configured private SSH key, a secret.</summary>
    public static Output<string> SshPrivateKey() => new Config().RequireSecret(SettingTable.Key(s => s.Ssh.HasPrivateKey));

    private static bool IsOf(string key, SettingsFault fault) => fault.Key == key || fault.Key.StartsWith($"{key}[", StringComparison.Ordinal);

    private static bool MayBeSecret(string key) => key == Apps || SettingTable.IsSecret(key) || !SettingTable.Keys.Contains(key);

    // Most settings end in a name, a firewall or a host's description, where everybody who sees the preview or the state reads them.
    private static SettingsFault Open(string key) =>
        new(key, null, $"is set as a secret, and the program cannot keep it one: it would stand in clear in the state and in previews; set it without --secret. Secrets may be in {string.Join(" and ", SettingTable.Keys.Where(SettingTable.IsSecret).Append(Apps))}");

    // Config does not tell which keys are secret. Pulumi names a key if the value is a secret or if there is one in it.
    private static HashSet<string> SecretKeys(string project)
    {
        var all = JsonSerializer.Deserialize<List<string>>(Environment.GetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS") ?? "[]") ?? [];
        return [.. all.Where(key => key.StartsWith($"{project}:", StringComparison.Ordinal)).Select(key => key[(project.Length + 1)..])];
    }

    // Config cannot list its keys, and a key that nobody reads is most often a misspelt one.
    private static Dictionary<string, string> Present(string project)
    {
        var prefix = $"{project}:";
        var all = JsonSerializer.Deserialize<Dictionary<string, string>>(Environment.GetEnvironmentVariable("PULUMI_CONFIG") ?? "{}") ?? [];
        return all.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
    }
}
