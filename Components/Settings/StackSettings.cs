using System.Text.Json;
using Pulumi;

namespace MesosStack.Components.Settings;

/// <summary>The settings of the stack that is being deployed; the only reader of its configuration.</summary>
public static class StackSettings
{
    private static readonly string Apps = SettingTable.Key(s => s.Apps);

    /// <summary>Reads and checks the configuration, and warns of what is known not to work today.</summary>
    /// <param name="otherNamespaces">The namespaces whose settings the program reads besides, such as those of other providers. A key of any other one is a fault.</param>
    /// <exception cref="RunException">Something is wrong; the message lists every fault.</exception>
    public static ClusterSettings Load(params string[] otherNamespaces)
    {
        var (project, stack) = (Deployment.Instance.ProjectName, Deployment.Instance.StackName);
        var config = new Config();
        var all = Variable<Dictionary<string, string>>("PULUMI_CONFIG") ?? [];
        var prefix = $"{project}:";
        var present = Own(all.Keys);
        var secrets = Own(Variable<string[]>("PULUMI_CONFIG_SECRET_KEYS") ?? []).ToHashSet(StringComparer.Ordinal);

        // Secrets are looked at as well: what is wrong with them is found before anything is made.
        var (settings, faults) = SettingsReader.Read(key => SettingTable.IsSecret(key) ? all.GetValueOrDefault(prefix + key) : config.Get(key), present, PrivateKeyFile.Read);
        faults =
        [
            .. Namespaces.Unknown(all.Keys, project, otherNamespaces),
            .. faults.Select(fault => secrets.Any(key => IsOf(key, fault)) ? fault with { Value = null } : fault),
            .. secrets.Where(key => !MayBeSecret(key)).Select(Open),
        ];
        if (settings is null || faults.Count > 0)
        {
            throw new RunException(SettingsFault.Describe(faults, project, stack));
        }

        foreach (var advice in SettingsAdvice.For(settings, project, stack))
        {
            Log.Warn(advice);
        }

        return secrets.Contains(Apps) ? settings with { Apps = [.. settings.Apps.Select(app => app with { HoldsSecrets = true })] } : settings;

        IEnumerable<string> Own(IEnumerable<string> keys) => keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);
    }

    /// <summary>The configured private SSH key, a secret.</summary>
    public static Output<string> SshPrivateKey() => new Config().RequireSecret(SettingTable.Key(s => s.Ssh.HasPrivateKey));

    private static bool IsOf(string key, SettingsFault fault) => fault.Key == key || fault.Key.StartsWith($"{key}[", StringComparison.Ordinal);

    private static bool MayBeSecret(string key) => key == Apps || SettingTable.IsSecret(key) || !SettingTable.Keys.Contains(key);

    // Most settings end in a name, a firewall or a host's description, where everybody who sees the preview or the state reads them.
    private static SettingsFault Open(string key) =>
        new(key, null, $"is set as a secret, and the program cannot keep it one: it would stand in clear in the state and in previews; set it without --secret. Secrets may be in {string.Join(" and ", SettingTable.Keys.Where(SettingTable.IsSecret).Append(Apps))}");

    // Config lists neither its keys nor which of them are secret. Pulumi names a key as secret if the value is one or if there is one in it.
    private static T? Variable<T>(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? JsonSerializer.Deserialize<T>(text) : default;
}
