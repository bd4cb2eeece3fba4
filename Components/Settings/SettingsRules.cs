using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Net;
using System.Reflection;

namespace MesosStack.Components.Settings;

/// <summary>Checks settings: each by the rules beside its declaration, then those that depend on each other.</summary>
public static class SettingsRules
{
    /// <summary>Applies the rules.</summary>
    /// <param name="settings">The settings as they were read.</param>
    /// <param name="privateKey">The private SSH key as it is configured; null where there is none.</param>
    /// <param name="read">Gives a file's text, or null where there is none; asked for the private key's path.</param>
    /// <returns>Every fault.</returns>
    public static IReadOnlyList<SettingsFault> Check(ClusterSettings settings, string? privateKey, Func<string, string?> read)
    {
        var faults = new List<SettingsFault>();
        foreach (var (property, setting, value) in SettingTable.Values<SettingAttribute>(settings))
        {
            faults.AddRange(Check(setting.Key, value, SettingTable.Rules(property)));
        }

        CheckSigningKey(settings.Packages.Key, Fault);
        CheckVpc(settings, Fault);
        SshRules.Check(settings.Ssh, privateKey, read, Fault);
        AppRules.Check(settings.Apps, settings.Agents, (key, value, allowed) => faults.Add(new SettingsFault(key, value, allowed)));
        return faults;

        void Fault(Expression<Func<ClusterSettings, object>> setting, string? value, string allowed) => faults.Add(new SettingsFault(SettingTable.Key(setting), value, allowed));
    }

    // A rule of a list is applied to each item, except those of its length and of the whole. Of one value the first fault is told: the others mostly follow from it.
    private static IEnumerable<SettingsFault> Check(string key, object? value, IReadOnlyList<ValidationAttribute> rules) =>
        value is ImmutableArray<string> texts
            ? [.. First(key, value, rules.Where(rule => !OfItems(rule))), .. texts.SelectMany((text, index) => First($"{key}[{index}]", text, rules.Where(OfItems)))]
            : First(key, value, rules);

    private static IEnumerable<SettingsFault> First(string key, object? value, IEnumerable<ValidationAttribute> rules) =>
        rules.Select(rule => rule is RuleAttribute own ? own.Fault(value) : rule.IsValid(value) ? null : rule.ErrorMessage)
            .Where(fault => fault is not null).Take(1).Select(fault => new SettingsFault(key, SettingTable.Text(value), fault!));

    private static bool OfItems(ValidationAttribute rule) => rule is RuleAttribute and not MustAttribute { Together: true };

    private static void CheckSigningKey(SigningKey key, Action<Expression<Func<ClusterSettings, object>>, string?, string> fault)
    {
        var (inline, url, id) = (SettingTable.Key(s => s.Packages.Key.Inline), SettingTable.Key(s => s.Packages.Key.Url), SettingTable.Key(s => s.Packages.Key.Id));
        if (new[] { key.Inline, key.Url, key.Id }.Count(source => source.Length > 0) != 1)
        {
            fault(s => s.Packages.Key.Inline, null, $"exactly one of {inline} (the key itself), {url} and {id} must be set");
        }

        if (key.Id.Length > 0 && (key.Fingerprint.Length == 0 || !key.Fingerprint.EndsWith(key.Id, StringComparison.OrdinalIgnoreCase)))
        {
            fault(s => s.Packages.Key.Fingerprint, key.Fingerprint, $"must be set with {id} and end in it: short ids can be forged");
        }
    }

    private static void CheckVpc(ClusterSettings settings, Action<Expression<Func<ClusterSettings, object>>, string?, string> fault)
    {
        if (Cidr.Parse(settings.VpcCidr) is not { } range || SettingChecks.VpcRangeOrEmpty(settings.VpcCidr) is not null)
        {
            return;
        }

        var droplets = settings.Masters + settings.Agents;
        var room = (1 << (32 - range.PrefixLength)) - SettingChecks.KeptAddresses;
        if (room < droplets)
        {
            fault(s => s.VpcCidr, settings.VpcCidr, $"has room for {room} droplets, as DigitalOcean keeps {SettingChecks.KeptAddresses} addresses of each network, and the cluster has {droplets}; take a wider one");
        }

        if (settings.Region == "nyc1" && Cidr.Overlap(range, IPNetwork.Parse("10.10.0.0/16")))
        {
            fault(s => s.VpcCidr, settings.VpcCidr, "must not reach into 10.10.0.0/16, which is DigitalOcean's own in the region nyc1");
        }
    }
}
