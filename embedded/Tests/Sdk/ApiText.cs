using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Pulumi;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>Public types and members as lines of text: kind, declaring type, signature.</summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(double)] = "double",
        [typeof(int)] = "int",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    /// <summary>The lines of a type and its visible members.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        var name = Name(type, null);
        yield return $"TYPE\t{name}\t{Header(type, name)}{Attributes(type)}";
        foreach (var seen in Bases(type))
        {
            yield return $"BASE\t{name}\t{seen}";
        }

        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield break;
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsVisible(c)))
        {
            yield return $"CTOR\t{name}\t{Access(constructor)} {type.Name.Split('`')[0]}({Parameters(constructor)}){Attributes(constructor)}";
        }

        foreach (var property in type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsVisible)))
        {
            yield return $"PROP\t{name}\t{Property(property)}{Attributes(property)}";
        }

        foreach (var field in type.GetFields(Declared))
        {
            var shown = Name(field.FieldType, Nullability.Create(field));
            if (field.IsPublic)
            {
                yield return $"FIELD\t{name}\tpublic {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{shown} {field.Name}{Attributes(field)}";
            }
            else if (field.GetCustomAttribute<InputAttribute>() is not null)
            {
                yield return $"WIRE\t{name}\tprivate {shown.TrimEnd('?')} {FieldName(field.Name)}{Attributes(field)}";
            }
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && (!m.IsSpecialName || IsOperator(m))))
        {
            yield return $"{(IsOperator(method) ? "OP" : "METHOD")}\t{name}\t{Method(method)}{Attributes(method)}";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOperator(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Access(MethodBase method) =>
        method.IsPublic ? "public" : method.IsFamily ? "protected" : method.IsFamilyOrAssembly ? "protected internal" : "private";

    private static string Header(Type type, string name)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"public delegate {Name(invoke.ReturnType, Nullability.Create(invoke.ReturnParameter))} {name}({Parameters(invoke)})";
        }

        var kind = type.IsInterface ? "interface"
            : type.IsValueType ? type.GetCustomAttribute<IsReadOnlyAttribute>() is null ? "struct" : "readonly struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        return $"public {kind} {name}";
    }

    private static IEnumerable<string> Bases(Type type)
    {
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Where(i => i.IsVisible).Except(inherited).Select(i => Name(i, null));
        return type.IsClass && type.BaseType != typeof(object) && !type.IsSubclassOf(typeof(Delegate)) ? bases.Append(Name(type.BaseType!, null)) : bases;
    }

    private static string Property(PropertyInfo property)
    {
        var any = property.GetAccessors(true).First(IsVisible);
        var index = property.GetIndexParameters() is [var key] ? $"this[{Parameter(key)}]" : property.Name;
        var get = property.GetMethod is { } g && IsVisible(g) ? "get; " : "";
        var set = property.SetMethod is { } s && IsVisible(s) ? "set; " : "";
        return $"{Access(any)} {(any.IsStatic ? "static " : "")}{Name(property.PropertyType, Nullability.Create(property))} {index} {{ {get}{set}}}";
    }

    private static string Method(MethodInfo method)
    {
        var modifier = method.IsStatic ? "static "
            : method.DeclaringType!.IsInterface || method.IsFinal || !method.IsVirtual ? ""
            : method.GetBaseDefinition() != method ? "override "
            : method.IsAbstract ? "abstract "
            : "virtual ";
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var constraints = method.IsGenericMethod ? string.Concat(method.GetGenericArguments().Select(Constraint)) : "";
        var names = method.ReturnParameter.GetCustomAttribute<TupleElementNamesAttribute>()?.TransformNames;
        var result = Name(method.ReturnType, Nullability.Create(method.ReturnParameter), names is null ? null : new(names));
        return $"{Access(method)} {modifier}{result} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    // The official package declares by hand the field that the compiler makes here.
    private static string FieldName(string name) =>
        name.Split('<', '>') is ["", var property, ..] ? $"_{char.ToLowerInvariant(property[0])}{property[1..]}" : name;

    private static string Constraint(Type argument)
    {
        var parts = argument.GetGenericParameterConstraints().Select(c => Name(c, null)).ToList();
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }

        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }

    private static string Parameters(MethodBase method)
    {
        var all = string.Join(", ", method.GetParameters().Select(Parameter));
        return method.GetCustomAttribute<ExtensionAttribute>() is null ? all : $"this {all}";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = parameter.IsOut ? "out " : parameter.GetCustomAttribute<ParamArrayAttribute>() is not null ? "params " : "";
        var shown = Name(type.IsByRef ? type.GetElementType()! : type, Nullability.Create(parameter));
        return $"{prefix}{shown} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "")}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type, NullabilityInfo? nullability, Queue<string?>? tupleNames = null)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying, null) + "?";
        }

        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword + mark;
        }

        if (!type.IsGenericType)
        {
            return type.FullName!.Replace('+', '.') + mark;
        }

        var arguments = type.GetGenericArguments();
        var isTuple = type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal);
        var names = arguments.Select(_ => isTuple && tupleNames?.Dequeue() is { } n ? $" {n}" : "").ToArray();
        var inner = string.Join(", ", arguments.Select((a, i) =>
            Name(a, nullability is { } n && i < n.GenericTypeArguments.Length ? n.GenericTypeArguments[i] : null, tupleNames) + names[i]));
        return isTuple ? $"({inner})" : $"{type.Namespace}.{type.Name.Split('`')[0]}<{inner}>{mark}";
    }

    private static string Attributes(MemberInfo member) => string.Concat(member.GetCustomAttributesData().Select(a => a.AttributeType.Name switch
    {
        nameof(InputAttribute) or nameof(OutputAttribute) =>
            $" [{a.AttributeType.Name[..^9]}({string.Join(", ", a.Constructor.GetParameters().Zip(a.ConstructorArguments, (p, v) => $"{p.Name}: {Literal(v.Value)}"))})]",
        nameof(EnumTypeAttribute) => $" [{a.AttributeType.Name[..^9]}]",
        _ => "",
    }));
}
