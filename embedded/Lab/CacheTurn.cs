namespace MesosStack.Embedded.Lab;

/// <summary>Several labs may share a cache; one writes to it, the others wait.</summary>
internal static class CacheTurn
{
    /// <summary>Waits for the turn; disposing the result gives it back, and so does the death of this process.</summary>
    public static async Task<IDisposable> TakeAsync(LabOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        PrivateFolder.Make(options.CacheDirectory);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var told = false; ; told = true)
        {
            if (TryTake(options) is { } turn)
            {
                return turn;
            }

            if (!told)
            {
                progress("waiting for another lab that fills the cache");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The turn, or null where another one has it.</summary>
    public static IDisposable? TryTake(LabOptions options)
    {
        try
        {
            return new FileStream(Path.Combine(options.CacheDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
