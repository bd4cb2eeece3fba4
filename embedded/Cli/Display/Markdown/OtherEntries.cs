using System.Globalization;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>Changes of resources that no other entry knows, by their types.</summary>
internal static class OtherEntries
{
    private const int Named = 5;
    private const string Kept = ": what is there stays, and the stack knows it no longer (retainOnDelete)";

    /// <summary>One entry for all resources of a type with the same change.</summary>
    public static IEnumerable<Entry> Of(IEnumerable<ResourceChange> changes) => changes
        .Where(c => !c.Type.StartsWith("pulumi:", StringComparison.Ordinal))
        .OrderBy(c => c.Kind).ThenBy(c => c.Type, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => (Change: c, Lines: MemberLines.Of(c)))
        .GroupBy(c => (c.Change.Kind, c.Change.Type, c.Change.Retained, string.Join('\n', c.Lines)))
        .Select(group => new Entry($"{Verb(group.Key.Kind)} {DisplayText.Type(group.Key.Type)} {Names([.. group.Select(g => g.Change.Name)])}{(group.Key.Retained ? Kept : "")}", group.First().Lines));

    private static string Verb(StepKind kind) => kind switch
    {
        StepKind.Create or StepKind.CreateReplacement => "creates",
        StepKind.Delete or StepKind.DeleteReplaced => "deletes",
        StepKind.Replace => "replaces",
        _ => "changes",
    };

    private static string Names(List<string> names) => names.Count <= Named
        ? MemberText.And(names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(Named))} and {names.Count - Named} more");
}
