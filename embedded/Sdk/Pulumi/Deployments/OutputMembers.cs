using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Pulumi.Serialization;

namespace Pulumi.Deployments;

/// <summary>A resource's <see cref="OutputAttribute"/> properties.</summary>
internal static class OutputMembers
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<Member>> Known = new();

    /// <summary>Gives the properties that the SDK completes their outputs: all of a custom resource, the URN of others.</summary>
    /// <exception cref="RunException">One of them is no output.</exception>
    public static ImmutableDictionary<string, IOutputSource> Initialize(Resource resource)
    {
        var sources = ImmutableDictionary.CreateBuilder<string, IOutputSource>(StringComparer.Ordinal);
        foreach (var member in Of(resource.GetType()))
        {
            if (resource is CustomResource || member.Property.DeclaringType == typeof(Resource))
            {
                var source = (IOutputSource)(member.Source ?? throw IncorrectType(member.Name)).Invoke(resource);
                member.Property.SetValue(resource, source.Output);
                sources.Add(member.Name, source);
            }
        }

        return sources.ToImmutable();
    }

    /// <summary>The values of a component's own properties, of any type, for its outputs.</summary>
    public static IDictionary<string, object?> ValuesOf(ComponentResource component) => Of(component.GetType())
        .Where(m => m.Property.DeclaringType != typeof(Resource))
        .ToDictionary(m => m.Name, m => m.Property.GetValue(component), StringComparer.Ordinal);

    private static ImmutableArray<Member> Of(Type type) => Known.GetOrAdd(type, Find);

    private static ImmutableArray<Member> Find(Type type)
    {
        var found = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => (Property: p, Attribute: p.GetCustomAttribute<OutputAttribute>()))
            .Where(p => p.Attribute is not null)
            .ToArray();
        // A base class's private setter is seen only from the base class.
        return [.. found.Select(p => new Member(
            p.Attribute!.Name ?? p.Property.Name,
            p.Property.DeclaringType!.GetProperty(p.Property.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)!))];
    }

    private static RunException IncorrectType(string name) =>
        new($"Output(s) '{name}' have incorrect type. [Output] attributed properties must be instances of Output<T>.");

    private sealed class Member(string name, PropertyInfo property)
    {
        public string Name => name;

        public PropertyInfo Property => property;

        /// <summary>Makes what completes the property, given the resource; null where the property is no output.</summary>
        public ConstructorInvoker? Source { get; } = property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Output<>)
            ? ConstructorInvoker.Create(typeof(OutputSource<>).MakeGenericType(type.GenericTypeArguments).GetConstructors()[0])
            : null;
    }
}

/// <summary>Completes an output of a resource.</summary>
internal interface IOutputSource
{
    IOutput Output { get; }

    /// <summary>The value as it was read from the wire, to be converted to the property's type.</summary>
    void Set(string context, Deserialized data);

    /// <summary>No value came.</summary>
    void SetMissing(bool isKnown);

    void Fail(Exception exception);
}

/// <summary>Completes an output of a resource.</summary>
internal sealed class OutputSource<T> : IOutputSource
{
    private readonly Resource _resource;
    private readonly ImmutableHashSet<Resource> _resources;
    private readonly TaskCompletionSource<OutputData<T>> _completion = new();

    public OutputSource(Resource resource)
    {
        _resource = resource;
        _resources = [resource];
        Output = new Output<T>(_completion.Task);
    }

    public IOutput Output { get; }

    public void Set(string context, Deserialized data)
    {
        var value = data.IsKnown ? Converter.Convert<T>(context, data.Value, _resource) : default!;
        _completion.SetResult(new(value, new(_resources, data.IsKnown, data.IsSecret)));
    }

    public void SetMissing(bool isKnown) => _completion.SetResult(new(default!, new(_resources, isKnown, false)));

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}
