using System.Text.RegularExpressions;
using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli.Display.Markdown;

/// <summary>What a host's description says of a change: which facts change and which daemons restart for them.</summary>
internal sealed partial class HostDescription
{
    private const string Input = "stdin";
    private const string Command = "create";

    private readonly HashSet<string> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _reads = new(StringComparer.Ordinal);

    /// <summary>The change of a host's configuration.</summary>
    /// <param name="change">The change.</param>
    /// <param name="moving">The members whose address may become another one.</param>
    public HostDescription(ResourceChange change, IReadOnlySet<string> moving)
    {
        var (before, after) = (Text(change.Old), Text(change.New));
        foreach (var words in (before + "\n" + after).Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w is ["daemon", _, ..]))
        {
            _reads[words[1]] = words[3..];
        }

        _facts.UnionWith(LineDiff.Compare(before, after).Where(l => l.Kind != PieceKind.Same).Select(l => l.Line));

        // With the address of a member every fact changes that names it.
        var moved = Moved(change, moving);
        IsMoved = moved.Count > 0;
        _facts.UnionWith(after.Split('\n').Where(line => Names().Matches(line).Any(name => moved.Contains(name.Groups[1].Value))));
    }

    /// <summary>Whether a fact changes because another member gets another address.</summary>
    public bool IsMoved { get; }

    /// <summary>Whether the description is to be applied again because scripts became better.</summary>
    public bool IsRevised => _facts.Any(fact => fact.StartsWith("revision ", StringComparison.Ordinal));

    /// <summary>The daemons that restart, in the order in which they start.</summary>
    public IReadOnlyList<string> Restarts() => [.. _reads.Keys.Where(daemon => _facts.Any(fact => Concerns(fact, daemon)))];

    private bool Concerns(string fact, string daemon) => fact.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["package", ..] => true,
        ["marathon" or "marathon-1.5", ..] => daemon == "marathon",
        ["daemon" or "flag" or "needed-flag", var name, ..] => name == daemon,
        [_, ['/', ..] path, ..] => _reads[daemon].Any(read => read.EndsWith('/') ? path.StartsWith(read, StringComparison.Ordinal) : path == read),
        _ => false,
    };

    private static HashSet<string> Moved(ResourceChange change, IReadOnlySet<string> moving)
    {
        var before = change.Old.GetValueOrDefault(Command);
        var after = change.New.GetValueOrDefault(Command);
        if (Equals(before, after))
        {
            return [];
        }

        return after is PropertyValue.Text now && before is PropertyValue.Text old
            ? [.. Addresses(now.Value).Except(Addresses(old.Value)).Select(a => a.Split('=')[0])]
            : [.. moving];
    }

    private static IEnumerable<string> Addresses(string command) => command.Split(' ').Where(word => word.Contains('=', StringComparison.Ordinal));

    private static string Text(PropertyMap inputs) => inputs.GetValueOrDefault(Input) is PropertyValue.Text text ? text.Value : "";

    [GeneratedRegex(@"\{(?<member>[a-z]+-[0-9]+)(?:\.public)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
