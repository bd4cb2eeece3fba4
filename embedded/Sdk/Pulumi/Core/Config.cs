using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Pulumi;

/// <summary>The stack's configuration below one name.</summary>
public sealed class Config
{
    private readonly string _name;

    /// <summary>The configuration below a name; without one, the project's.</summary>
    public Config(string? name = null)
    {
        const string suffix = ":config";
        name ??= Deployment.Instance.ProjectName;
        _name = name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
    }

    private delegate bool Parser<T>(string text, out T value);

    /// <summary>A text, null if not set.</summary>
    public string? Get(string key) => Deployment.Current.Config.GetValueOrDefault(FullKey(key));

    /// <summary>A secret text, null if not set.</summary>
    public Output<string>? GetSecret(string key) => Secret(Get(key));

    /// <summary>A truth value, null if not set.</summary>
    /// <exception cref="RunException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool? GetBoolean(string key) => GetParsed<bool>(key, TryParse);

    /// <summary>A secret truth value, null if not set.</summary>
    /// <exception cref="RunException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public Output<bool>? GetSecretBoolean(string key) => Secret(GetBoolean(key));

    /// <summary>A whole number, null if not set.</summary>
    /// <exception cref="RunException">It is not a whole number.</exception>
    public int? GetInt32(string key) => GetParsed<int>(key, TryParse);

    /// <summary>A secret whole number, null if not set.</summary>
    /// <exception cref="RunException">It is not a whole number.</exception>
    public Output<int>? GetSecretInt32(string key) => Secret(GetInt32(key));

    /// <summary>A number, null if not set.</summary>
    /// <exception cref="RunException">It is not a number.</exception>
    public double? GetDouble(string key) => GetParsed<double>(key, TryParse);

    /// <summary>A secret number, null if not set.</summary>
    /// <exception cref="RunException">It is not a number.</exception>
    public Output<double>? GetSecretDouble(string key) => Secret(GetDouble(key));

    /// <summary>A structured value, the type's default if not set.</summary>
    /// <exception cref="RunException">It is not of this type.</exception>
    [return: MaybeNull]
    public T GetObject<T>(string key) => ReadObject<T>(key, null).Value;

    /// <summary>A structured value, the type's default if not set.</summary>
    /// <exception cref="RunException">It is not of this type.</exception>
    [return: MaybeNull]
    public T GetObject<T>(string key, JsonSerializerOptions options) => ReadObject<T>(key, options).Value;

    /// <summary>A secret structured value, null if not set.</summary>
    /// <exception cref="RunException">It is not of this type.</exception>
    public Output<T>? GetSecretObject<T>(string key) => SecretObject<T>(key, null);

    /// <summary>A secret structured value, null if not set.</summary>
    /// <exception cref="RunException">It is not of this type.</exception>
    public Output<T>? GetSecretObject<T>(string key, JsonSerializerOptions options) => SecretObject<T>(key, options);

    /// <summary>A text that must be set.</summary>
    /// <exception cref="RunException">It is not set.</exception>
    public string Require(string key) => Get(key) ?? throw Missing(key);

    /// <summary>A secret text that must be set.</summary>
    /// <exception cref="RunException">It is not set.</exception>
    public Output<string> RequireSecret(string key) => Output.CreateSecret(Require(key));

    /// <summary>A truth value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or neither <c>true</c> nor <c>false</c>.</exception>
    public bool RequireBoolean(string key) => GetBoolean(key) ?? throw Missing(key);

    /// <summary>A secret truth value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or neither <c>true</c> nor <c>false</c>.</exception>
    public Output<bool> RequireSecretBoolean(string key) => Output.CreateSecret(RequireBoolean(key));

    /// <summary>A whole number that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not a whole number.</exception>
    public int RequireInt32(string key) => GetInt32(key) ?? throw Missing(key);

    /// <summary>A secret whole number that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not a whole number.</exception>
    public Output<int> RequireSecretInt32(string key) => Output.CreateSecret(RequireInt32(key));

    /// <summary>A number that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not a number.</exception>
    public double RequireDouble(string key) => GetDouble(key) ?? throw Missing(key);

    /// <summary>A secret number that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not a number.</exception>
    public Output<double> RequireSecretDouble(string key) => Output.CreateSecret(RequireDouble(key));

    /// <summary>A structured value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not of this type.</exception>
    public T RequireObject<T>(string key) => Required<T>(key, null);

    /// <summary>A structured value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not of this type.</exception>
    public T RequireObject<T>(string key, JsonSerializerOptions options) => Required<T>(key, options);

    /// <summary>A secret structured value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not of this type.</exception>
    public Output<T> RequireSecretObject<T>(string key) => Output.CreateSecret(RequireObject<T>(key));

    /// <summary>A secret structured value that must be set.</summary>
    /// <exception cref="RunException">It is not set, or not of this type.</exception>
    public Output<T> RequireSecretObject<T>(string key, JsonSerializerOptions options) => Output.CreateSecret(RequireObject<T>(key, options));

    private static Output<string>? Secret(string? value) => value is null ? null : Output.CreateSecret(value);

    private static Output<T>? Secret<T>(T? value)
        where T : struct => value is { } set ? Output.CreateSecret(set) : null;

    private static bool TryParse(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }

    private static bool TryParse(string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    private static bool TryParse(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private string FullKey(string key) => $"{_name}:{key}";

    private T? GetParsed<T>(string key, Parser<T> parse)
        where T : struct
    {
        if (Get(key) is not { } text)
        {
            return null;
        }

        return parse(text, out var value) ? value : throw Invalid(key, text, typeof(T).Name, null);
    }

    private Output<T>? SecretObject<T>(string key, JsonSerializerOptions? options) =>
        ReadObject<T>(key, options) is (true, var value) ? Output.CreateSecret(value!) : null;

    private T Required<T>(string key, JsonSerializerOptions? options) =>
        ReadObject<T>(key, options) is (true, var value) ? value! : throw Missing(key);

    private (bool IsSet, T? Value) ReadObject<T>(string key, JsonSerializerOptions? options)
    {
        if (Get(key) is not { } text)
        {
            return (false, default);
        }

        try
        {
            return (true, JsonSerializer.Deserialize<T>(text, options));
        }
        catch (JsonException e)
        {
            throw Invalid(key, text, typeof(T).FullName!, e);
        }
    }

    private RunException Missing(string key) => new(
        $"Missing Required configuration variable '{FullKey(key)}'\n\tplease set a value using the command `pulumi config set {FullKey(key)} <value>`");

    private RunException Invalid(string key, string value, string type, Exception? cause)
    {
        // A message does not show a secret.
        var shown = Deployment.Current.SecretConfigKeys.Contains(FullKey(key)) ? "[secret]" : value;
        return new($"Configuration '{FullKey(key)}' value '{shown}' is not a valid {type}", cause);
    }
}
