namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>
/// Asks again and again until the answer is there: soon at first, every few seconds in the end. Where many wait, each asks more seldom, since the
/// API limits requests and not waits: all together ask about as often as a few.
/// </summary>
internal sealed class Polling(TimeProvider time)
{
    // They fit machines that come up within seconds. In the long run this is 120 requests a minute; the API's limit is 250.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    // Up to this number of waits, each asks as often as one alone would.
    private const int Few = 6;

    private int _waiting;

    /// <summary>The first answer that is not null.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<T> UntilAsync<T>(Func<Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            for (var delay = FirstDelay; ; delay = delay * 1.5 < LongestDelay ? delay * 1.5 : LongestDelay)
            {
                if (await ask() is { } answer)
                {
                    return answer;
                }

                await Task.Delay(delay * Math.Max(1, Volatile.Read(ref _waiting) / (double)Few), time, cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
