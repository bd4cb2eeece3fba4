using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>Converts what was read from the wire to the types that resources declare.</summary>
internal sealed class Converter
{
    private static readonly MethodInfo ArrayOf = typeof(Converter).GetMethod(nameof(ToArray), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly MethodInfo DictionaryOf = typeof(Converter).GetMethod(nameof(ToDictionary), BindingFlags.NonPublic | BindingFlags.Instance)!;

    // Reflection drops its cache of generated code at a garbage collection, so the delegates are kept here.
    private static readonly ConcurrentDictionary<(MethodInfo Method, Type Argument), MethodInvoker> Collections = new();
    private static readonly ConcurrentDictionary<Type, Maker?> NamedValues = new();
    private static readonly ConcurrentDictionary<Type, Maker?> OutputTypes = new();

    private readonly Resource? _resource;

    private Converter(Resource? resource) => _resource = resource;

    /// <summary>Converts; a value of another kind is warned of, in the resource's name, and becomes the type's default.</summary>
    /// <exception cref="InvalidOperationException">The type is not one that outputs may have.</exception>
    public static T Convert<T>(string context, object? value, Resource? resource = null) => (T)new Converter(resource).Convert(context, value, typeof(T))!;

    private object? Convert(string context, object? value, Type target)
    {
        if (target == typeof(object) || (value is not null && target == value.GetType()))
        {
            return value;
        }

        if (target.IsGenericType)
        {
            var definition = target.GetGenericTypeDefinition();
            var inner = target.GenericTypeArguments;
            if (definition == typeof(Nullable<>))
            {
                // A value of another kind counts as absent, not as the enum's first value.
                return IsOfKind(value, inner[0]) ? Convert(context, value, inner[0]) : Default(context, value, target);
            }

            if (definition == typeof(ImmutableArray<>))
            {
                return Call(ArrayOf, inner[0], context, value);
            }

            if (definition == typeof(ImmutableDictionary<,>) && inner[0] == typeof(string))
            {
                return Call(DictionaryOf, inner[1], context, value);
            }
        }

        if (target == typeof(int))
        {
            return value is double number ? (int)number : Default(context, value, target);
        }

        if (target == typeof(string) || target == typeof(bool) || target == typeof(double))
        {
            return Default(context, value, target);
        }

        if (target.IsAssignableTo(typeof(Resource)) || target.IsAssignableTo(typeof(AssetOrArchive)))
        {
            return target.IsInstanceOfType(value) ? value : Default(context, value, target);
        }

        if (NamedValues.GetOrAdd(target, FindNamedValue) is { } named)
        {
            return named.Parameters[0].ParameterType.IsInstanceOfType(value) ? named.Constructor.Invoke(value) : Default(context, value, target);
        }

        if (OutputTypes.GetOrAdd(target, FindOutputType) is { } maker)
        {
            return ToOutputType(context, value, target, maker);
        }

        throw new InvalidOperationException($"{context}: {target} is not a supported type of an output");
    }

    private static bool IsOfKind(object? value, Type target) =>
        target == typeof(int) || target == typeof(double) ? value is double
        : target == typeof(bool) ? value is bool
        : value is not null;

    private object? Call(MethodInfo method, Type argument, string context, object? value) =>
        Collections.GetOrAdd((method, argument), of => MethodInvoker.Create(of.Method.MakeGenericMethod(of.Argument))).Invoke(this, context, value);

    private ImmutableArray<T> ToArray<T>(string context, object? value) => value is ImmutableArray<object?> values
        ? [.. values.Select((v, i) => (T)Convert($"{context}[{i}]", v, typeof(T))!)]
        : Default<ImmutableArray<T>>(context, value);

    private ImmutableDictionary<string, T>? ToDictionary<T>(string context, object? value) => value is ImmutableDictionary<string, object?> values
        ? values.ToImmutableDictionary(p => p.Key, p => (T)Convert($"{context}.{p.Key}", p.Value, typeof(T))!)
        : Default<ImmutableDictionary<string, T>?>(context, value);

    private static Maker? FindNamedValue(Type target) => !target.IsValueType || target.GetCustomAttribute<EnumTypeAttribute>() is null
        ? null
        : Maker.Of(target, c => c.GetParameters() is [var only] && (only.ParameterType == typeof(string) || only.ParameterType == typeof(double)))
            ?? throw new InvalidOperationException($"{target} has no constructor of a text or a number");

    private static Maker? FindOutputType(Type target) => target.GetCustomAttribute<OutputTypeAttribute>() is null
        ? null
        : Maker.Of(target, c => c.GetCustomAttribute<OutputConstructorAttribute>() is not null)
            ?? throw new InvalidOperationException($"{target} has no constructor with [OutputConstructor]");

    private object? ToOutputType(string context, object? value, Type target, Maker maker) => value is ImmutableDictionary<string, object?> values
        ? maker.Constructor.Invoke([.. maker.Parameters.Select(p => Convert($"{context}.{p.Name}", values.GetValueOrDefault(p.Name!), p.ParameterType))])
        : Default(context, value, target);

    private T Default<T>(string context, object? value) => (T)Default(context, value, typeof(T))!;

    private object? Default(string context, object? value, Type target)
    {
        if (value is not null)
        {
            Log.Warn($"Expected {target} but got {value.GetType()} deserializing {context}", _resource);
        }

        return target.IsValueType ? Activator.CreateInstance(target) : null;
    }

    private sealed record Maker(ConstructorInvoker Constructor, ParameterInfo[] Parameters)
    {
        public static Maker? Of(Type type, Func<ConstructorInfo, bool> wanted) =>
            type.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).FirstOrDefault(wanted) is { } found
                ? new(ConstructorInvoker.Create(found), found.GetParameters())
                : null;
    }
}
