using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Engine.Execution;

/// <summary>Whether a run still goes on: after the first failure or on request no new step begins, and those that run end and are saved.</summary>
internal sealed class RunControl(TimeProvider clock) : IDisposable
{
    /// <summary>How long steps that run may take to end once a stop was asked for, before what they only wait for is given up.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new(Timeout.InfiniteTimeSpan, clock);
    private volatile bool _failed;
    private SaveException? _broken;

    /// <summary>Fires when no new step may begin.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Fires when nobody wants to wait any longer; never because of a failure beside it.</summary>
    public CancellationToken GivingUp => _giveUp.Token;

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

    /// <summary>The operation is to stop. What runs gets some time: cut off in the middle of a call, nobody would know what came of it.</summary>
    public void Cancel()
    {
        Fail();
        _giveUp.CancelAfter(GiveUpAfter);
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
    public void Dispose()
    {
        _stop.Dispose();
        _giveUp.Dispose();
    }
}
