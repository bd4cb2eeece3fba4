namespace MesosStack.Components.Settings;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">The key, without the namespace; for an app <c>apps[2].cpus</c>.</param>
/// <param name="Value">The value as configured; null where there is none or where it is secret.</param>
/// <param name="Allowed">What is allowed, and what to do.</param>
public sealed record SettingsFault(string Key, string? Value, string Allowed)
{
    /// <summary>All faults as one text for a person.</summary>
    public static string Describe(IReadOnlyCollection<SettingsFault> faults, string project, string stack)
    {
        var what = faults.Count == 1 ? "1 fault" : $"{faults.Count} faults";
        var lines = faults.Select(fault =>
            $"  {project}:{fault.Key}{(fault.Value is null ? "" : $" = {Shorten(fault.Value)}")}: {fault.Allowed}");
        return $"{what} in the settings of stack '{stack}'; nothing was touched. Correct Pulumi.{stack}.yaml:\n{string.Join('\n', lines)}";
    }

    private static string Shorten(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= 60 ? $"'{line}'" : $"'{line[..57]}...'";
    }
}
