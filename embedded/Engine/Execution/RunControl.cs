namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Whether a run still goes on: after the first failure or on request no new step begins, and those that run end and are saved.</summary>
internal sealed class RunControl : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _failed;
    private SaveException? _broken;

    /// <summary>Fires when no new step may begin.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Whether something went wrong.</summary>
    public bool Failed => _failed;

    /// <summary>Why the state could not be saved; null where it could.</summary>
    public SaveException? Broken => Volatile.Read(ref _broken);

    /// <summary>The operation fails, and what is left is not begun.</summary>
    public void Fail()
    {
        _failed = true;
        _stop.Cancel();
    }

    /// <summary>The operation fails, and goes on where that is safe.</summary>
    public void FailLater() => _failed = true;

    /// <summary>The state could not be saved.</summary>
    public void Break(SaveException reason)
    {
        Interlocked.CompareExchange(ref _broken, reason, null);
        Fail();
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();
}
