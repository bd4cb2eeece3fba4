using System.Globalization;
using System.Text;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>A preview in Markdown, as a comment on a pull request: what was said, how much changes, what happens to the cluster in words and in order, and the difference of each.</summary>
internal static class PreviewMarkdown
{
    /// <summary>What GitHub takes in a comment, in characters.</summary>
    public const int Limit = 65_536;

    // What is left for the sentence that says how much is left out.
    private const int Reserve = 300;

    private const int RemarksLimit = 16_000;
    private const int RemarkLimit = 4_000;
    private const int LongestLine = 500;

    private static readonly StepKind[] Columns = [StepKind.Create, StepKind.Update, StepKind.Replace, StepKind.Delete, StepKind.Same];

    public static string Make(PreviewReport report)
    {
        var text = new StringBuilder($"## Preview{Stack(report)}\n\n");
        WriteRemarks(text, report);
        WriteTable(text, report);
        WriteEntries(text, [.. Entries(report)]);
        return text.ToString();
    }

    private static string Stack(PreviewReport report) =>
        report.Resources is [var first, ..] && first.Urn.Split("::") is [var beginning, var project, ..] ? $" of {MarkdownText.Escape(project)}, stack {MarkdownText.Escape(beginning.Split(':')[^1])}" : "";

    private static IEnumerable<Entry> Entries(PreviewReport report)
    {
        var clusters = report.Resources.Select(ClusterEntries.NameIn).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var owners = report.Changes.ToLookup(c => clusters.Where(name => ClusterEntries.Belongs(name, c)).MaxBy(name => name.Length) ?? "", StringComparer.Ordinal);
        return
        [
            .. OtherEntries.Of(owners[""].Where(c => !c.Kind.Deletes())),
            .. clusters.SelectMany(name => new ClusterEntries(name, owners[name]).All().Select(entry => clusters.Count > 1 ? entry with { Title = $"cluster {name}: {entry.Title}" } : entry)),
            .. OtherEntries.Of(owners[""].Where(c => c.Kind.Deletes())),
        ];
    }

    private static void WriteRemarks(StringBuilder text, PreviewReport report)
    {
        if (report.Remarks.Any(r => r.Severity == DiagnosticSeverity.Error))
        {
            text.Append("**The preview failed.** What follows is what it found until then.\n\n");
        }

        var remarks = report.Remarks.Distinct().OrderByDescending(r => r.Severity).ToList();
        for (var i = 0; i < remarks.Count; i++)
        {
            var (severity, urn, message) = remarks[i];
            var lines = Cut(message.TrimEnd().Split('\n').Select(DisplayText.Clean), RemarkLimit);
            var fence = MarkdownText.Fence(lines);
            var block = $"**{severity.ToString().ToLowerInvariant()}**{(urn.Length > 0 ? $" {MarkdownText.Escape(DisplayText.Name(urn))}" : "")}\n{fence}text\n{string.Concat(lines.Select(line => line + "\n"))}{fence}\n\n";
            if (text.Length + block.Length > RemarksLimit)
            {
                text.Append(CultureInfo.InvariantCulture, $"{remarks.Count - i} further messages are left out here.\n\n");
                return;
            }

            text.Append(block);
        }
    }

    private static void WriteTable(StringBuilder text, PreviewReport report)
    {
        text.Append("| ").AppendJoin(" | ", Columns.Select(StepWords.Operation)).Append(" |\n|").Append(string.Concat(Columns.Select(_ => " ---: |"))).Append("\n| ")
            .AppendJoin(" | ", Columns.Select(kind => report.Counts.GetValueOrDefault(kind).ToString(CultureInfo.InvariantCulture))).Append(" |\n\n");
    }

    private static void WriteEntries(StringBuilder text, List<Entry> entries)
    {
        if (entries.Count == 0)
        {
            text.Append("Nothing happens to the cluster.\n");
            return;
        }

        for (var i = 0; i < entries.Count; i++)
        {
            var heading = string.Create(CultureInfo.InvariantCulture, $"**{i + 1}. {Sentence(entries[i].Title)}**\n\n");
            var room = Limit - Reserve - text.Length - heading.Length;
            if (room < 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{entries.Count - i} further entries are left out here: the comment has no more room. `preview --diff` shows them.\n");
                return;
            }

            text.Append(heading);
            WriteDifference(text, entries[i].Lines, room);
        }
    }

    private static void WriteDifference(StringBuilder text, IReadOnlyList<string> all, int room)
    {
        if (all.Count == 0)
        {
            return;
        }

        // Both fences, the language and the lines' ends.
        var fence = MarkdownText.Fence(all);
        var lines = Cut(all, room - (2 * fence.Length) - 16);
        if (lines.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{all.Count} lines of difference are left out here: the comment has no more room.\n\n");
            return;
        }

        text.Append(fence).Append("diff\n").Append(string.Concat(lines.Select(line => line + "\n"))).Append(fence).Append("\n\n");
    }

    // As many lines as there is room for, and how many are left out.
    private static List<string> Cut(IEnumerable<string> all, int room)
    {
        var lines = all.Select(line => line.Length > LongestLine ? line[..LongestLine] + "..." : line).ToList();
        if (lines.Sum(line => line.Length + 1) <= room)
        {
            return lines;
        }

        const int Sentence = 60;
        var left = room - Sentence;
        var kept = lines.TakeWhile(line => (left -= line.Length + 1) >= 0).ToList();
        return kept.Count == 0 ? [] : [.. kept, string.Create(CultureInfo.InvariantCulture, $"# {lines.Count - kept.Count} more lines are left out here")];
    }

    private static string Sentence(string title) => MarkdownText.Escape(title.Length == 0 ? "" : char.ToUpperInvariant(title[0]) + title[1..]);
}
