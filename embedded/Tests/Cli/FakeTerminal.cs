using Spectre.Console;
using Spectre.Console.Rendering;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>A terminal at which somebody has typed everything beforehand; a line feed is Enter.</summary>
internal sealed class FakeTerminal : IAnsiConsole, IAnsiConsoleInput
{
    private readonly IAnsiConsole _inner;
    private readonly Queue<char> _typed;

    public FakeTerminal(TextWriter output, string typed)
    {
        _inner = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(output) });
        _inner.Profile.Width = 160;
        _typed = new Queue<char>(typed);
    }

    /// <summary>What nobody has read yet.</summary>
    public string Left => new([.. _typed]);

    public Profile Profile => _inner.Profile;

    public IAnsiConsoleCursor Cursor => _inner.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _inner.ExclusivityMode;

    public RenderPipeline Pipeline => _inner.Pipeline;

    public void Clear(bool home) => _inner.Clear(home);

    public void Write(IRenderable renderable) => _inner.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => _inner.WriteAnsi(action);

    public bool IsKeyAvailable() => _typed.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept)
    {
        var key = _typed.TryDequeue(out var next) ? next : throw new InvalidOperationException("asked for more than was typed");
        return key == '\n' ? new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false) : new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false);
    }

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));
}
