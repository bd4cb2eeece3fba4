using System.Globalization;
using System.Text.RegularExpressions;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Reads durations as Go writes them: <c>90s</c>, <c>1h30m</c>, <c>120000000000ns</c>.</summary>
internal static partial class Durations
{
    /// <summary>Reads one; "" is null.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var match = Whole().Match(text);
        if (!match.Success)
        {
            throw new FormatException($"'{text}' is not a duration such as 90s or 1h30m");
        }

        var ticks = match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures).Sum(part =>
            decimal.Parse(part.First.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * TicksPer(part.Second.Value));
        return TimeSpan.FromTicks((long)ticks);
    }

    private static decimal TicksPer(string unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerHour,
    };

    [GeneratedRegex(@"^(?:(?<number>\d+(?:\.\d+)?)(?<unit>ns|us|µs|ms|s|m|h))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
