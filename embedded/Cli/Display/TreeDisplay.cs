using System.Globalization;
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

    /// <summary>A display on a terminal.</summary>
    public TreeDisplay(IAnsiConsole console, TimeProvider clock, bool preview)
    {
        (_console, _clock, _preview) = (console, clock, preview);
        _drawing = DrawAsync();
    }

    /// <inheritdoc />
    public void Show(EngineEvent news)
    {
        lock (_gate)
        {
            switch (news)
            {
                case EngineEvent.StepStarted started:
                    Find(started.Step).Begin(started.Step, _clock.GetTimestamp());
                    break;
                case EngineEvent.StepStatus status when _rows.FirstOrDefault(r => r.Step.Urn == status.Urn) is { } row:
                    row.News = Words.Clean(status.Line);
                    break;
                case EngineEvent.StepDone done:
                    Find(done.Step).End(done.Step, done.Took, _preview ? string.Join(", ", done.Step.Details.Keys.Order(StringComparer.Ordinal)) : "");
                    break;
                case EngineEvent.StepFailed failed:
                    Find(failed.Step).Fail(failed.Step, failed.Took, Words.FirstLine(failed.Message));
                    break;
                case EngineEvent.ProgramOutput line:
                    _console.WriteLine("  | " + Words.Clean(line.Line));
                    break;
            }
        }
    }

    /// <inheritdoc />
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
    private List<(Row Row, int Depth)> Arrange()
    {
        var known = _rows.Select(r => r.Step.Urn).ToHashSet(StringComparer.Ordinal);
        var children = _rows.ToLookup(r => known.Contains(r.Parent) ? r.Parent : "", StringComparer.Ordinal);
        var result = new List<(Row, int)>(_rows.Count);
        foreach (var root in children[""])
        {
            Add(root, 0);
        }

        return result;

        bool Add(Row row, int depth)
        {
            var at = result.Count;
            result.Add((row, depth));
            var worth = row.Step.Kind != StepKind.Same || row.State == RowState.Failed;
            foreach (var child in children[row.Step.Urn])
            {
                worth |= Add(child, depth + 1);
            }

            if (!worth)
            {
                result.RemoveRange(at, result.Count - at);
            }

            return worth;
        }
    }

    private static List<(Row Row, int Depth)> Choose(List<(Row Row, int Depth)> all, int room)
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

    private Grid Draw(List<(Row Row, int Depth)> rows, int left)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap().PadRight(0));
        var taken = rows.Count == 0 ? 0 : rows.Max(r => (2 * r.Depth) + r.Row.Label.Length) + rows.Max(r => Status(r.Row).Length) + 10;
        var width = Math.Max(10, _console.Profile.Width - taken);
        foreach (var (row, depth) in rows)
        {
            var colour = row.State == RowState.Failed ? "red" : Words.Colour(row.Step.Kind);
            grid.AddRow(
                new Text(Words.Sign(row.Step.Kind), Style.Parse(colour)),
                new Text(new string(' ', 2 * depth) + row.Label),
                new Text(Status(row), Style.Parse(colour)),
                new Text(row.News.Length > width ? row.News[..(width - 1)] + "…" : row.News, Style.Parse("grey")));
        }

        if (left > 0)
        {
            grid.AddRow(new Text(""), new Text(string.Create(CultureInfo.InvariantCulture, $"… and {left} more"), Style.Parse("grey")));
        }

        return grid;
    }

    private string Status(Row row) => row switch
    {
        { Step.Kind: StepKind.Same } => "",
        { State: RowState.Running } when _preview => Words.Operation(row.Step.Kind),
        { State: RowState.Done } when _preview => Words.Operation(row.Step.Kind),
        { State: RowState.Running } => $"{Words.Doing(row.Step.Kind)} {Words.Time(_clock.GetElapsedTime(row.Since))}",
        { State: RowState.Done } => $"{Words.Done(row.Step.Kind)} {Words.Time(row.Took)}",
        _ => $"FAILED {Words.Time(row.Took)}",
    };

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

        public string Label => $"{Words.Type(Step.Type)} {Words.Name(Step.Urn)}";

        public RowState State { get; private set; }

        public long Since { get; private set; }

        public TimeSpan Took { get; private set; }

        public string News { get; set; } = "";

        public void Begin(Step next, long now) => (Step, State, Since, News) = (next, RowState.Running, now, "");

        public void End(Step last, TimeSpan took, string news) => (Step, State, Took, News) = (last, RowState.Done, took, news);

        public void Fail(Step last, TimeSpan took, string news) => (Step, State, Took, News) = (last, RowState.Failed, took, news);
    }
}
