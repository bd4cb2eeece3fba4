using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;

namespace MesosStack.Components.Settings;

/// <summary>All settings, as <see cref="ClusterSettings"/> declares them.</summary>
public static class SettingTable
{
    /// <summary>The settings in the order of their declaration.</summary>
    public static IReadOnlyList<(SettingAttribute Setting, PropertyInfo Property)> All { get; } =
        [.. Properties(typeof(ClusterSettings)).Where(p => p.IsDefined(typeof(SettingAttribute))).Select(p => (p.GetCustomAttribute<SettingAttribute>()!, p))];

    /// <summary>Their keys.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. All.Select(entry => entry.Setting.Key)];

    /// <summary>Why a setting cannot be changed on a living cluster, by its key; the others may change.</summary>
    public static IReadOnlyDictionary<string, string> Settled { get; } = (
        from property in Properties(typeof(ClusterSettings))
        let settled = property.GetCustomAttribute<SettledAttribute>()
        where settled is not null
        select (Key: settled.Key ?? property.GetCustomAttribute<SettingAttribute>()!.Key, settled.Reason)).ToDictionary(entry => entry.Key, entry => entry.Reason, StringComparer.Ordinal);

    /// <summary>The key of a setting.</summary>
    /// <param name="setting">Its property, such as <c>s =&gt; s.Ssh.PublicKey</c>.</param>
    /// <exception cref="ArgumentException">The property is no setting.</exception>
    public static string Key<T>(Expression<Func<ClusterSettings, T>> setting) =>
        (Unboxed(setting?.Body) as MemberExpression)?.Member.GetCustomAttribute<SettingAttribute>()?.Key ?? throw new ArgumentException($"{setting} is no setting", nameof(setting));

    /// <summary>Whether the value of a key is a secret.</summary>
    public static bool IsSecret(string key) => All.Any(entry => entry.Setting.Key == key && entry.Setting.Secret);

    /// <summary>Whether the value of a key is a secret, or has objects in it, which hold passwords by names that nobody knows here.</summary>
    public static bool MayHoldSecrets(string key) => All.Any(entry => entry.Setting.Key == key && (entry.Setting.Secret || HoldsObjects(entry.Property.PropertyType)));

    /// <summary>The rules of a setting: first what any text must be, then what it means.</summary>
    public static IReadOnlyList<ValidationAttribute> Rules(PropertyInfo property) =>
        [.. property.GetCustomAttributes<ValidationAttribute>().OrderBy(rule => rule is TextAttribute ? 0 : 1)];

    /// <summary>Whether a property holds settings in a record of its own.</summary>
    internal static bool HoldsSettings(PropertyInfo property) => property.PropertyType.GetProperties().Any(inner => inner.IsDefined(typeof(SettingAttribute)));

    /// <summary>The properties of the settings that have an attribute, also those in records of their own, with their values.</summary>
    internal static IEnumerable<(PropertyInfo Property, TAttribute Attribute, object? Value)> Values<TAttribute>(object settings)
        where TAttribute : Attribute =>
        settings.GetType().GetProperties().SelectMany(property =>
            HoldsSettings(property) ? Values<TAttribute>(property.GetValue(settings)!)
            : property.GetCustomAttribute<TAttribute>() is { } attribute ? [(property, attribute, property.GetValue(settings))]
            : []);

    /// <summary>A value as a person writes it in a settings file.</summary>
    internal static string? Text(object? value) => value switch
    {
        Enum choice => JsonNamingPolicy.CamelCase.ConvertName(choice.ToString()),
        ImmutableArray<string> texts => JsonSerializer.Serialize(texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static bool HoldsObjects(Type type) => type.IsGenericType && type.GetGenericArguments()[0] != typeof(string);

    private static Expression? Unboxed(Expression? body) => body is UnaryExpression { NodeType: ExpressionType.Convert } boxed ? boxed.Operand : body;

    private static IEnumerable<PropertyInfo> Properties(Type record) =>
        record.GetProperties().SelectMany(property => HoldsSettings(property) ? Properties(property.PropertyType) : [property]);
}
