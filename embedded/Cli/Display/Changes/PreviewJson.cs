using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>Reads what <c>preview --json</c> prints, of this program or of the official CLI.</summary>
internal static partial class PreviewJson
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, MaxDepth = 512, RespectNullableAnnotations = true };

    private static readonly Dictionary<string, StepKind> Kinds =
        Enum.GetValues<StepKind>().ToDictionary(StepWords.Operation, StringComparer.Ordinal);

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PreviewReport Read(string text)
    {
        try
        {
            var document = JsonSerializer.Deserialize<PreviewDocument>(text, Format) ?? throw new JsonException("it is null");
            var counts = document.ChangeSummary ?? throw new JsonException("it has no changeSummary");
            var steps = (document.Steps ?? []).Select(Change).ToList();
            var replaced = steps.Where(s => s.Kind == StepKind.Replace).Select(s => s.Urn).ToHashSet(StringComparer.Ordinal);
            return new PreviewReport(
                [.. steps.Where(s => !s.Kind.IsPart() || !replaced.Contains(s.Urn))],
                [.. (document.Diagnostics ?? []).Select(Remark).Where(r => r.Severity > DiagnosticSeverity.Debug)],
                counts.Where(c => Kinds.ContainsKey(c.Key)).ToDictionary(c => Kinds[c.Key], c => c.Value));
        }
        catch (JsonException e)
        {
            throw new FormatException($"this is not what `preview --json` prints: {e.Message}", e);
        }
    }

    private static ResourceChange Change(PreviewStep step)
    {
        // What is imported or read comes into the stack; what is given up leaves it.
        var kind = Kinds.TryGetValue(step.Op, out var known) ? known : step.Op.StartsWith("import", StringComparison.Ordinal) ? StepKind.Create : StepKind.Same;
        var type = step.NewState?.Type ?? step.OldState?.Type ?? throw new JsonException($"the step of {step.Urn} says nothing of its type");
        return new ResourceChange(kind, step.Urn, type, Inputs(step.OldState), kind == StepKind.Delete ? PropertyMap.Empty : Inputs(step.NewState), Details(step))
        {
            Retained = step.OldState is { RetainOnDelete: true } && (kind.Deletes() || kind is StepKind.Replace or StepKind.CreateReplacement),
        };
    }

    private static Dictionary<string, PropertyDiff> Details(PreviewStep step)
    {
        var details = (step.DetailedDiff ?? []).ToDictionary(
            one => one.Key,
            one => new PropertyDiff(
                one.Value.Kind.StartsWith("add", StringComparison.Ordinal) ? PropertyDiffKind.Add : one.Value.Kind.StartsWith("delete", StringComparison.Ordinal) ? PropertyDiffKind.Delete : PropertyDiffKind.Update,
                one.Value.Kind.EndsWith("-replace", StringComparison.Ordinal)),
            StringComparer.Ordinal);

        // A provider without detailed differences names the properties only.
        foreach (var (names, replaces) in new[] { (step.DiffReasons, false), (step.ReplaceReasons, true) })
        {
            foreach (var name in (names ?? []).Where(name => !details.Keys.Any(d => DisplayText.Property(d) == name && (!replaces || details[d].Replaces))))
            {
                details[name] = new PropertyDiff(PropertyDiffKind.Update, replaces);
            }
        }

        return details;
    }

    private static Remark Remark(PreviewRemark remark)
    {
        var severity = remark.Severity ?? "";
        return new Remark(
            severity.Contains("err", StringComparison.Ordinal) ? DiagnosticSeverity.Error
                : severity.Contains("warn", StringComparison.Ordinal) ? DiagnosticSeverity.Warning
                : severity.Contains("debug", StringComparison.Ordinal) ? DiagnosticSeverity.Debug : DiagnosticSeverity.Info,
            remark.Urn ?? "",
            Colours().Replace(remark.Prefix + remark.Message, ""));
    }

    private static PropertyMap Inputs(PreviewState? state) => state is { Inputs: { ValueKind: JsonValueKind.Object } inputs } ? SealedDescription.Show(ShownJson.Map(inputs)) : PropertyMap.Empty;

    // The official CLI's own marks of colours.
    [GeneratedRegex("<\\{%[^%]*%\\}>")]
    private static partial Regex Colours();

    private sealed record PreviewDocument(IReadOnlyList<PreviewStep>? Steps, IReadOnlyList<PreviewRemark>? Diagnostics, Dictionary<string, int>? ChangeSummary);

    private sealed record PreviewStep(
        [property: JsonRequired] string Op,
        [property: JsonRequired] string Urn,
        PreviewState? OldState,
        PreviewState? NewState,
        Dictionary<string, PreviewDifference>? DetailedDiff,
        IReadOnlyList<string>? DiffReasons,
        IReadOnlyList<string>? ReplaceReasons);

    private sealed record PreviewState(string? Type, JsonElement Inputs, bool RetainOnDelete = false);

    private sealed record PreviewDifference([property: JsonRequired] string Kind);

    private sealed record PreviewRemark(string? Urn, string? Prefix, string? Message, string? Severity);
}
