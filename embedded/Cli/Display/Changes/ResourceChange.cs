using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>What happens to one resource, as it may be shown: no value in it is a secret's.</summary>
/// <param name="Kind">What happens; never one part of a replacement while the other is there too.</param>
/// <param name="Urn">The resource.</param>
/// <param name="Type">Its type token.</param>
/// <param name="Old">Its inputs before; empty for a create.</param>
/// <param name="New">Its inputs after, as far as they are known; empty for a delete.</param>
/// <param name="Details">The differences by property path.</param>
internal sealed record ResourceChange(StepKind Kind, string Urn, string Type, PropertyMap Old, PropertyMap New, IReadOnlyDictionary<string, PropertyDiff> Details)
{
    public string Name => DisplayText.Name(Urn);

    /// <summary>Whether it leaves the stack and stays where it is: the option <c>RetainOnDelete</c>.</summary>
    public bool Retained { get; init; }

    /// <summary>Whether a difference at this path, or at one around it, causes the replacement.</summary>
    public bool IsReplacedBy(string path) => Details.Any(d => d.Value.Replaces && Covers(d.Key, path));

    /// <summary>Whether there is a difference at this path or below it.</summary>
    public bool Differs(string path) => Details.Keys.Any(key => Covers(path, key));

    private static bool Covers(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');
}

/// <summary>Something that was said in an operation.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Urn">The resource that it is about; "" for none.</param>
/// <param name="Message">The text.</param>
internal sealed record Remark(DiagnosticSeverity Severity, string Urn, string Message);

/// <summary>A preview, as its Markdown tells of it: made from the steps of the embedded engine or from the JSON of either engine.</summary>
/// <param name="Resources">All resources, the unchanged ones too, in the order of their steps.</param>
/// <param name="Remarks">What was said.</param>
/// <param name="Counts">Steps by kind, as Pulumi counts them.</param>
internal sealed record PreviewReport(IReadOnlyList<ResourceChange> Resources, IReadOnlyList<Remark> Remarks, IReadOnlyDictionary<StepKind, int> Counts)
{
    /// <summary>Those that are no longer what they were.</summary>
    public IEnumerable<ResourceChange> Changes => Resources.Where(r => r.Kind.Changes());
}
