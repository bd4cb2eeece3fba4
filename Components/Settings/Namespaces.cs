namespace MesosStack.Components.Settings;

/// <summary>Which keys of a stack's file anybody reads, besides the settings of the project itself. A key that nobody reads is most often a misspelt one.</summary>
internal static class Namespaces
{
    // What Pulumi itself takes for every provider.
    private static readonly string[] OfEveryProvider = ["pluginDownloadURL", "version"];

    // The settings of the providers that the program uses, as their packages declare them.
    private static readonly Dictionary<string, string[]> Providers = new(StringComparer.Ordinal)
    {
        ["command"] = [],
        ["digitalocean"] =
        [
            "apiEndpoint", "httpRetryMax", "httpRetryWaitMax", "httpRetryWaitMin", "requestsPerSecond", "spacesAccessId", "spacesEndpoint", "spacesSecretKey", "token",
        ],
        ["random"] = [],
    };

    // The engine's own, such as pulumi:tags; new ones come with new versions of it.
    private const string Engine = "pulumi";

    /// <summary>The keys of other namespaces that nobody reads. Their values are not shown: a misspelt key may hold a secret.</summary>
    /// <param name="keys">All keys, each with its namespace.</param>
    /// <param name="project">The project's namespace.</param>
    /// <param name="others">Namespaces that the program reads besides.</param>
    public static IEnumerable<SettingsFault> Unknown(IEnumerable<string> keys, string project, IReadOnlyCollection<string> others) =>
        from full in keys.Order(StringComparer.Ordinal)
        let colon = Math.Max(full.IndexOf(':', StringComparison.Ordinal), 0)
        let space = full[..colon]
        where space != project && space != Engine && !others.Contains(space)
        let key = full[(colon == 0 ? 0 : colon + 1)..]
        let fault = Providers.TryGetValue(space, out var known) ? OfProvider(space, key, known) : Foreign(space, key, [project, .. Providers.Keys, .. others])
        where fault is not null
        select new SettingsFault(key, null, fault) { Namespace = SettingsFault.Shorten(space, 60) };

    private static string? OfProvider(string provider, string key, string[] known) =>
        known.Contains(key) || OfEveryProvider.Contains(key) ? null
        : known.Length == 0 ? $"is not a setting: the provider {provider} has none; remove it"
        : NearestName.Find(key, known) is { } nearest ? $"is not a setting of the provider {provider}; did you mean {provider}:{nearest}?"
        : $"is not a setting of the provider {provider}; known are {string.Join(", ", known)}";

    private static string Foreign(string space, string key, string[] known)
    {
        var nearest = NearestName.Find(space, known);
        return nearest is null
            ? "is not a setting: nothing in this program reads that namespace; remove it"
            : $"is not a setting: nothing in this program reads that namespace; did you mean {nearest}:{SettingsFault.Shorten(key, 60)}?";
    }
}
