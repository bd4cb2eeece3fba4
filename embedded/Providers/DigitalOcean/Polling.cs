namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>Asks again and again until the answer is there: soon at first, every few seconds in the end.</summary>
internal sealed record Polling(TimeSpan First, TimeSpan Longest)
{
    /// <summary>Fits machines that come up within seconds, and stays well below the API's limit of 250 requests a minute.</summary>
    public static Polling Usual { get; } = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3));

    /// <summary>The first answer that is not null.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<T> UntilAsync<T>(Func<Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        for (var delay = First; ; delay = delay * 1.5 < Longest ? delay * 1.5 : Longest)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            await Task.Delay(delay, cancellation);
        }
    }
}
