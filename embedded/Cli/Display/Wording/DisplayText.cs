using System.Globalization;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Display.Wording;

/// <summary>How types, names, messages and times are written for people.</summary>
internal static partial class DisplayText
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Secret = "[secret]";

    /// <summary>Which properties differ, in the official CLI's form: <c>[diff: +a,b-c~d]</c>; "" for none.</summary>
    public static string Reasons(IReadOnlyDictionary<string, PropertyDiff> details)
    {
        var kinds = details.GroupBy(d => Property(d.Key), StringComparer.Ordinal)
            .ToLookup(top => top.All(d => d.Key == top.Key) ? top.First().Value.Kind : PropertyDiffKind.Update, top => top.Key);
        return details.Count == 0 ? "" : $"[diff: {Some("+", PropertyDiffKind.Add)}{Some("-", PropertyDiffKind.Delete)}{Some("~", PropertyDiffKind.Update)}]";

        string Some(string sign, PropertyDiffKind kind) => kinds[kind].Any() ? sign + string.Join(',', kinds[kind].Order(StringComparer.Ordinal)) : "";
    }

    /// <summary>The property that a path begins with.</summary>
    public static string Property(string path) => path.Split('.', '[')[0];

    /// <summary>A type token without the part of its module that repeats the type: <c>digitalocean:index:Droplet</c>.</summary>
    public static string Type(string token)
    {
        var slash = token.IndexOf('/', StringComparison.Ordinal);
        var colon = token.LastIndexOf(':');
        return slash > 0 && colon > slash ? token[..slash] + token[colon..] : token;
    }

    /// <summary>The name in a URN.</summary>
    public static string Name(string urn) => urn.Split("::", 4)[^1];

    /// <summary>The type in a URN: the last of its parents' chain.</summary>
    public static string TypeOf(string urn) => urn.Split("::", 4) is [_, _, var chain, _] ? Type(chain.Split('$')[^1]) : "";

    /// <summary>A line without the control characters that a command may have written.</summary>
    public static string Clean(string line) => string.Concat(Escapes().Replace(line, "").Where(c => !char.IsControl(c)));

    /// <summary>The first line of a message.</summary>
    public static string FirstLine(string message)
    {
        var text = message.Trim();
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return Clean(end < 0 ? text : text[..end].TrimEnd() + " …");
    }

    /// <summary>A time for people.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds:00}s"),
    };

    // Sequences that colour text or move the cursor.
    [GeneratedRegex(@"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")]
    private static partial Regex Escapes();
}
