using System.Text.Json;
using Pulumi;

namespace MesosStack.Components.Settings;

/// <summary>The settings of the stack that is being deployed; the only reader of its configuration.</summary>
public static class StackSettings
{
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
        if (settings is null)
        {
            throw new RunException(SettingsFault.Describe(faults, project, stack));
        }

        foreach (var advice in SettingsAdvice.For(settings, project, stack))
        {
            Log.Warn(advice);
        }

        return settings;
    }

    /// <summary>The configured private SSH key, a secret.</summary>
    public static Output<string> SshPrivateKey() => new Config().RequireSecret(SettingTable.Key(s => s.Ssh.HasPrivateKey));

    // Config cannot list its keys, and a key that nobody reads is most often a misspelt one.
    private static Dictionary<string, string> Present(string project)
    {
        var prefix = $"{project}:";
        var all = JsonSerializer.Deserialize<Dictionary<string, string>>(Environment.GetEnvironmentVariable("PULUMI_CONFIG") ?? "{}") ?? [];
        return all.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
    }
}
