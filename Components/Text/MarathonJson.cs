using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>An app as the JSON that Marathon's <c>/v2/apps</c> takes.</summary>
public static class MarathonJson
{
    private const string Hidden = "[secret]";

    // Linux takes a command of at most 131,072 bytes.
    private const int Longest = 32_000;

    /// <summary>
    /// What may be shown of an app that holds secrets, as JSON of several lines: its id, the names of all fields, numbers and truths. A secret is a text, and Pulumi does
    /// not tell which, so no other text is shown.
    /// </summary>
    public static string Shown(AppSettings app)
    {
        using var whole = JsonDocument.Parse(For(app));
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            foreach (var field in whole.RootElement.EnumerateObject())
            {
                json.WritePropertyName(field.Name);
                if (field.NameEquals("id"))
                {
                    field.Value.WriteTo(json);
                }
                else
                {
                    WriteShown(json, field.Value);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Text as remarks of a shell, one a line. What would make the command too long is left out.</summary>
    public static string Remarks(string shown)
    {
        var left = Longest;
        var lines = shown.Split('\n').Select(line => $"# {line}").ToList();
        var kept = lines.TakeWhile(line => (left -= Encoding.UTF8.GetByteCount(line) + 1) >= 0).ToList();
        return string.Join('\n', kept.Count == lines.Count ? lines : [.. kept, string.Create(CultureInfo.InvariantCulture, $"# {lines.Count - kept.Count} more lines are left out here")]);
    }

    /// <summary>The JSON, always in the same order, so that equal settings give equal text.</summary>
    public static string For(AppSettings app)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("id", $"/{app.Id}");
            if (app.Cmd.Length > 0)
            {
                json.WriteString("cmd", app.Cmd);
            }

            json.WriteNumber("cpus", app.Cpus);
            json.WriteNumber("mem", app.Mem);
            json.WriteNumber("disk", app.Disk);
            json.WriteNumber("instances", app.Instances);
            if (!app.Ports.IsEmpty)
            {
                json.WriteStartArray("ports");
                foreach (var port in app.Ports)
                {
                    json.WriteNumberValue(port);
                }

                json.WriteEndArray();
            }

            foreach (var (name, value) in app.Further)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteShown(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    json.WritePropertyName(field.Name);
                    WriteShown(json, field.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteShown(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Hidden);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
