using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
    /// <summary>Makes the document.</summary>
    public static string Make(StackConfiguration configuration, Run run)
    {
        var (log, result) = (run.Log, run.Result);
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject("config");
        foreach (var (key, value) in configuration.Values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, configuration.SecretKeys.Contains(key) ? "[secret]" : result.Clean(value));
        }

        json.WriteEndObject();
        json.WriteStartArray("steps");
        foreach (var step in ShownSteps.Of(log.Steps, result.Clean))
        {
            WriteStep(json, step, run.IsPreview);
        }

        json.WriteEndArray();
        json.WriteStartArray("diagnostics");
        foreach (var (urn, severity, message) in log.Diagnostics)
        {
            json.WriteStartObject();
            if (urn.Length > 0)
            {
                json.WriteString("urn", urn);
            }

            json.WriteString("message", message);
            json.WriteString("severity", severity.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("duration", (long)run.Took.TotalNanoseconds);
        json.WriteStartObject("changeSummary");
        foreach (var (kind, count) in result.Counts.Where(c => c.Value > 0).OrderBy(c => c.Key))
        {
            json.WriteNumber(DisplayText.Operation(kind), count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteStep(Utf8JsonWriter json, Step step, bool preview)
    {
        json.WriteStartObject();
        json.WriteString("op", DisplayText.Operation(step.Kind));
        json.WriteString("urn", step.Urn);
        if ((step.New ?? step.Old) is { Provider.Length: > 0 } owned)
        {
            json.WriteString("provider", owned.Provider);
        }

        WriteState("oldState", step.Old);

        // What comes of a change is not known in a preview.
        WriteState("newState", preview && step.New is { } state && DisplayText.Changes(step.Kind) ? state with { Id = "", Outputs = PropertyMap.Empty } : step.New);
        WriteKeys("diffReasons", step.Details.Keys);
        WriteKeys("replaceReasons", step.Details.Where(d => d.Value.Replaces).Select(d => d.Key));
        if (step.Details.Count == 0)
        {
            json.WriteNull("detailedDiff");
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject("detailedDiff");
        foreach (var (path, diff) in step.Details.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(path);
            json.WriteString("kind", diff.Kind switch
            {
                PropertyDiffKind.Add => "add",
                PropertyDiffKind.Delete => "delete",
                _ => "update",
            } + (diff.Replaces ? "-replace" : ""));
            json.WriteBoolean("inputDiff", false);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();

        void WriteState(string name, ResourceState? state)
        {
            if (state is not null)
            {
                json.WritePropertyName(name);
                DeploymentWriter.WriteResource(json, state, SecretsForm.Hidden);
            }
        }

        void WriteKeys(string name, IEnumerable<string> paths)
        {
            var keys = paths.Select(p => p.Split('.', '[')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (keys.Count > 0)
            {
                json.WriteStartArray(name);
                keys.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }
        }
    }
}
