using System.Buffers;
using System.Text;
using System.Text.Json;
using MesosStack.Components.Settings;

namespace MesosStack.Components.Text;

/// <summary>An app as the JSON that Marathon's <c>/v2/apps</c> takes.</summary>
public static class MarathonJson
{
    /// <summary>The JSON, always in the same order, so that equal settings give equal text.</summary>
    public static string For(AppSettings app)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
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
}
