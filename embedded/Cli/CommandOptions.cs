namespace MesosStack.Embedded.Cli;

/// <summary>
/// The options of a command line. Each property declares one option: its name, what it is, which verbs take it, and the default as the property's first value.
/// The help of a verb names its options in this order.
/// </summary>
internal sealed record CommandOptions
{
    [CommandOption(Verbs.Every, "--stack", "The stack to work on.", Alias = "-s", Takes = "name")]
    public string Stack { get; init; } = Passphrases.SelfMadeStack;

    [CommandOption(Verbs.Every, "--cwd", "Look for the project in this directory.", Alias = "-C", Takes = "directory")]
    public string? Directory { get; init; }

    [CommandOption(Verbs.Up | Verbs.Destroy, "--yes", "Ask nothing and go on.", Alias = "-y")]
    public bool Yes { get; init; }

    [CommandOption(Verbs.Up, "--skip-preview", "Do not calculate a preview before the update.", Alias = "-f")]
    public bool SkipPreview { get; init; }

    [CommandOption(Verbs.Destroy, "--preview-only", "Only show what would be deleted.")]
    public bool PreviewOnly { get; init; }

    [CommandOption(Verbs.Operations, "--diff", "Show the differences: texts line by line, JSON key by key, what causes a replacement.")]
    public bool Diff { get; init; }

    [CommandOption(Verbs.Operations, "--parallel", "How many resources to work on at once.", Alias = "-p", Takes = "number")]
    public int? Parallel { get; init; }

    [CommandOption(Verbs.Up | Verbs.Preview, "--expect-no-changes", "Fail where there are changes.")]
    public bool ExpectNoChanges { get; init; }

    [CommandOption(Verbs.Operations, "--refresh", "Read every resource back first.", Alias = "-r")]
    public bool Refresh { get; init; }

    [CommandOption(Verbs.Up | Verbs.Destroy, "--clear-pending-creates", "Forget what an earlier run was interrupted at creating; look for it first.")]
    public bool ClearPendingCreates { get; init; }

    [CommandOption(Verbs.Operations | Verbs.StackOutput | Verbs.Status, "--json", "Print one JSON document.", Alias = "-j")]
    public bool Json { get; init; }

    [CommandOption(Verbs.Preview | Verbs.Destroy, "--markdown", "Write the preview into this file too, as a comment for a pull request.", Takes = "file")]
    public string? Markdown { get; init; }

    [CommandOption(Verbs.Up | Verbs.Preview, "--program", "Run this built program in place of the project's own.", Takes = "dll")]
    public string? Program { get; init; }

    [CommandOption(Verbs.Status, "--state", "Read this state in place of the stack's own: what `pulumi stack export` printed; '-' for standard input.", Takes = "file")]
    public string? State { get; init; }

    [CommandOption(Verbs.Markdown, "--output", "Write it into this file; to standard output where it is left out.", Alias = "-o", Takes = "file")]
    public string? Output { get; init; }

    [CommandOption(Verbs.StackOutput | Verbs.StackExport, "--show-secrets", "Show secrets in clear.")]
    public bool ShowSecrets { get; init; }

    [CommandOption(Verbs.ConfigSet, "--secret", "Seal the value.")]
    public bool Secret { get; init; }

    [CommandOption(Verbs.LabStop, "--all", "Also where others use it or have droplets in it, who lose them.")]
    public bool All { get; init; }

    [CommandOption(Verbs.LabLogs, "--follow", "Go on with new lines until interrupted.", Alias = "-f")]
    public bool Follow { get; init; }
}
