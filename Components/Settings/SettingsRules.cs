using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Reflection;

namespace MesosStack.Components.Settings;

/// <summary>Checks settings: each by the rules beside its declaration, then those that depend on each other.</summary>
public static class SettingsRules
{
    /// <summary>Applies the rules.</summary>
    /// <param name="settings">The settings as they were read.</param>
    /// <param name="fileExists">Whether a file is there; asked for the private key's path.</param>
    /// <returns>Every fault.</returns>
    public static IReadOnlyList<SettingsFault> Check(ClusterSettings settings, Func<string, bool> fileExists)
    {
        var faults = new List<SettingsFault>();
        foreach (var (property, setting, value) in SettingTable.Values<SettingAttribute>(settings))
        {
            faults.AddRange(property.GetCustomAttributes<ValidationAttribute>().SelectMany(rule => Check(setting.Key, value, rule)));
        }

        CheckSigningKey(settings.Packages.Key, Fault);
        CheckSsh(settings.Ssh, fileExists, Fault);
        AppRules.Check(settings.Apps, settings.Agents, (key, value, allowed) => faults.Add(new SettingsFault(key, value, allowed)));
        return faults;

        void Fault(Expression<Func<ClusterSettings, object>> setting, string? value, string allowed) => faults.Add(new SettingsFault(SettingTable.Key(setting), value, allowed));
    }

    // A rule of a list is applied to each item, except the rule of its length.
    private static IEnumerable<SettingsFault> Check(string key, object? value, ValidationAttribute rule) =>
        value is ImmutableArray<string> texts && rule is not MinLengthAttribute
            ? texts.Where(text => !rule.IsValid(text)).Select(text => new SettingsFault(key, text, rule.ErrorMessage!))
            : rule.IsValid(value) ? [] : [new SettingsFault(key, SettingTable.Text(value), rule.ErrorMessage!)];

    private static void CheckSigningKey(SigningKey key, Action<Expression<Func<ClusterSettings, object>>, string?, string> fault)
    {
        var (inline, url, id) = (SettingTable.Key(s => s.Packages.Key.Inline), SettingTable.Key(s => s.Packages.Key.Url), SettingTable.Key(s => s.Packages.Key.Id));
        if (new[] { key.Inline, key.Url, key.Id }.Count(source => source.Length > 0) != 1)
        {
            fault(s => s.Packages.Key.Inline, null, $"exactly one of {inline} (the key itself), {url} and {id} must be set");
        }

        if (key.Id.Length > 0 && (key.Fingerprint.Length == 0 || !key.Fingerprint.EndsWith(key.Id, StringComparison.OrdinalIgnoreCase)))
        {
            fault(s => s.Packages.Key.Fingerprint, key.Fingerprint, $"must be set with {id} and end in {key.Id}: short ids can be forged");
        }
    }

    private static void CheckSsh(SshSettings ssh, Func<string, bool> fileExists, Action<Expression<Func<ClusterSettings, object>>, string?, string> fault)
    {
        var (publicKey, path, privateKey) = (SettingTable.Key(s => s.Ssh.PublicKey), SettingTable.Key(s => s.Ssh.PrivateKeyPath), SettingTable.Key(s => s.Ssh.HasPrivateKey));
        if (ssh.IsGenerated && (ssh.PrivateKeyPath.Length > 0 || ssh.HasPrivateKey))
        {
            fault(s => s.Ssh.PublicKey, null, $"must be set along with {path} or {privateKey}; leave all three empty to have a key pair made");
        }

        if (!ssh.IsGenerated && (ssh.PrivateKeyPath.Length > 0) == ssh.HasPrivateKey)
        {
            fault(s => s.Ssh.PrivateKeyPath, null, $"exactly one of {path} and {privateKey} must be set along with {publicKey}");
        }

        if (ssh.PrivateKeyPath.Length > 0 && !fileExists(HomePath.Expand(ssh.PrivateKeyPath)))
        {
            fault(s => s.Ssh.PrivateKeyPath, ssh.PrivateKeyPath, "no such file; give the path of a private key on the machine that runs Pulumi");
        }
    }
}
