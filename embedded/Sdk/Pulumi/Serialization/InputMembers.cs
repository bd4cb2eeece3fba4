using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Pulumi.Serialization;

/// <summary>The <see cref="InputAttribute"/> members of argument classes.</summary>
internal static class InputMembers
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<Member>> Known = new();

    /// <summary>The values by their names on the wire.</summary>
    /// <exception cref="ArgumentNullException">A required one is null.</exception>
    /// <exception cref="NotSupportedException">One is to travel as the text of its JSON.</exception>
    public static IEnumerable<KeyValuePair<string, object?>> ValuesOf(InputArgs args) =>
        Known.GetOrAdd(args.GetType(), Find).Select(m => KeyValuePair.Create(m.Input.Name, m.Read(args)));

    private static ImmutableArray<Member> Find(Type type)
    {
        const BindingFlags flags = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var members = ImmutableArray.CreateBuilder<Member>();
        for (var t = type; t is not null && t != typeof(InputArgs); t = t.BaseType)
        {
            foreach (var member in t.GetFields(flags).Concat<MemberInfo>(t.GetProperties(flags)))
            {
                if (member.GetCustomAttribute<InputAttribute>() is { } input)
                {
                    // A field behind a property is called "<Property>k__BackingField".
                    var name = member.Name.Split('<', '>') is ["", var property, ..] ? property : member.Name;
                    members.Add(new(input, $"{type.FullName}.{name}", name, member is FieldInfo field ? field.GetValue : ((PropertyInfo)member).GetValue));
                }
            }
        }

        return members.ToImmutable();
    }

    private sealed record Member(InputAttribute Input, string FullName, string Name, Func<object, object?> Get)
    {
        public object? Read(object args)
        {
            // No resource of the slice has one. Sent as anything else, a secret in it would lie in clear in the state.
            if (Input.Json)
            {
                throw new NotSupportedException($"[Input] {FullName} travels as JSON, which is not part of the embedded SDK");
            }

            var value = Get(args);
            if (value is null && Input.IsRequired)
            {
                throw new ArgumentNullException(Name, $"[Input] {FullName} is required but was not given a value");
            }

            return value;
        }
    }
}
