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

            var (salt, unknown) = ReadSalt(found);
            var values = unknown.Length == 0 ? seals(salt) : new SealedValues(() => throw new StateException($"the state's secrets are sealed by '{unknown}'; this engine knows 'passphrase', and secrets in clear as `pulumi stack export --show-secrets` prints them"));
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

    // The salt of a passphrase, or the kind of what else seals the secrets.
    private static (string? Salt, string Unknown) ReadSalt(JsonElement deployment)
    {
        if (!deployment.TryGetProperty("secrets_providers", out var provider) || provider.ValueKind != JsonValueKind.Object)
        {
            return (null, "");
        }

        var type = Text(provider, "type");
        return type switch
        {
            "" => (null, ""),
            "passphrase" => (Text(provider.GetProperty("state"), "salt"), ""),
            _ => (null, type),
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

        // The stack only read this resource, so the engine never deletes it.
        if (Flag(element, "external"))
        {
            throw new StateException($"{urn} was only read by the program, not made (external), which this engine does not do: the official CLI takes it out of the state once the program reads it no longer");
        }

        var values = new ValueReader(seals);
        var read = new ResourceState { Urn = urn, Type = type, Custom = false, Delete = Flag(element, "delete"), Id = Text(element, "id") };
        foreach (var member in element.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            read = ResourceFields.ByName.TryGetValue(member.Name, out var field) ? field.Read(read, member.Value, values) : read;
        }

        return read with { Unused = Unused(element, ResourceFields.ByName.ContainsKey) };
    }

    private static ImmutableSortedDictionary<string, string> Unused(JsonElement element, Func<string, bool> used) =>
        element.EnumerateObject().Where(p => !used(p.Name)).ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetRawText(), StringComparer.Ordinal);

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>A text member; "" where it is absent or null.</summary>
    internal static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString()! : "";

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();
}
