using Microsoft.Extensions.Time.Testing;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>A clock on which each wait is over as soon as it begins. Time limits do not pass by themselves: waits and <see cref="FakeTimeProvider.Advance"/> use them up.</summary>
internal sealed class PassingTime : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (state is not CancellationTokenSource)
        {
            Advance(dueTime);
        }

        return timer;
    }
}
