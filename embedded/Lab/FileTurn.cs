namespace MesosStack.Embedded.Lab;

/// <summary>A turn that one process has at a time. The kernel takes it back when the process ends, however it ends.</summary>
internal static class FileTurn
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the turn; disposing the result gives it back.</summary>
    /// <param name="file">The file that stands for the turn. It stays.</param>
    /// <param name="waiting">What is told once while another process has the turn.</param>
    /// <param name="progress">Takes that.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IDisposable> TakeAsync(string file, string waiting, Action<string> progress, CancellationToken cancellationToken)
    {
        PrivateFolder.Make(Path.GetDirectoryName(file)!);
        using var timer = new PeriodicTimer(Pause);
        for (var told = false; ; told = true)
        {
            if (TryTake(file) is { } turn)
            {
                return turn;
            }

            if (!told)
            {
                progress(waiting);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The turn, or null where another process has it.</summary>
    public static IDisposable? TryTake(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
