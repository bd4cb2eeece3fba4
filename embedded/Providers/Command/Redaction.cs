using System.Collections.Immutable;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>Takes secrets out of what a command printed before it is shown: a script may echo what it was given.</summary>
internal sealed class Redaction
{
    // Shorter lines (yes, true, a brace of a JSON text) are common in output that is not secret.
    private const int ShortestSecret = 6;

    private readonly ImmutableArray<string> _secrets;

    /// <summary>Hides each line of these texts.</summary>
    public Redaction(IEnumerable<string> secrets) => _secrets =
    [
        .. secrets.SelectMany(s => s.Split('\n', StringSplitOptions.TrimEntries))
            .Where(l => l.Length >= ShortestSecret)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(l => l.Length),
    ];

    /// <summary>The text with each secret hidden.</summary>
    public string Apply(string text) => _secrets.Aggregate(text, (t, secret) => t.Replace(secret, "[secret]", StringComparison.Ordinal));
}
