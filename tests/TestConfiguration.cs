using System.Text.Json;
using MesosStack.Components.Settings;

namespace MesosStack.Tests;

/// <summary>Configurations to test with.</summary>
internal static class TestConfiguration
{
    /// <summary>The least that is valid: what has no default.</summary>
    public static Dictionary<string, string> Configuration(params (string Key, string Value)[] more)
    {
        var configuration = new Dictionary<string, string>
        {
            ["image"] = "debian-12-x64",
            ["repositoryUrl"] = "http://198.51.100.1:17980/mesosphere",
            ["signingKeyUrl"] = "http://198.51.100.1:17980/mesosphere.asc",
        };
        foreach (var (key, value) in more)
        {
            configuration[key] = value;
        }

        return configuration;
    }

    public static (ClusterSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(Dictionary<string, string> configuration, Func<string, string?>? read = null) =>
        SettingsReader.Read(configuration.GetValueOrDefault, configuration.Keys, read ?? (_ => null));

    public static ClusterSettings Settings(params (string Key, string Value)[] more)
    {
        var (settings, faults) = Read(Configuration(more));
        Assert.That(faults, Is.Empty);
        return settings!;
    }

    public static string Json(params object[] values) => JsonSerializer.Serialize(values);

    /// <summary>The two apps of the tutorial.</summary>
    public static string TutorialApps => Json(App("hello"), App("hello2"));

    public static Dictionary<string, object> App(string id) => new()
    {
        ["id"] = id,
        ["cmd"] = "echo hello; sleep 10",
        ["mem"] = 16,
        ["cpus"] = 0.1,
        ["instances"] = 1,
        ["disk"] = 0,
        ["ports"] = new[] { 0 },
    };
}
