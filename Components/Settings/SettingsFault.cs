using System.Globalization;
using System.Text;

namespace MesosStack.Components.Settings;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">The key, without the namespace; for an app <c>apps[2].cpus</c>.</param>
/// <param name="Value">The value as configured; null where there is none or where it may be a secret.</param>
/// <param name="Allowed">What is allowed, and what to do.</param>
public sealed record SettingsFault(string Key, string? Value, string Allowed)
{
    /// <summary>How many faults a message lists.</summary>
    public const int MostFaults = 50;

    // A terminal, a comment on a pull request and a log take so much; what is left out is counted.
    private const int MostBytes = 48_000;
    // What stands in every private key: a person may have put it into the wrong setting.
    private const string Secret = "PRIVATE KEY";

    private const int MostOfValue = 60;
    private const int MostOfKey = 120;
    private const int MostOfRest = 1_000;

    /// <summary>The key's namespace; null for the project's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>The faults as one text for a person. A long list, and long values, are cut, and it says so.</summary>
    /// <param name="faults">The faults.</param>
    /// <param name="project">The project's name, which is the namespace of its keys.</param>
    /// <param name="stack">The stack's name.</param>
    public static string Describe(IReadOnlyCollection<SettingsFault> faults, string project, string stack)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var what = faults.Count == 1 ? "1 fault" : $"{faults.Count} faults";
        var text = new StringBuilder($"{what} in the settings of stack '{stack}'; nothing was touched. Correct Pulumi.{stack}.yaml:");
        var (bytes, told) = (0, 0);
        foreach (var line in faults.Select(fault => fault.Line(project)))
        {
            bytes += Encoding.UTF8.GetByteCount(line);
            if (told == MostFaults || bytes > MostBytes)
            {
                break;
            }

            text.Append('\n').Append(line);
            told++;
        }

        return told == faults.Count ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"\n  and {faults.Count - told} more, which are left out here; they are told once these are corrected").ToString();
    }

    /// <summary>A text on one line, cut where it is long.</summary>
    internal static string Shorten(string text, int most)
    {
        // Escapes make it longer, and nobody reads the rest of a megabyte.
        var visible = TextRule.Visible(text.Length <= most ? text : text[..most]);
        return visible.Length <= most && text.Length <= most ? visible : $"{visible[..Math.Min(visible.Length, most - 3)]}...";
    }

    private string Line(string project) =>
        $"  {Namespace ?? project}:{Shorten(Key, MostOfKey)}{(Value is null || Value.Contains(Secret, StringComparison.OrdinalIgnoreCase) ? "" : $" = {Shown(Value)}")}: {Shorten(Allowed, MostOfRest)}";

    private static string Shown(string value) =>
        value.Length <= MostOfValue ? $"'{Shorten(value, MostOfValue)}'" : $"'{Shorten(value, MostOfValue)}' ({value.Length} characters)";
}
