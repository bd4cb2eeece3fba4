using System.Globalization;
using MesosStack.Embedded.Cli.Display.Wording;
using MesosStack.Embedded.Engine;
using Spectre.Console;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>
/// A tree of the resources on a terminal, drawn anew while things happen: what is done to each, for how long, and the last line
/// of its command. Where the terminal is too small, finished rows make room first. At the end the whole tree stays.
/// </summary>
internal sealed class TreeDisplay : IOperationDisplay
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(150);

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly bool _preview;
    private readonly List<Row> _rows = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;

    public TreeDisplay(IAnsiConsole console, TimeProvider clock, bool preview)
    {
        (_console, _clock, _preview) = (console, clock, preview);
        _drawing = DrawAsync();
    }

    public void Show(EngineEvent news)
    {
        lock (_gate)
        {
            switch (news)
            {
                case EngineEvent.StepStarted { Step: var part } when IsShownWhole(part):
                case EngineEvent.StepDone { Step: var end } when IsShownWhole(end):
                    break;
                case EngineEvent.StepStarted started:
                    Find(started.Step).Begin(started.Step, _clock.GetTimestamp());
                    break;
                case EngineEvent.StepStatus status when _rows.FirstOrDefault(r => r.Step.Urn == status.Urn) is { } row:
                    row.News = DisplayText.Clean(status.Line);
                    break;
                case EngineEvent.StepDone done:
                    Find(done.Step).End(done.Step, done.Took);
                    break;
                case EngineEvent.StepFailed failed:
                    Find(failed.Step).Fail(failed.Step, failed.Took, DisplayText.FirstLine(failed.Message));
                    break;
                case EngineEvent.ProgramOutput line:
                    _console.WriteLine("  | " + DisplayText.Clean(line.Line));
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        await _drawing;
        lock (_gate)
        {
            var all = Arrange();
            if (all.Count > 0)
            {
                _console.Write(Draw(all, 0));
            }
        }
    }

    private Task DrawAsync() => _console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async context =>
    {
        while (!_end.Task.IsCompleted)
        {
            lock (_gate)
            {
                var all = Arrange();
                var room = Math.Max(5, _console.Profile.Height - 4);
                var shown = Choose(all, room);
                context.UpdateTarget(Draw(shown, all.Count - shown.Count));
            }

            await Task.WhenAny(_end.Task, Task.Delay(Beat, _clock));
        }
    });

    // The plan of a replacement is one row, whatever the order of its parts.
    private bool IsShownWhole(Step step) =>
        _preview && step.Kind.IsPart() && _rows.Any(r => r.Step.Urn == step.Urn && r.Step.Kind == StepKind.Replace);

    private Row Find(Step step)
    {
        var row = _rows.FirstOrDefault(r => r.Step.Urn == step.Urn);
        if (row is null)
        {
            row = new Row(step);
            _rows.Add(row);
        }

        return row;
    }

    // Children below their parents, in the order of their first news; what is unchanged only where something below it is not.
    private List<Place> Arrange()
    {
        var known = _rows.Select(r => r.Step.Urn).ToHashSet(StringComparer.Ordinal);
        var children = _rows.ToLookup(r => known.Contains(r.Parent) ? r.Parent : "", StringComparer.Ordinal);
        var result = new List<Place>(_rows.Count);
        var roots = Worth("");
        roots.ForEach(root => Add(root, "", ""));
        return result;

        void Add(Row row, string branch, string below)
        {
            result.Add(new Place(row, branch));
            var shown = Worth(row.Step.Urn);
            for (var i = 0; i < shown.Count; i++)
            {
                var last = i == shown.Count - 1;
                Add(shown[i], below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
            }
        }

        List<Row> Worth(string parent) => [.. children[parent].Where(IsWorth)];

        bool IsWorth(Row row) => row.Step.Kind.Changes() || row.State == RowState.Failed || row.Step.Kind == StepKind.Refresh || children[row.Step.Urn].Any(IsWorth);
    }

    private static List<Place> Choose(List<Place> all, int room)
    {
        if (all.Count <= room)
        {
            return all;
        }

        var chosen = all
            .OrderByDescending(r => r.Row.State switch { RowState.Failed => 2, RowState.Running => 1, _ => 0 })
            .ThenByDescending(r => r.Row.Since)
            .Take(room)
            .Select(r => r.Row)
            .ToHashSet();
        return [.. all.Where(r => chosen.Contains(r.Row))];
    }

    private Grid Draw(List<Place> places, int left)
    {
        var grid = new Grid();
        foreach (var _ in Headings())
        {
            grid.AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2));
        }

        if (places.Count > 0)
        {
            grid.AddRow([.. Headings().Select(heading => new Text(heading, Style.Parse("bold")))]);
        }

        var taken = places.Count == 0 ? 0 : places.Max(p => p.Branch.Length + p.Row.Type.Length) + places.Max(p => p.Row.Name.Length) + places.Max(p => Status(p.Row).Length) + 12;
        var width = Math.Max(10, _console.Profile.Width - taken);
        foreach (var (row, branch) in places)
        {
            var colour = Style.Parse(row.State == RowState.Failed ? "red" : row.Step.Kind.Colour());
            grid.AddRow(
                new Text(row.Step.Kind.Sign(), colour),
                new Text(branch + row.Type),
                new Text(row.Name),
                new Text(Status(row), colour),
                new Text(row.Info.Length > width ? row.Info[..(width - 1)] + "…" : row.Info, Style.Parse("grey")));
        }

        if (left > 0)
        {
            grid.AddRow(new Text(""), new Text(string.Create(CultureInfo.InvariantCulture, $"… and {left} more"), Style.Parse("grey")));
        }

        return grid;
    }

    private string[] Headings() => ["", "Type", "Name", _preview ? "Plan" : "Status", "Info"];

    private string Status(Row row) => row switch
    {
        { Step.Kind: StepKind.Same } => "",
        { State: not RowState.Failed } when _preview => row.Step.Operation(),
        { State: RowState.Running } => $"{row.Step.Doing()} ({DisplayText.Time(_clock.GetElapsedTime(row.Since))})",
        { State: RowState.Done } => $"{row.Step.Done()} ({DisplayText.Time(row.Took)})",
        _ => $"FAILED ({DisplayText.Time(row.Took)})",
    };

    private sealed record Place(Row Row, string Branch);

    private enum RowState
    {
        Running,
        Done,
        Failed,
    }

    private sealed class Row(Step step)
    {
        public Step Step { get; private set; } = step;

        public string Parent => (Step.New ?? Step.Old)?.Parent ?? "";

        public string Type => DisplayText.Type(Step.Type);

        public string Name => DisplayText.Name(Step.Urn);

        /// <summary>Which properties differ, and what is new of it.</summary>
        public string Info => string.Join("; ", new[] { DisplayText.Reasons(Step.Details), News }.Where(text => text.Length > 0));

        public RowState State { get; private set; }

        public long Since { get; private set; }

        public TimeSpan Took { get; private set; }

        public string News { get; set; } = "";

        public void Begin(Step next, long now) => (Step, State, Since, News) = (next, RowState.Running, now, "");

        public void End(Step last, TimeSpan took) => (Step, State, Took) = (last, RowState.Done, took);

        public void Fail(Step last, TimeSpan took, string news) => (Step, State, Took, News) = (last, RowState.Failed, took, news);
    }
}
