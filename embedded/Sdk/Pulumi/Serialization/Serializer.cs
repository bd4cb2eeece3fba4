using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Protocol;
using Type = System.Type;

namespace Pulumi.Serialization;

/// <summary>Turns arguments and outputs into values on the wire, and notes the resources they depend on.</summary>
internal sealed class Serializer
{
    private readonly bool _keepResources;
    private readonly List<Resource> _resources = [];

    private Serializer(bool keepResources) => _keepResources = keepResources;

    /// <summary>Serializes one property.</summary>
    /// <param name="name">Its name, for error texts.</param>
    /// <param name="value">Anything that may stand in arguments.</param>
    /// <param name="keepResources">Whether the engine takes references; else resources travel as id or URN.</param>
    /// <param name="owner">Whose property it is, to be named in an error; "" for nobody's.</param>
    /// <returns>The value and the resources met in it, in their order.</returns>
    /// <exception cref="InvalidOperationException">Something in it cannot travel or has failed.</exception>
    public static async Task<(Value Wire, List<Resource> Resources)> SerializePropertyAsync(string name, object? value, bool keepResources, string owner = "")
    {
        var serializer = new Serializer(keepResources);
        Value wire;
        try
        {
            wire = await serializer.SerializeAsync(owner.Length > 0 ? $"{owner}.{name}" : name, value);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"error serializing property \"{name}\": {e.Message}", e);
        }

        return (wire, serializer._resources);
    }

    private static Value Special(string signature, params ReadOnlySpan<(string Name, Value Value)> fields)
    {
        var result = new Struct();
        result.Fields[Signatures.Key] = Value.ForString(signature);
        foreach (var (name, value) in fields)
        {
            result.Fields[name] = value;
        }

        return Value.ForStruct(result);
    }

    private Task<Value> SerializeAsync(string context, object? value) => value switch
    {
        null or ValueTuple => Task.FromResult(Value.ForNull()),
        bool b => Task.FromResult(Value.ForBool(b)),
        int n => Task.FromResult(Value.ForNumber(n)),
        double n => Task.FromResult(Value.ForNumber(n)),
        string s => Task.FromResult(Value.ForString(s)),
        FileArchive archive => Task.FromResult(Special(Signatures.Archive, ("path", Value.ForString(archive.Path)))),
        InputArgs args => SerializeObjectAsync(context, InputMembers.ValuesOf(args)),
        Task => throw new InvalidOperationException("Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output"),
        IInput input => SerializeOutputAsync(context, input.Wire),
        IUnion union => SerializeAsync(context, union.Value),
        IOutput output => SerializeOutputAsync(context, output),
        CustomResource resource => SerializeCustomAsync(resource),
        ComponentResource component => SerializeComponentAsync(component),
        IDictionary dictionary => SerializeObjectAsync(context, Entries(context, dictionary)),
        IList list => SerializeListAsync(context, list),
        _ => SerializeOtherAsync(context, value),
    };

    private async Task<Value> SerializeOutputAsync(string context, IOutput output)
    {
        var data = await output.GetDataAsync();
        _resources.AddRange(data.Resources);
        if (!data.IsKnown)
        {
            return Value.ForString(Signatures.UnknownString);
        }

        var value = await SerializeAsync(context, data.Value);
        return data.IsSecret ? Special(Signatures.Secret, ("value", value)) : value;
    }

    private async Task<Value> SerializeCustomAsync(CustomResource resource)
    {
        _resources.Add(resource);
        var id = await SerializeOutputAsync("id", resource.Id);
        if (!_keepResources)
        {
            return id;
        }

        var urn = await SerializeOutputAsync("urn", resource.Urn);
        return Special(
            Signatures.ResourceReference, ("id", id.StringValue == Signatures.UnknownString ? Value.ForString("") : id), ("urn", urn));
    }

    private async Task<Value> SerializeComponentAsync(ComponentResource component)
    {
        var urn = await SerializeOutputAsync("urn", component.Urn);
        return _keepResources ? Special(Signatures.ResourceReference, ("urn", urn)) : urn;
    }

    private async Task<Value> SerializeObjectAsync(string context, IEnumerable<KeyValuePair<string, object?>> entries)
    {
        var result = new Struct();
        foreach (var (key, value) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            var wire = await SerializeAsync($"{context}.{key}", value);
            if (wire.KindCase != Value.KindOneofCase.NullValue)
            {
                result.Fields[key] = wire;
            }
        }

        return Value.ForStruct(result);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(string context, IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary)
        {
            yield return entry.Key is string key
                ? KeyValuePair.Create(key, entry.Value)
                : throw new InvalidOperationException($"Dictionaries are only supported with string keys, not {entry.Key.GetType()}: {context}");
        }
    }

    private async Task<Value> SerializeListAsync(string context, IList list)
    {
        var values = new List<Value>();
        if (!IsDefaultArray(list))
        {
            for (var i = 0; i < list.Count; i++)
            {
                values.Add(await SerializeAsync($"{context}[{i}]", list[i]));
            }
        }

        return Value.ForList([.. values]);
    }

    // An ImmutableArray that was never set has no elements to count.
    private static bool IsDefaultArray(IList list)
    {
        var type = list.GetType();
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) && list.Equals(Activator.CreateInstance(type));
    }

    private Task<Value> SerializeOtherAsync(string context, object value)
    {
        var type = value.GetType();
        if (type.IsValueType && type.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return SerializeAsync(context, NamedValue(type, value));
        }

        throw new InvalidOperationException($"{type} is not a supported argument type.\n\t{context}");
    }

    private static object? NamedValue(Type type, object value) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .FirstOrDefault(m => m.Name == "op_Explicit" && (m.ReturnType == typeof(string) || m.ReturnType == typeof(double)))
        ?.Invoke(null, [value])
        ?? throw new InvalidOperationException($"{type} does not convert to a text or a number");
}
