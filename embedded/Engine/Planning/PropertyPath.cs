using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MesosStack.Embedded.Engine.Planning;

/// <summary>A place in a resource's properties: <c>a.b[0]</c>, <c>a["x.y"]</c>, <c>a[*].b</c>.</summary>
internal sealed record PropertyPath(ImmutableArray<PropertyPath.Segment> Segments)
{
    /// <summary>One step on the way down.</summary>
    internal abstract record Segment
    {
        /// <summary>A name in an object.</summary>
        public sealed record Key(string Name) : Segment;

        /// <summary>A place in an array.</summary>
        public sealed record Index(int Value) : Segment;

        /// <summary>Every name or place.</summary>
        public sealed record Any : Segment;
    }

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static PropertyPath Parse(string text)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>();
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                segments.Add(ParseBracket(text, ref at));
            }
            else
            {
                if (text[at] == '.' && segments.Count > 0)
                {
                    at++;
                }

                var end = text.IndexOfAny(['.', '['], at);
                var name = text[at..(end < 0 ? text.Length : end)];
                if (name.Length == 0)
                {
                    throw Malformed(text);
                }

                segments.Add(name == "*" ? new Segment.Any() : new Segment.Key(name));
                at += name.Length;
            }
        }

        return segments.Count > 0 ? new PropertyPath(segments.ToImmutable()) : throw Malformed(text);
    }

    /// <summary>Whether a place is this one or below it.</summary>
    public bool Contains(PropertyPath other) =>
        Segments.Length <= other.Segments.Length && Segments.Zip(other.Segments).All(pair => Matches(pair.First, pair.Second));

    /// <summary>The text of a place below another.</summary>
    /// <param name="parent">The text of the other; "" at the top.</param>
    /// <param name="key">The name below it.</param>
    public static string Below(string parent, string key) =>
        key.Length > 0 && key.IndexOfAny(['.', '[', ']', '"', '*']) < 0
            ? parent.Length == 0 ? key : $"{parent}.{key}"
            : $"{parent}[\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    /// <summary>The text of an element of an array.</summary>
    public static string Below(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    private static bool Matches(Segment pattern, Segment segment) => pattern is Segment.Any || pattern.Equals(segment);

    private static Segment ParseBracket(string text, ref int at)
    {
        if (at + 1 < text.Length && text[at + 1] == '"')
        {
            return ParseQuoted(text, ref at);
        }

        var end = text.IndexOf(']', at);
        var inner = end < 0 ? throw Malformed(text) : text[(at + 1)..end];
        at = end + 1;
        if (inner == "*")
        {
            return new Segment.Any();
        }

        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new Segment.Index(index)
            : throw Malformed(text);
    }

    private static Segment.Key ParseQuoted(string text, ref int at)
    {
        var name = new StringBuilder();
        for (var i = at + 2; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                name.Append(text[++i]);
            }
            else if (text[i] == '"' && i + 1 < text.Length && text[i + 1] == ']')
            {
                at = i + 2;
                return new Segment.Key(name.ToString());
            }
            else
            {
                name.Append(text[i]);
            }
        }

        throw Malformed(text);
    }

    private static FormatException Malformed(string text) => new($"'{text}' is not a property path");
}
