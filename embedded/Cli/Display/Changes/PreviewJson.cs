using System.Text.Json;
using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Display.Changes;

/// <summary>Reads what <c>preview --json</c> prints, of this program or of the official CLI.</summary>
internal static partial class PreviewJson
{
    private const string HiddenText = "[secret]";

    private static readonly Dictionary<string, StepKind> Kinds =
        Enum.GetValues<StepKind>().ToDictionary(DisplayText.Operation, StringComparer.Ordinal);

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static PreviewReport Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("changeSummary", out var counts))
            {
                throw new FormatException("this is not what `preview --json` prints: it has no changeSummary");
            }

            var steps = Items(root, "steps").Select(ReadStep).ToList();
            var replaced = steps.Where(s => s.Kind == StepKind.Replace).Select(s => s.Urn).ToHashSet(StringComparer.Ordinal);
            return new PreviewReport(
                [.. steps.Where(s => s.Kind is not (StepKind.CreateReplacement or StepKind.DeleteReplaced) || !replaced.Contains(s.Urn))],
                [.. Items(root, "diagnostics").Select(ReadRemark).Where(r => r.Severity > DiagnosticSeverity.Debug)],
                ReadCounts(counts));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"this is not what `preview --json` prints: {e.Message}", e);
        }
    }

    private static Dictionary<StepKind, int> ReadCounts(JsonElement counts) => counts.ValueKind == JsonValueKind.Object
        ? counts.EnumerateObject().Where(c => Kinds.ContainsKey(c.Name)).ToDictionary(c => Kinds[c.Name], c => c.Value.GetInt32())
        : [];

    private static ResourceChange ReadStep(JsonElement step)
    {
        var op = step.GetProperty("op").GetString()!;
        var urn = step.GetProperty("urn").GetString()!;
        var old = State(step, "oldState");
        var now = State(step, "newState");
        var type = Text(now, "type") ?? Text(old, "type") ?? throw new FormatException($"the step of {urn} says nothing of its type");

        // What is imported or read comes into the stack; what is given up leaves it.
        var kind = Kinds.TryGetValue(op, out var known) ? known : op.StartsWith("import", StringComparison.Ordinal) ? StepKind.Create : StepKind.Same;
        return new ResourceChange(kind, urn, type, Inputs(old), kind == StepKind.Delete ? PropertyMap.Empty : Inputs(now), Details(step));
    }

    private static Dictionary<string, PropertyDiff> Details(JsonElement step)
    {
        var details = new Dictionary<string, PropertyDiff>(StringComparer.Ordinal);
        if (step.TryGetProperty("detailedDiff", out var all) && all.ValueKind == JsonValueKind.Object)
        {
            foreach (var one in all.EnumerateObject())
            {
                var kind = one.Value.GetProperty("kind").GetString()!;
                details[one.Name] = new PropertyDiff(
                    kind.StartsWith("add", StringComparison.Ordinal) ? PropertyDiffKind.Add : kind.StartsWith("delete", StringComparison.Ordinal) ? PropertyDiffKind.Delete : PropertyDiffKind.Update,
                    kind.EndsWith("-replace", StringComparison.Ordinal));
            }
        }

        // A provider without detailed differences names the properties only.
        foreach (var (name, replaces) in new[] { ("diffReasons", false), ("replaceReasons", true) })
        {
            foreach (var key in Items(step, name).Select(k => k.GetString()!).Where(key => !details.Keys.Any(d => Top(d) == key && (!replaces || details[d].Replaces))))
            {
                details[key] = new PropertyDiff(PropertyDiffKind.Update, replaces);
            }
        }

        return details;
    }

    private static string Top(string path) => path.Split('.', '[')[0];

    private static Remark ReadRemark(JsonElement remark)
    {
        var severity = Text(remark, "severity") ?? "";
        return new Remark(
            severity.Contains("err", StringComparison.Ordinal) ? DiagnosticSeverity.Error
                : severity.Contains("warn", StringComparison.Ordinal) ? DiagnosticSeverity.Warning
                : severity.Contains("debug", StringComparison.Ordinal) ? DiagnosticSeverity.Debug : DiagnosticSeverity.Info,
            Text(remark, "urn") ?? "",
            Colours().Replace((Text(remark, "prefix") ?? "") + (Text(remark, "message") ?? ""), ""));
    }

    private static PropertyMap Inputs(JsonElement? state) =>
        state is { } s && s.TryGetProperty("inputs", out var inputs) && inputs.ValueKind == JsonValueKind.Object ? Map(inputs) : PropertyMap.Empty;

    private static PropertyMap Map(JsonElement map) => PropertyMap.From(map.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Value(p.Value))));

    private static PropertyValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => PropertyValue.Nothing,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Array => new PropertyValue.Array([.. value.EnumerateArray().Select(Value)]),
        _ => Text(value, Signatures.Key) switch
        {
            Signatures.Archive when Text(value, "path") is { } path => new PropertyValue.Archive(path, Text(value, "hash") ?? ""),
            Signatures.ResourceReference when Text(value, "urn") is { } urn => new PropertyValue.Reference(urn, Text(value, "id")),
            Signatures.Secret => new PropertyValue.Secret(PropertyValue.Nothing),
            _ => new PropertyValue.Object(Map(value)),
        },
    };

    private static PropertyValue Text(string text) => text == HiddenText ? new PropertyValue.Secret(PropertyValue.Nothing)
        : Signatures.Unknowns.Contains(text) ? PropertyValue.NotKnown
        : text;

    private static JsonElement? State(JsonElement step, string name) =>
        step.TryGetProperty(name, out var state) && state.ValueKind == JsonValueKind.Object ? state : null;

    private static string? Text(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } e && e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    // The official CLI's own marks of colours.
    [GeneratedRegex("<\\{%[^%]*%\\}>")]
    private static partial Regex Colours();
}
