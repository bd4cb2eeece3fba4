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

    private const string HiddenText = "[secret]";

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

        // The resources come first in time, not in the file: sealing their first secret makes the salt.
        var values = new ValueWriter(secrets, seals);
        var resources = WriteAside(indented: false, w => WriteResources(w, deployment.Snapshot, values));
        var pending = WriteAside(indented: false, w => WritePending(w, deployment.Snapshot.PendingOperations, values));
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

    /// <summary>Writes one resource as it stands in a state, its secrets sealed.</summary>
    internal static void WriteResource(Utf8JsonWriter json, ResourceState resource, SealedValues seals) =>
        WriteResource(json, resource, new ValueWriter(SecretsForm.Sealed, seals));

    /// <summary>Writes an operation that is under way as it stands in a state.</summary>
    internal static void WritePending(Utf8JsonWriter json, PendingOperation operation, SealedValues seals) =>
        WritePending(json, operation, new ValueWriter(SecretsForm.Sealed, seals));

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

    private static void WriteResources(Utf8JsonWriter json, Snapshot snapshot, ValueWriter values)
    {
        json.WriteStartArray();
        foreach (var resource in snapshot.Resources)
        {
            WriteResource(json, resource, values);
        }

        json.WriteEndArray();
    }

    private static void WritePending(Utf8JsonWriter json, ImmutableArray<PendingOperation> operations, ValueWriter values)
    {
        json.WriteStartArray();
        foreach (var operation in operations)
        {
            WritePending(json, operation, values);
        }

        json.WriteEndArray();
    }

    private static void WritePending(Utf8JsonWriter json, PendingOperation operation, ValueWriter values)
    {
        json.WriteStartObject();
        json.WritePropertyName("resource");
        WriteResource(json, operation.Resource, values);
        json.WriteString("type", operation.Kind switch
        {
            OperationKind.Creating => "creating",
            OperationKind.Updating => "updating",
            OperationKind.Deleting => "deleting",
            _ => "reading",
        });
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ResourceState resource, ValueWriter values)
    {
        var place = resource.Delete ? $"{resource.Urn}!{resource.Id}" : resource.Urn;
        json.WriteStartObject();
        json.WriteString("urn", resource.Urn);
        json.WriteBoolean("custom", resource.Custom);
        Flag("delete", resource.Delete);
        Text("id", resource.Id);
        json.WriteString("type", resource.Type);
        Map("inputs", resource.Inputs);
        Map("outputs", resource.Outputs);
        Text("parent", resource.Parent);
        Flag("protect", resource.Protect);
        Texts("dependencies", resource.Dependencies);
        Texts("initErrors", resource.InitErrors);
        Text("provider", resource.Provider);
        if (resource.PropertyDependencies.Count > 0)
        {
            json.WriteStartObject("propertyDependencies");
            foreach (var (property, urns) in resource.PropertyDependencies)
            {
                json.WriteStartArray(property);
                foreach (var urn in urns)
                {
                    json.WriteStringValue(urn);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        Flag("pendingReplacement", resource.PendingReplacement);
        Texts("additionalSecretOutputs", resource.AdditionalSecretOutputs);
        Texts("ignoreChanges", resource.IgnoreChanges);
        Texts("replaceOnChanges", resource.ReplaceOnChanges);
        if (resource.CustomTimeouts is { } timeouts)
        {
            json.WriteStartObject("customTimeouts");
            Seconds("create", timeouts.Create);
            Seconds("update", timeouts.Update);
            Seconds("delete", timeouts.Delete);
            json.WriteEndObject();
        }

        Flag("retainOnDelete", resource.RetainOnDelete);
        Text("deletedWith", resource.DeletedWith);
        Time("created", resource.Created);
        Time("modified", resource.Modified);
        WriteUnused(json, resource.Unused);
        json.WriteEndObject();

        void Flag(string name, bool value)
        {
            if (value)
            {
                json.WriteBoolean(name, true);
            }
        }

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                json.WriteString(name, value);
            }
        }

        void Texts(string name, ImmutableArray<string> texts)
        {
            if (texts.Length > 0)
            {
                json.WriteStartArray(name);
                foreach (var text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
            }
        }

        void Map(string name, PropertyMap map)
        {
            if (map.Count > 0)
            {
                json.WritePropertyName(name);
                values.Write(json, map, $"{place}.{name}");
            }
        }

        void Seconds(string name, TimeSpan? value)
        {
            if (value is { } span)
            {
                json.WriteNumber(name, span.TotalSeconds);
            }
        }

        void Time(string name, DateTimeOffset? value)
        {
            if (value is { } time)
            {
                json.WriteString(name, time.UtcDateTime);
            }
        }
    }

    private static void WriteUnused(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> unused)
    {
        foreach (var (name, text) in unused)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(text);
        }
    }

    private sealed class ValueWriter(SecretsForm form, SealedValues? seals)
    {
        public void Write(Utf8JsonWriter json, PropertyMap map, string place)
        {
            json.WriteStartObject();
            foreach (var (name, value) in map)
            {
                json.WritePropertyName(name);
                Write(json, value, $"{place}.{name}");
            }

            json.WriteEndObject();
        }

        public void Write(Utf8JsonWriter json, PropertyValue value, string place)
        {
            switch (value)
            {
                case PropertyValue.Null:
                    json.WriteNullValue();
                    break;
                case PropertyValue.Bool b:
                    json.WriteBooleanValue(b.Value);
                    break;
                case PropertyValue.Number n:
                    json.WriteNumberValue(n.Value);
                    break;
                case PropertyValue.Text t:
                    json.WriteStringValue(t.Value);
                    break;
                case PropertyValue.Unknown:
                    json.WriteStringValue(Signatures.UnknownString);
                    break;
                case PropertyValue.Array array:
                    json.WriteStartArray();
                    for (var i = 0; i < array.Items.Length; i++)
                    {
                        Write(json, array.Items[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"));
                    }

                    json.WriteEndArray();
                    break;
                case PropertyValue.Object o:
                    Write(json, o.Properties, place);
                    break;
                case PropertyValue.Reference reference:
                    WriteReference(json, reference);
                    break;
                case PropertyValue.Archive archive:
                    WriteArchive(json, archive);
                    break;
                case PropertyValue.Secret secret:
                    WriteSecret(json, secret, place);
                    break;
                default:
                    throw new NotSupportedException($"cannot write a value of type {value.GetType().Name}");
            }
        }

        private static void WriteReference(Utf8JsonWriter json, PropertyValue.Reference reference)
        {
            json.WriteStartObject();
            json.WriteString(Signatures.Key, Signatures.ResourceReference);
            json.WriteString("urn", reference.Urn);
            json.WriteString("packageVersion", reference.PackageVersion ?? "");
            if (reference.Id is not null)
            {
                json.WriteString("id", reference.Id);
            }

            json.WriteEndObject();
        }

        private static void WriteArchive(Utf8JsonWriter json, PropertyValue.Archive archive)
        {
            json.WriteStartObject();
            json.WriteString(Signatures.Key, Signatures.Archive);
            if (archive.Hash.Length > 0)
            {
                json.WriteString("hash", archive.Hash);
            }

            json.WriteString("path", archive.Path);
            json.WriteEndObject();
        }

        private void WriteSecret(Utf8JsonWriter json, PropertyValue.Secret secret, string place)
        {
            if (form == SecretsForm.Hidden)
            {
                json.WriteStringValue(HiddenText);
                return;
            }

            // What is inside is sealed as a whole: a secret in it stands there in clear, marked.
            var inner = new ValueWriter(SecretsForm.Sealed, null);
            var clear = Encoding.UTF8.GetString(WriteAside(indented: false, w => inner.Write(w, secret.Value, place)));
            json.WriteStartObject();
            json.WriteString(Signatures.Key, Signatures.Secret);
            if (form == SecretsForm.Clear)
            {
                json.WriteString("plaintext", clear);
            }
            else
            {
                json.WriteString("ciphertext", seals is null ? clear : seals.Seal(place, clear));
            }

            json.WriteEndObject();
        }
    }
}
