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

    /// <summary>A text, null if not set.</summary>
    public string? Get(string key) => Deployment.Current.Config.GetValueOrDefault(FullKey(key));

    /// <summary>A secret text that must be set.</summary>
    /// <exception cref="RunException">It is not set.</exception>
    public Output<string> RequireSecret(string key) => Output.CreateSecret(Require(key));

    private string Require(string key) => Get(key) ?? throw new RunException(
        $"Missing Required configuration variable '{FullKey(key)}'\n\tplease set a value using the command `pulumi config set {FullKey(key)} <value>`");

    private string FullKey(string key) => $"{_name}:{key}";
}
