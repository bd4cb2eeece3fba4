namespace MesosStack.Embedded.Providers;

/// <summary>How long an operation may take, beside the cancellation by who asked for it.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _either;

    /// <summary>Starts to run.</summary>
    /// <param name="length">The limit; null is none.</param>
    /// <param name="cancellation">Ends the operation before.</param>
    /// <param name="time">The clock; the machine's where it is not given.</param>
    public TimeLimit(TimeSpan? length, CancellationToken cancellation, TimeProvider? time = null)
    {
        Length = length;
        _time = new CancellationTokenSource(length ?? Timeout.InfiniteTimeSpan, time ?? TimeProvider.System);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, cancellation);
    }

    /// <summary>The limit.</summary>
    public TimeSpan? Length { get; }

    /// <summary>Whether it has passed.</summary>
    public bool IsUp => _time.IsCancellationRequested;

    /// <summary>Fires when the time is up.</summary>
    public CancellationToken Time => _time.Token;

    /// <summary>Fires when the time is up or the operation is cancelled.</summary>
    public CancellationToken Token => _either.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        _either.Dispose();
        _time.Dispose();
    }
}
