using System.Diagnostics;
using MesosStack.Embedded.Providers.DigitalOcean;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>How often those that wait for the API ask it.</summary>
[TestFixture]
internal sealed class PollingTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    [Test]
    public async Task Ten_times_as_many_that_wait_ask_each_a_tenth_as_often()
    {
        const int waits = 60;
        var polling = new Polling(Interval, Interval);
        var asked = 0;
        using var enough = new CancellationTokenSource();
        var began = Stopwatch.GetTimestamp();

        var all = Enumerable.Range(0, waits).Select(_ => polling.UntilAsync<string>(
            () =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult<string?>(null);
            },
            enough.Token)).ToList();

        // The first ones could not know yet how many there would be.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await enough.CancelAsync();
        var most = 3 + (Stopwatch.GetElapsedTime(began) / (10 * Interval));
        Assert.That(() => Task.WhenAll(all), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(asked, Is.InRange(waits, waits * most));
    }
}
