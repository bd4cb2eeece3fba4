using System.Text;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>Keeps one output stream of a command whole, and tells its lines as they come.</summary>
/// <param name="stream">The stream.</param>
/// <param name="line">Is told each line.</param>
/// <param name="lastWord">What ends the stream where the command ran to its end. It is no part of the output.</param>
internal sealed class OutputCapture(Stream stream, Action<string> line, string lastWord = "") : IDisposable
{
    private readonly MemoryStream _all = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _unfinished = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>All of it as UTF-8, one trailing newline taken off.</summary>
    public string Text
    {
        get
        {
            var text = WithoutLastWord(Whole);
            return text.EndsWith('\n') ? text[..^1] : text;
        }
    }

    /// <summary>Whether the last word has come.</summary>
    public bool HasLastWord => Whole.EndsWith(lastWord, StringComparison.Ordinal);

    private string Whole => Encoding.UTF8.GetString(_all.GetBuffer(), 0, (int)_all.Length);

    /// <summary>Takes what has arrived, without waiting for more.</summary>
    /// <returns>Whether there was any.</returns>
    public bool TakeArrived()
    {
        var any = false;
        while (stream.Length > 0)
        {
            Take(stream.Read(_buffer));
            any = true;
        }

        return any;
    }

    /// <summary>Takes the rest once the command has ended.</summary>
    public void TakeRest()
    {
        while (stream.Read(_buffer) is > 0 and var count)
        {
            Take(count);
        }

        EndLine();
    }

    /// <inheritdoc />
    public void Dispose() => _all.Dispose();

    private void Take(int count)
    {
        _all.Write(_buffer, 0, count);
        Span<char> characters = stackalloc char[1024];
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, count);
        while (!rest.IsEmpty)
        {
            _decoder.Convert(rest, characters, flush: false, out var used, out var made, out _);
            rest = rest[used..];
            foreach (var c in characters[..made])
            {
                // A carriage return is how progress bars begin their line again.
                if (c is '\n' or '\r')
                {
                    EndLine();
                }
                else
                {
                    _unfinished.Append(c);
                }
            }
        }
    }

    private void EndLine()
    {
        var said = WithoutLastWord(_unfinished.ToString());
        _unfinished.Clear();
        if (said.Length > 0)
        {
            line(said);
        }
    }

    private string WithoutLastWord(string text) => text.EndsWith(lastWord, StringComparison.Ordinal) ? text[..^lastWord.Length] : text;
}
