using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Writes Pulumi's deployment v3 JSON.</summary>
public static class DeploymentWriter
{
    /// <summary>The version that a manifest names as its writer.</summary>
    public const string EngineVersion = "mesos-stack-0.1";

    /// <summary>Writes a state.</summary>
    /// <param name="deployment">The state.</param>
    /// <param name="form">Which of the two forms.</param>
    /// <param name="stack">The stack's full name, <c>organization/project/stack</c>; stands in a checkpoint.</param>
    /// <param name="secrets">How secrets are written.</param>
    /// <param name="seals">Seals them; null where <paramref name="secrets"/> is another form.</param>
    /// <param name="salt">Gives the salt after everything was sealed: sealing the first secret makes it.</param>
    /// <param name="time">Now.</param>
    public static byte[] Write(Deployment deployment, DeploymentForm form, string stack, SecretsForm secrets, SealedValues? seals, Func<string?> salt, DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 });
        json.WriteStartObject();
        json.WriteNumber("version", 3);
        if (form == DeploymentForm.Checkpoint)
        {
            json.WriteStartObject("checkpoint");
            json.WriteString("stack", stack);
            json.WriteStartObject("latest");
        }
        else
        {
            json.WriteStartObject("deployment");
        }

        json.WriteStartObject("manifest");
        json.WriteString("time", time.UtcDateTime);
        json.WriteString("magic", SnapshotIntegrity.Magic(EngineVersion));
        json.WriteString("version", EngineVersion);
        json.WriteEndObject();

        // The resources are written before the header, because encrypting the first secret makes the salt.
        var values = new ValueWriter(secrets, seals);
        var resources = WriteAll(deployment.Snapshot.Resources, WriteResource, values);
        var pending = WriteAll(deployment.Snapshot.PendingOperations, WritePending, values);
        if (salt() is { } found)
        {
            json.WriteStartObject("secrets_providers");
            json.WriteString("type", "passphrase");
            json.WriteStartObject("state");
            json.WriteString("salt", found);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (!deployment.Snapshot.Resources.IsEmpty)
        {
            json.WritePropertyName("resources");
            json.WriteRawValue(resources, skipInputValidation: true);
        }

        if (!deployment.Snapshot.PendingOperations.IsEmpty)
        {
            json.WritePropertyName("pending_operations");
            json.WriteRawValue(pending, skipInputValidation: true);
        }

        WriteUnused(json, deployment.Unused);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
        if (form == DeploymentForm.Checkpoint)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one resource as it stands in a state.</summary>
    public static void WriteResource(Utf8JsonWriter json, ResourceState resource, SecretsForm secrets) =>
        WriteResource(json, resource, new ValueWriter(secrets, null));

    /// <summary>Writes one value as JSON text; unknown values as their placeholder.</summary>
    public static string ToJson(PropertyValue value, SecretsForm secrets, bool indented = false) =>
        Encoding.UTF8.GetString(WriteAside(indented, w => new ValueWriter(secrets, null).Write(w, value, "")));

    internal static byte[] WriteAside(bool indented, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 });
        write(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] WriteAll<T>(ImmutableArray<T> items, Action<Utf8JsonWriter, T, ValueWriter> write, ValueWriter values) => WriteAside(indented: false, json =>
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(json, item, values);
        }

        json.WriteEndArray();
    });

    /// <summary>Writes an operation that is under way as it stands in a state.</summary>
    internal static void WritePending(Utf8JsonWriter json, PendingOperation operation, ValueWriter values)
    {
        json.WriteStartObject();
        json.WritePropertyName("resource");
        WriteResource(json, operation.Resource, values);
        json.WriteString("type", operation.Kind.ToString().ToLowerInvariant());
        json.WriteEndObject();
    }

    /// <summary>Writes one resource as it stands in a state.</summary>
    internal static void WriteResource(Utf8JsonWriter json, ResourceState resource, ValueWriter values)
    {
        json.WriteStartObject();
        foreach (var field in ResourceFields.All)
        {
            field.Write(json, resource, values);
        }

        WriteUnused(json, resource.Unused);
        json.WriteEndObject();
    }

    private static void WriteUnused(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> unused)
    {
        foreach (var (name, text) in unused)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(text);
        }
    }
}
