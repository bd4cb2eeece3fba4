using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Diff;

/// <summary>The differences of resources as <c>--diff</c> shows them: what a reviewer needs, and nothing twice.</summary>
internal static class DiffText
{
    private const string Connection = "connection";

    // They say how a command is run, or what every droplet has, not what is made.
    private static readonly HashSet<string> Plumbing = new(["logging", "triggers", "resizeDisk"], StringComparer.Ordinal);

    // Where a description says what is to be, the command that reads it says no more.
    private static readonly HashSet<string> Commands = new(["create", "update", "delete"], StringComparer.Ordinal);
    private const string Description = "stdin";

    /// <summary>The lines for all resources. A change that stood there already comes without the unchanged lines around it.</summary>
    public static IEnumerable<string> Lines(IEnumerable<ResourceChange> changes)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            yield return $"{change.Kind.Sign(),-2} {DisplayText.Type(change.Type)} {change.Name} ({change.Kind.Operation()}{(change.Retained ? "[retain]" : "")})";
            var pieces = Pieces(change);
            var repeated = pieces.Any(p => p.IsChange) && !shown.Add(string.Join('\n', pieces.Where(p => p.IsChange).Select(p => p.ToLine())));
            foreach (var piece in pieces.Where(p => !repeated || p.Kind is not (PieceKind.Same or PieceKind.Fold)))
            {
                yield return piece.ToLine();
            }
        }
    }

    public static void Write(TextWriter output, IEnumerable<ResourceChange> changes)
    {
        foreach (var line in Lines(changes))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>The difference of one resource: of a new one its main inputs, of a deleted one nothing.</summary>
    public static IReadOnlyList<Piece> Pieces(ResourceChange change) => change.Kind switch
    {
        StepKind.Create or StepKind.CreateReplacement => [.. change.New.Where(p => IsMain(p.Key, p.Value) && !(Commands.Contains(p.Key) && change.New.GetValueOrDefault(Description) is not (null or PropertyValue.Secret))).SelectMany(p => Input(p.Key, p.Value))],
        StepKind.Delete or StepKind.DeleteReplaced => [],
        _ => WithoutConnection(PropertyComparison.Compare(change.Old, change.New, new PlaceMarks(change.Differs, change.IsReplacedBy))),
    };

    /// <summary>The stack's outputs that differ.</summary>
    public static IEnumerable<string> Outputs(PropertyMap before, PropertyMap after) =>
        PropertyComparison.Compare(before, after, PlaceMarks.None).Select(piece => piece.ToLine());

    // A new droplet changes the connection of every step on it. That is worth a line only where it is all that there is to say.
    private static IReadOnlyList<Piece> WithoutConnection(IReadOnlyList<Piece> pieces) =>
        pieces.Any(p => p.IsChange && p.Path != Connection) ? [.. pieces.Where(p => p.Path != Connection)] : pieces;

    private static bool IsMain(string key, PropertyValue value) =>
        !key.StartsWith("__", StringComparison.Ordinal) && !Plumbing.Contains(key)
        && Says(value);

    private static bool Says(PropertyValue value) => value switch
    {
        PropertyValue.Secret or PropertyValue.Unknown or PropertyValue.Null or PropertyValue.Bool { Value: false } => false,
        PropertyValue.Array array => array.Items.Any(Says),
        PropertyValue.Object o => o.Properties.Values.Any(Says),
        _ => true,
    };

    private static IEnumerable<Piece> Input(string key, PropertyValue value) => value switch
    {
        PropertyValue.Text text when ValueText.Json(text.Value) is PropertyValue.Object json =>
        [
            new Piece(PieceKind.Open, 0, key, Before: " ", After: "(json) {"),
            .. json.Properties.Select(p => new Piece(PieceKind.Same, 1, p.Key, p.Key, After: ValueText.Begin(p.Value))),
            new Piece(PieceKind.Close, 0, After: "}"),
        ],
        PropertyValue.Text text when ValueText.HasLines(text.Value) =>
            [new Piece(PieceKind.Open, 0, key, Before: " "), .. ValueText.Beginning(text.Value).Select(line => new Piece(PieceKind.Same, 1, After: line))],
        _ => [new Piece(PieceKind.Same, 0, key, key, After: ValueText.Begin(value))],
    };
}
