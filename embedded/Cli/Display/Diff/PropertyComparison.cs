using System.Globalization;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>What a comparison asks about a place among the properties.</summary>
/// <param name="Differs">Whether something differs there although it is shown alike, such as a secret.</param>
/// <param name="Replaces">Whether a difference there causes the replacement.</param>
internal sealed record PlaceMarks(Func<string, bool> Differs, Func<string, bool> Replaces)
{
    /// <summary>Nothing is known of any place.</summary>
    public static PlaceMarks None { get; } = new(_ => false, _ => false);
}

/// <summary>Compares properties: maps and lists key by key, texts of JSON alike, other texts of several lines line by line.</summary>
internal static class PropertyComparison
{
    private const int Context = 2;

    // Two values that take more are shown one below the other.
    private const int Beside = 100;

    /// <summary>The properties that differ; those that do not are left out.</summary>
    /// <param name="before">The properties before.</param>
    /// <param name="after">The properties after.</param>
    /// <param name="marks">What is known of places in them.</param>
    public static IReadOnlyList<Piece> Compare(PropertyMap before, PropertyMap after, PlaceMarks marks) =>
        [.. Items(before, after, 0, "", marks).Where(item => item.Changed).SelectMany(item => item.Pieces)];

    private static IEnumerable<Item> Items(PropertyMap before, PropertyMap after, int depth, string path, PlaceMarks marks) =>
        before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Where(key => !key.StartsWith("__", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(key => Compare(key, path.Length == 0 ? key : $"{path}.{key}", before.GetValueOrDefault(key), after.GetValueOrDefault(key), depth, marks));

    private static IEnumerable<Item> Items(PropertyValue.Array before, PropertyValue.Array after, int depth, string path, PlaceMarks marks)
    {
        for (var i = 0; i < Math.Max(before.Items.Length, after.Items.Length); i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"[{i}]");
            yield return Compare(key, path + key, before.Items.ElementAtOrDefault(i), after.Items.ElementAtOrDefault(i), depth, marks);
        }
    }

    private static Item Compare(string key, string path, PropertyValue? before, PropertyValue? after, int depth, PlaceMarks marks)
    {
        if (Equals(before, after))
        {
            return before is { } same && marks.Differs(path) && HidesSecret(same)
                ? One(new Piece(PieceKind.Changed, depth, key, path, DisplayText.Secret, DisplayText.Secret, marks.Replaces(path)))
                : new Item(false, [new Piece(PieceKind.Same, depth, key, path, After: before is null ? "" : ValueText.Begin(before))]);
        }

        return (before, after) switch
        {
            (null, { } now) => Whole(PieceKind.Added, key, path, now, depth, marks.Replaces(path)),
            ({ } old, null) => Whole(PieceKind.Removed, key, path, old, depth, marks.Replaces(path)),
            (PropertyValue.Object old, PropertyValue.Object now) => Block(key, "{", "}", Items(old.Properties, now.Properties, depth + 1, path, marks), depth),
            (PropertyValue.Array old, PropertyValue.Array now) => Block(key, "[", "]", Items(old, now, depth + 1, path, marks), depth),
            (PropertyValue.Archive old, PropertyValue.Archive now) =>
                One(new Piece(PieceKind.Changed, depth, key, path, ValueText.Show(old), ValueText.Show(now), marks.Replaces(path), PropertyText.Archive(old, now))),
            (PropertyValue.Text old, PropertyValue.Text now) => Texts(key, path, old.Value, now.Value, depth, marks),
            var (old, now) => One(new Piece(PieceKind.Changed, depth, key, path, ValueText.Begin(old!), ValueText.Begin(now!), marks.Replaces(path))),
        };
    }

    private static Item Texts(string key, string path, string before, string after, int depth, PlaceMarks marks)
    {
        if (ValueText.Json(before) is { } jsonBefore && ValueText.Json(after) is { } jsonAfter && !jsonBefore.Equals(jsonAfter))
        {
            switch (jsonBefore, jsonAfter)
            {
                case (PropertyValue.Object o, PropertyValue.Object n):
                    return Block(key, "(json) {", "}", Items(o.Properties, n.Properties, depth + 1, "", PlaceMarks.None), depth);
                case (PropertyValue.Array o, PropertyValue.Array n):
                    return Block(key, "(json) [", "]", Items(o, n, depth + 1, "", PlaceMarks.None), depth);
            }
        }

        if (!ValueText.HasLines(before) && !ValueText.HasLines(after))
        {
            var (old, now) = ValueText.Different(before, after);
            return old.Length + now.Length <= Beside
                ? One(new Piece(PieceKind.Changed, depth, key, path, old, now, marks.Replaces(path)))
                : Block(key, "", "", [One(Line(PieceKind.Removed, old, depth + 1) with { Path = path }), One(Line(PieceKind.Added, now, depth + 1) with { Path = path, Replaces = marks.Replaces(path) })], depth);
        }

        var lines = LineDiff.Compare(before, after).Select(l => new Item(l.Kind != PieceKind.Same, [Line(l.Kind, DisplayText.Clean(l.Line), depth + 1)])).ToList();
        return lines.Any(l => l.Changed)
            ? Block(key, "", "", lines, depth)
            : One(new Piece(PieceKind.Changed, depth, key, path, ValueText.Begin(before), ValueText.Begin(after), marks.Replaces(path)));
    }

    private static Item Whole(PieceKind kind, string key, string path, PropertyValue value, int depth, bool replaces)
    {
        if (value is PropertyValue.Text text && ValueText.HasLines(text.Value))
        {
            return new Item(true, [new Piece(PieceKind.Open, depth, key, path, Sign(kind)), .. ValueText.Beginning(text.Value).Select(line => Line(kind, line, depth + 1))]);
        }

        var shown = ValueText.Begin(value);
        return One(new Piece(kind, depth, key, path, shown, shown, replaces));
    }

    private static Item Block(string key, string open, string close, IEnumerable<Item> items, int depth) => new(
        true,
        [
            new Piece(PieceKind.Open, depth, key, "", "~", open),
            .. Fold([.. items], depth + 1),
            .. close.Length > 0 ? new[] { new Piece(PieceKind.Close, depth, After: close) } : [],
        ]);

    // Only what stands next to a change is shown of what did not change.
    private static IEnumerable<Piece> Fold(List<Item> items, int depth)
    {
        var folded = false;
        for (var i = 0; i < items.Count; i++)
        {
            if (items.Skip(Math.Max(0, i - Context)).Take(Math.Min(i, Context) + 1 + Context).Any(item => item.Changed))
            {
                folded = false;
                foreach (var piece in items[i].Pieces)
                {
                    yield return piece;
                }
            }
            else if (!folded)
            {
                folded = true;
                yield return new Piece(PieceKind.Fold, depth);
            }
        }
    }

    private static bool HidesSecret(PropertyValue value) => value switch
    {
        PropertyValue.Secret => true,
        PropertyValue.Text text => text.Value.Contains(DisplayText.Secret, StringComparison.Ordinal),
        _ => value.ContainsSecret,
    };

    private static Piece Line(PieceKind kind, string line, int depth) => new(kind, depth, Before: line, After: line);

    private static string Sign(PieceKind kind) => kind == PieceKind.Added ? "+" : "-";

    private static Item One(Piece piece) => new(true, [piece]);

    private sealed record Item(bool Changed, IReadOnlyList<Piece> Pieces);
}
