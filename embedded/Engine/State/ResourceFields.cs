using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.State;

/// <summary>
/// The members of a resource in Pulumi's deployment v3, in the order in which they are written. Reading, writing and comparing resources come from this list, so a member that
/// is added here is known everywhere.
/// </summary>
internal static class ResourceFields
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ResourceField> All { get; } =
    [
        Text("urn", r => r.Urn, (r, value) => r with { Urn = value }),
        Flag("custom", r => r.Custom, (r, value) => r with { Custom = value }, isAlwaysWritten: true),
        Flag("delete", r => r.Delete, (r, value) => r with { Delete = value }),
        Text("id", r => r.Id, (r, value) => r with { Id = value }),
        Text("type", r => r.Type, (r, value) => r with { Type = value }),
        Map("inputs", r => r.Inputs, (r, value) => r with { Inputs = value }),
        Map("outputs", r => r.Outputs, (r, value) => r with { Outputs = value }),
        Text("parent", r => r.Parent, (r, value) => r with { Parent = value }),
        Flag("protect", r => r.Protect, (r, value) => r with { Protect = value }),
        Texts("dependencies", r => r.Dependencies, (r, value) => r with { Dependencies = value }),
        Texts("initErrors", r => r.InitErrors, (r, value) => r with { InitErrors = value }),
        Text("provider", r => r.Provider, (r, value) => r with { Provider = value }),
        TextsByName("propertyDependencies", r => r.PropertyDependencies, (r, value) => r with { PropertyDependencies = value }),
        Flag("pendingReplacement", r => r.PendingReplacement, (r, value) => r with { PendingReplacement = value }),
        Texts("additionalSecretOutputs", r => r.AdditionalSecretOutputs, (r, value) => r with { AdditionalSecretOutputs = value }),
        Texts("ignoreChanges", r => r.IgnoreChanges, (r, value) => r with { IgnoreChanges = value }),
        Texts("replaceOnChanges", r => r.ReplaceOnChanges, (r, value) => r with { ReplaceOnChanges = value }),
        Limits("customTimeouts", r => r.CustomTimeouts, (r, value) => r with { CustomTimeouts = value }),
        Flag("retainOnDelete", r => r.RetainOnDelete, (r, value) => r with { RetainOnDelete = value }),
        Text("deletedWith", r => r.DeletedWith, (r, value) => r with { DeletedWith = value }),
        Time("created", r => r.Created, (r, value) => r with { Created = value }),
        Time("modified", r => r.Modified, (r, value) => r with { Modified = value }),
    ];

    /// <summary>By their names.</summary>
    public static FrozenDictionary<string, ResourceField> ByName { get; } = All.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>Whether both would be written the same. Records compare their arrays by identity.</summary>
    public static bool Same(ResourceState a, ResourceState b) => All.All(field => field.IsSame(a, b)) && a.Unused.SequenceEqual(b.Unused);

    private static ResourceField Text(string name, Func<ResourceState, string> get, Func<ResourceState, string, ResourceState> set) => new(
        name,
        (json, r, _) =>
        {
            if (get(r).Length > 0)
            {
                json.WriteString(name, get(r));
            }
        },
        (r, value, _) => set(r, value.GetString()!),
        (a, b) => get(a) == get(b));

    private static ResourceField Flag(string name, Func<ResourceState, bool> get, Func<ResourceState, bool, ResourceState> set, bool isAlwaysWritten = false) => new(
        name,
        (json, r, _) =>
        {
            if (get(r) || isAlwaysWritten)
            {
                json.WriteBoolean(name, get(r));
            }
        },
        (r, value, _) => set(r, value.GetBoolean()),
        (a, b) => get(a) == get(b));

    private static ResourceField Texts(string name, Func<ResourceState, ImmutableArray<string>> get, Func<ResourceState, ImmutableArray<string>, ResourceState> set) => new(
        name,
        (json, r, _) =>
        {
            if (get(r).Length > 0)
            {
                WriteTexts(json, name, get(r));
            }
        },
        (r, value, _) => set(r, ReadTexts(value)),
        (a, b) => get(a).SequenceEqual(get(b)));

    private static ResourceField TextsByName(
        string name, Func<ResourceState, ImmutableSortedDictionary<string, ImmutableArray<string>>> get, Func<ResourceState, ImmutableSortedDictionary<string, ImmutableArray<string>>, ResourceState> set) => new(
        name,
        (json, r, _) =>
        {
            if (get(r).Count > 0)
            {
                json.WriteStartObject(name);
                foreach (var (key, texts) in get(r))
                {
                    WriteTexts(json, key, texts);
                }

                json.WriteEndObject();
            }
        },
        (r, value, _) => set(r, value.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => ReadTexts(p.Value), StringComparer.Ordinal)),
        (a, b) => get(a).Count == get(b).Count && get(a).Zip(get(b)).All(pair => pair.First.Key == pair.Second.Key && pair.First.Value.SequenceEqual(pair.Second.Value)));

    private static ResourceField Map(string name, Func<ResourceState, PropertyMap> get, Func<ResourceState, PropertyMap, ResourceState> set) => new(
        name,
        (json, r, values) =>
        {
            if (get(r).Count > 0)
            {
                json.WritePropertyName(name);
                values.Write(json, get(r), $"{Place(r)}.{name}");
            }
        },
        (r, value, values) => set(r, values.ReadMap(value, $"{Place(r)}.{name}")),
        (a, b) => get(a).Equals(get(b)));

    private static ResourceField Limits(string name, Func<ResourceState, Timeouts?> get, Func<ResourceState, Timeouts?, ResourceState> set) => new(
        name,
        (json, r, _) =>
        {
            if (get(r) is { } limits)
            {
                json.WriteStartObject(name);
                foreach (var (operation, limit) in new[] { ("create", limits.Create), ("update", limits.Update), ("delete", limits.Delete) })
                {
                    if (limit is { } time)
                    {
                        json.WriteNumber(operation, time.TotalSeconds);
                    }
                }

                json.WriteEndObject();
            }
        },
        (r, value, _) =>
        {
            TimeSpan? Seconds(string operation) => value.TryGetProperty(operation, out var limit) && limit.GetDouble() > 0 ? TimeSpan.FromSeconds(limit.GetDouble()) : null;
            return set(r, Timeouts.Of(Seconds("create"), Seconds("update"), Seconds("delete")));
        },
        (a, b) => get(a) == get(b));

    private static ResourceField Time(string name, Func<ResourceState, DateTimeOffset?> get, Func<ResourceState, DateTimeOffset?, ResourceState> set) => new(
        name,
        (json, r, _) =>
        {
            if (get(r) is { } time)
            {
                json.WriteString(name, time.UtcDateTime);
            }
        },
        (r, value, _) => value.GetString() is { Length: > 0 } text
            ? set(r, DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal))
            : r,
        (a, b) => get(a) == get(b));

    // A resource and the one that replaces it share the URN. Where a secret stands has to tell them apart.
    private static string Place(ResourceState resource) => resource.Delete ? $"{resource.Urn}!{resource.Id}" : resource.Urn;

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static ImmutableArray<string> ReadTexts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [];
}

/// <summary>One member of a resource.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Write">Writes it, where it has anything to say.</param>
/// <param name="Read">Gives the resource with the member read from JSON that is not null. The members that tell where a secret stands are read before the others.</param>
/// <param name="IsSame">Whether two resources have the same.</param>
internal sealed record ResourceField(
    string Name,
    Action<Utf8JsonWriter, ResourceState, ValueWriter> Write,
    Func<ResourceState, JsonElement, ValueReader, ResourceState> Read,
    Func<ResourceState, ResourceState, bool> IsSame);
