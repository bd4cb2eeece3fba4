namespace MesosStack.Embedded.Providers.Command;

/// <summary>Where what blocks runs: SSH.NET waits on handles while it connects, opens channels and copies, and a few such waits would starve a small machine's thread pool.</summary>
internal static class OwnThread
{
    /// <summary>Runs it on a thread of its own.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <inheritdoc cref="RunAsync{T}" />
    public static Task RunAsync(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
