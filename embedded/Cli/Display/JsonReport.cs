using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>One JSON document about an operation, in the shape of <c>pulumi preview --json</c>; secrets stand there as <c>[secret]</c>.</summary>
internal static class JsonReport
{
    // States nest as deep as the values in them.
    private const int Depth = 512;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Depth };

    public static string Make(StackConfiguration configuration, Run run) => new JsonObject
    {
        ["config"] = Object(configuration.Values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, (JsonNode?)(configuration.SecretKeys.Contains(v.Key) ? DisplayText.Secret : run.Result.Clean(v.Value))))),
        ["steps"] = new JsonArray([.. ShownSteps.Of(run.Log.Steps, run.Result.Clean).Select(step => Of(step, run.IsPreview))]),
        ["diagnostics"] = new JsonArray([.. run.Log.Remarks.Select(Of)]),
        ["duration"] = (long)run.Took.TotalNanoseconds,
        ["changeSummary"] = Object(run.Result.Counts.Where(c => c.Value > 0).OrderBy(c => c.Key).Select(c => (c.Key.Operation(), (JsonNode?)c.Value))),
    }.ToJsonString(Format);

    private static JsonObject Of(Step step, bool preview)
    {
        // What comes of a change is not known in a preview.
        var after = preview && step.New is { } state && step.Kind.Changes() ? state with { Id = "", Outputs = PropertyMap.Empty } : step.New;
        var json = Object(
        [
            ("op", step.Kind.Operation()),
            ("urn", step.Urn),
            ("provider", (step.New ?? step.Old) is { Provider.Length: > 0 } owned ? owned.Provider : null),
            ("oldState", Of(step.Old)),
            ("newState", Of(after)),
            ("diffReasons", Properties(step.Details)),
            ("replaceReasons", Properties(step.Details.Where(d => d.Value.Replaces))),
        ]);
        json["detailedDiff"] = step.Details.Count == 0 ? null : Object(step.Details.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, (JsonNode?)Of(d.Value))));
        return json;
    }

    private static JsonObject Of(PropertyDiff diff) => new()
    {
        ["kind"] = diff.Kind.ToString().ToLowerInvariant() + (diff.Replaces ? "-replace" : ""),
        ["inputDiff"] = false,
    };

    private static JsonObject Of(Remark remark) =>
        Object([("urn", remark.Urn.Length > 0 ? remark.Urn : null), ("message", remark.Message), ("severity", remark.Severity.ToString().ToLowerInvariant())]);

    private static JsonNode? Of(ResourceState? state)
    {
        if (state is null)
        {
            return null;
        }

        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { MaxDepth = Depth }))
        {
            DeploymentWriter.WriteResource(json, state, SecretsForm.Hidden);
        }

        return JsonNode.Parse(text.ToArray(), documentOptions: new JsonDocumentOptions { MaxDepth = Depth });
    }

    private static JsonArray? Properties(IEnumerable<KeyValuePair<string, PropertyDiff>> details)
    {
        var names = details.Select(d => DisplayText.Property(d.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : new JsonArray([.. names.Select(name => (JsonNode?)name)]);
    }

    // Members without a value are left out.
    private static JsonObject Object(IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(members.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Name, m.Value)));
}
