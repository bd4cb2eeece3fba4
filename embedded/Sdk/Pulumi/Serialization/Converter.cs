using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>Converts what was read from the wire to the types that resources declare.</summary>
internal sealed class Converter
{
    private static readonly MethodInfo ArrayOf = typeof(Converter).GetMethod(nameof(ToArray), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly MethodInfo DictionaryOf = typeof(Converter).GetMethod(nameof(ToDictionary), BindingFlags.NonPublic | BindingFlags.Instance)!;

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
                // What is not of the kind is no value at all, not the kind's first one.
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

        if (target.IsValueType && target.GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return ToNamedValue(context, value, target);
        }

        if (target.GetCustomAttribute<OutputTypeAttribute>() is not null)
        {
            return ToOutputType(context, value, target);
        }

        throw new InvalidOperationException($"{context}: {target} is not a supported type of an output");
    }

    private static bool IsOfKind(object? value, Type target) =>
        target == typeof(int) || target == typeof(double) ? value is double
        : target == typeof(bool) ? value is bool
        : value is not null;

    private object? Call(MethodInfo method, Type argument, string context, object? value) =>
        method.MakeGenericMethod(argument).Invoke(this, BindingFlags.DoNotWrapExceptions, null, [context, value], null);

    private ImmutableArray<T> ToArray<T>(string context, object? value) => value is ImmutableArray<object?> values
        ? [.. values.Select((v, i) => (T)Convert($"{context}[{i}]", v, typeof(T))!)]
        : Default<ImmutableArray<T>>(context, value);

    private ImmutableDictionary<string, T>? ToDictionary<T>(string context, object? value) => value is ImmutableDictionary<string, object?> values
        ? values.ToImmutableDictionary(p => p.Key, p => (T)Convert($"{context}.{p.Key}", p.Value, typeof(T))!)
        : Default<ImmutableDictionary<string, T>?>(context, value);

    private object? ToNamedValue(string context, object? value, Type target)
    {
        var constructor = target.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .FirstOrDefault(c => c.GetParameters() is [var only] && (only.ParameterType == typeof(string) || only.ParameterType == typeof(double)))
            ?? throw new InvalidOperationException($"{context}: {target} has no constructor of a text or a number");
        return constructor.GetParameters()[0].ParameterType.IsInstanceOfType(value) ? constructor.Invoke([value]) : Default(context, value, target);
    }

    private object? ToOutputType(string context, object? value, Type target)
    {
        if (value is not ImmutableDictionary<string, object?> values)
        {
            return Default(context, value, target);
        }

        var constructor = target.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .FirstOrDefault(c => c.GetCustomAttribute<OutputConstructorAttribute>() is not null)
            ?? throw new InvalidOperationException($"{context}: {target} has no constructor with [OutputConstructor]");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Convert($"{context}.{p.Name}", values.GetValueOrDefault(p.Name!), p.ParameterType))]);
    }

    private T Default<T>(string context, object? value) => (T)Default(context, value, typeof(T))!;

    private object? Default(string context, object? value, Type target)
    {
        if (value is not null)
        {
            Log.Warn($"Expected {target} but got {value.GetType()} deserializing {context}", _resource);
        }

        return target.IsValueType ? Activator.CreateInstance(target) : null;
    }
}
