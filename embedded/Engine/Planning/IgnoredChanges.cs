using System.Collections.Immutable;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>Takes back the changes that a program asked to ignore.</summary>
internal static class IgnoredChanges
{
    /// <summary>The new inputs with the old values at the ignored places.</summary>
    /// <param name="before">The inputs now.</param>
    /// <param name="after">The inputs that the program gives.</param>
    /// <param name="paths">The ignored places.</param>
    /// <param name="impossible">Takes the paths that lead through elements which are there only before or only after.</param>
    public static PropertyMap Apply(PropertyMap before, PropertyMap after, IEnumerable<string> paths, ICollection<string> impossible)
    {
        foreach (var path in paths)
        {
            var failed = false;
            var reset = Reset(new PropertyValue.Object(before), new PropertyValue.Object(after), PropertyPath.Parse(path).Segments.AsSpan(), ref failed);
            if (failed)
            {
                impossible.Add(path);
            }

            after = ((PropertyValue.Object)reset!).Properties;
        }

        return after;
    }

    private static PropertyValue? Reset(PropertyValue? before, PropertyValue? after, ReadOnlySpan<PropertyPath.Segment> path, ref bool failed)
    {
        if (path.IsEmpty)
        {
            return before;
        }

        if (after is PropertyValue.Secret secret)
        {
            return Reset(before, secret.Value, path, ref failed) is { } inner ? new PropertyValue.Secret(inner) : null;
        }

        var old = before is PropertyValue.Secret hidden ? hidden.Value : before;
        return (path[0], after) switch
        {
            (PropertyPath.Segment.Key or PropertyPath.Segment.Any, PropertyValue.Object o) => ResetObject(old as PropertyValue.Object, o, path, ref failed),
            (PropertyPath.Segment.Index or PropertyPath.Segment.Any, PropertyValue.Array a) => ResetArray(old as PropertyValue.Array, a, path, ref failed),
            _ => Impossible(after, !Equals(old, after), ref failed),
        };
    }

    private static PropertyValue.Object ResetObject(PropertyValue.Object? before, PropertyValue.Object after, ReadOnlySpan<PropertyPath.Segment> path, ref bool failed)
    {
        var old = before?.Properties ?? PropertyMap.Empty;
        IEnumerable<string> keys = path[0] is PropertyPath.Segment.Key key ? [key.Name] : [.. old.Keys.Union(after.Properties.Keys, StringComparer.Ordinal)];
        var result = after.Properties;
        foreach (var name in keys)
        {
            var value = Reset(old.GetValueOrDefault(name), result.GetValueOrDefault(name), path[1..], ref failed);
            result = value is null ? result.Without(name) : result.With(name, value);
        }

        return new PropertyValue.Object(result);
    }

    private static PropertyValue.Array ResetArray(PropertyValue.Array? before, PropertyValue.Array after, ReadOnlySpan<PropertyPath.Segment> path, ref bool failed)
    {
        var old = before?.Items ?? [];
        var result = after.Items.ToBuilder();
        for (var i = 0; i < Math.Max(old.Length, result.Count); i++)
        {
            if (path[0] is PropertyPath.Segment.Index index && index.Value != i)
            {
                continue;
            }

            if (i < old.Length && i < result.Count && Reset(old[i], result[i], path[1..], ref failed) is { } value)
            {
                result[i] = value;
            }
            else
            {
                failed = true;
            }
        }

        return new PropertyValue.Array(result.ToImmutable());
    }

    private static PropertyValue? Impossible(PropertyValue? after, bool differs, ref bool failed)
    {
        failed |= differs;
        return after;
    }
}
