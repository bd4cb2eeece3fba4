using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>Reads Pulumi's deployment v3 JSON, in either of its forms.</summary>
public static class DeploymentReader
{
    internal static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Reads and checks a state.</summary>
    /// <param name="json">The file.</param>
    /// <param name="seals">Makes the memory of sealed values, given the salt that stands in the state (null for none).</param>
    /// <exception cref="StateException">It is not a deployment that this engine can work with, or it is inconsistent.</exception>
    /// <exception cref="SecretsException">A secret in it cannot be opened.</exception>
    public static (Deployment Deployment, SealedValues Seals) Read(ReadOnlyMemory<byte> json, Func<string?, SealedValues> seals)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var deployment = Unwrap(document.RootElement);
            if (deployment is not { } found)
            {
                return (Deployment.Empty, seals(null));
            }

            var salt = ReadSalt(found);
            var values = seals(salt);
            return (ReadDeployment(found, salt, values), values);
        }
        catch (JsonException e)
        {
            throw new StateException($"the state is not valid JSON (line {e.LineNumber + 1}); the copy before it has the ending .bak", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new StateException("the state does not have the shape of a Pulumi deployment: " + e.Message, e);
        }
    }

    private static JsonElement? Unwrap(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var version))
        {
            throw new StateException("the state has no version: it is no Pulumi deployment");
        }

        if (version.GetInt32() is not (3 or 4))
        {
            throw new StateException(string.Create(CultureInfo.InvariantCulture, $"the state has version {version.GetInt32()}; this engine reads 3 (and 4 where it names no feature)"));
        }

        if (root.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Array && features.GetArrayLength() > 0)
        {
            throw new StateException($"the state needs features that this engine does not have: {string.Join(", ", features.EnumerateArray().Select(f => f.GetString()))}");
        }

        if (root.TryGetProperty("deployment", out var deployment))
        {
            return deployment;
        }

        if (!root.TryGetProperty("checkpoint", out var checkpoint))
        {
            throw new StateException("the state has neither a checkpoint nor a deployment");
        }

        return checkpoint.TryGetProperty("latest", out var latest) && latest.ValueKind == JsonValueKind.Object ? latest : null;
    }

    private static string? ReadSalt(JsonElement deployment)
    {
        if (!deployment.TryGetProperty("secrets_providers", out var provider) || provider.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var type = Text(provider, "type");
        return type switch
        {
            "" => null,
            "passphrase" => Text(provider.GetProperty("state"), "salt"),
            _ => throw new StateException($"the state's secrets are sealed by '{type}'; this engine knows 'passphrase'"),
        };
    }

    private static Deployment ReadDeployment(JsonElement element, string? salt, SealedValues seals)
    {
        var resources = Items(element, "resources").Select((r, i) => ReadResource(r, seals, string.Create(CultureInfo.InvariantCulture, $"resources[{i}]"))).ToImmutableArray();
        var pending = Items(element, "pending_operations")
            .Select((p, i) => ReadPending(p, seals, string.Create(CultureInfo.InvariantCulture, $"pending[{i}]")))
            .ToImmutableArray();
        var unused = Unused(element, static name => name is "manifest" or "secrets_providers" or "resources" or "pending_operations" or "metadata");
        var snapshot = new Snapshot(resources, pending);
        if (element.TryGetProperty("manifest", out var manifest))
        {
            SnapshotIntegrity.CheckManifest(Text(manifest, "version"), Text(manifest, "magic"));
        }

        SnapshotIntegrity.Check(snapshot);
        return new Deployment(snapshot, salt, unused);
    }

    /// <summary>Reads an operation that is under way.</summary>
    /// <param name="element">Its JSON.</param>
    /// <param name="seals">Opens its secrets.</param>
    /// <param name="at">Where it stands, for messages.</param>
    internal static PendingOperation ReadPending(JsonElement element, SealedValues seals, string at) =>
        new(ReadResource(element.GetProperty("resource"), seals, at), ReadKind(Text(element, "type")));

    private static OperationKind ReadKind(string type) => type switch
    {
        "creating" => OperationKind.Creating,
        "updating" => OperationKind.Updating,
        "deleting" => OperationKind.Deleting,
        "reading" => OperationKind.Reading,
        _ => throw new StateException($"the state has a pending operation of kind '{type}', which this engine does not know"),
    };

    /// <summary>Reads a resource.</summary>
    /// <param name="element">Its JSON.</param>
    /// <param name="seals">Opens its secrets.</param>
    /// <param name="at">Where it stands, for messages.</param>
    internal static ResourceState ReadResource(JsonElement element, SealedValues seals, string at)
    {
        var urn = Text(element, "urn");
        var type = Text(element, "type");
        if (urn.Length == 0 || type.Length == 0)
        {
            throw new StateException($"{at} of the state has no {(urn.Length == 0 ? "urn" : "type")}");
        }

        // Deleting it is nobody's business here: the stack only looked at it.
        if (Flag(element, "external"))
        {
            throw new StateException($"{urn} was only read by the program, not made (external), which this engine does not do: the official CLI takes it out of the state once the program reads it no longer");
        }

        // A resource and the one that replaces it share the URN; which of them it is makes the place.
        var place = Flag(element, "delete") ? $"{urn}!{Text(element, "id")}" : urn;
        return new ResourceState
        {
            Urn = urn,
            Type = type,
            Custom = Flag(element, "custom"),
            Id = Text(element, "id"),
            Delete = Flag(element, "delete"),
            PendingReplacement = Flag(element, "pendingReplacement"),
            Inputs = ReadMap(element, "inputs", seals, place + ".inputs"),
            Outputs = ReadMap(element, "outputs", seals, place + ".outputs"),
            Parent = Text(element, "parent"),
            Protect = Flag(element, "protect"),
            RetainOnDelete = Flag(element, "retainOnDelete"),
            Dependencies = Texts(element, "dependencies"),
            PropertyDependencies = ReadPropertyDependencies(element),
            Provider = Text(element, "provider"),
            AdditionalSecretOutputs = Texts(element, "additionalSecretOutputs"),
            IgnoreChanges = Texts(element, "ignoreChanges"),
            ReplaceOnChanges = Texts(element, "replaceOnChanges"),
            InitErrors = Texts(element, "initErrors"),
            CustomTimeouts = ReadTimeouts(element),
            DeletedWith = Text(element, "deletedWith"),
            Created = Time(element, "created"),
            Modified = Time(element, "modified"),
            Unused = Unused(element, ResourceFields.Used.Contains),
        };
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> ReadPropertyDependencies(JsonElement element)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (element.TryGetProperty("propertyDependencies", out var all) && all.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in all.EnumerateObject())
            {
                result[property.Name] = Texts(property.Value);
            }
        }

        return result.ToImmutable();
    }

    private static Timeouts? ReadTimeouts(JsonElement element)
    {
        if (!element.TryGetProperty("customTimeouts", out var timeouts) || timeouts.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        TimeSpan? Seconds(string name) => timeouts.TryGetProperty(name, out var value) && value.GetDouble() > 0 ? TimeSpan.FromSeconds(value.GetDouble()) : null;
        var read = new Timeouts(Seconds("create"), Seconds("update"), Seconds("delete"));
        return read == new Timeouts(null, null, null) ? null : read;
    }

    private static PropertyMap ReadMap(JsonElement element, string name, SealedValues seals, string place) =>
        element.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object ? ReadMap(map, seals, place) : PropertyMap.Empty;

    private static PropertyMap ReadMap(JsonElement map, SealedValues? seals, string place) =>
        PropertyMap.From(map.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, ReadValue(p.Value, seals, $"{place}.{p.Name}"))));

    private static PropertyValue ReadValue(JsonElement value, SealedValues? seals, string place) => value.ValueKind switch
    {
        JsonValueKind.Null => PropertyValue.Nothing,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => Signatures.Unknowns.Contains(value.GetString()!) ? PropertyValue.NotKnown : value.GetString()!,
        JsonValueKind.Array => new PropertyValue.Array([.. value.EnumerateArray().Select((v, i) => ReadValue(v, seals, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]")))]),
        _ => ReadObject(value, seals, place),
    };

    private static PropertyValue ReadObject(JsonElement value, SealedValues? seals, string place)
    {
        if (!value.TryGetProperty(Signatures.Key, out var signature))
        {
            return new PropertyValue.Object(ReadMap(value, seals, place));
        }

        return signature.GetString() switch
        {
            Signatures.Secret => ReadSecret(value, seals, place),
            Signatures.ResourceReference => new PropertyValue.Reference(
                Text(value, "urn"),
                value.TryGetProperty("id", out var id) ? id.GetString() : null,
                value.TryGetProperty("packageVersion", out var version) && version.GetString() is { Length: > 0 } v ? v : null),
            Signatures.Archive when Text(value, "path") is { Length: > 0 } path => new PropertyValue.Archive(path, Text(value, "hash")),
            Signatures.Asset or Signatures.Archive => throw new StateException($"{place} is an asset, or an archive that is no folder, which the embedded engine does not have"),
            _ => throw new StateException($"{place} is a special value of an unknown kind"),
        };
    }

    private static PropertyValue.Secret ReadSecret(JsonElement value, SealedValues? seals, string place)
    {
        if (!value.TryGetProperty("ciphertext", out var ciphertext) || ciphertext.GetString() is not { } text)
        {
            throw new StateException($"{place} is a secret without a ciphertext");
        }

        // A secret inside a secret is not sealed a second time.
        var clear = seals is null ? text : seals.Open(place, text);
        using var inner = JsonDocument.Parse(clear, Options);
        return new PropertyValue.Secret(ReadValue(inner.RootElement, null, place));
    }

    private static ImmutableSortedDictionary<string, string> Unused(JsonElement element, Func<string, bool> used) =>
        element.EnumerateObject().Where(p => !used(p.Name)).ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetRawText(), StringComparer.Ordinal);

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString()! : "";

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        Text(element, name) is { Length: > 0 } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) : null;

    private static ImmutableArray<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Texts(value) : [];

    private static ImmutableArray<string> Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [];
}
