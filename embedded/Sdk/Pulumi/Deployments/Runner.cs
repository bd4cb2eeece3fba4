using Pulumirpc;

namespace Pulumi.Deployments;

/// <summary>Runs a program to the end of everything it started, and turns the outcome into an exit code.</summary>
internal sealed class Runner(Deployment deployment)
{
    /// <summary>Failed, the reason told to the engine.</summary>
    public const int FailedAndReported = 32;

    private const int Failed = 1;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The count begins with one for the start itself, so that the program does not end before its first task.
    private int _pending = 1;

    /// <summary>The program does not end before this task, and fails if it does.</summary>
    public void Register(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        Interlocked.Increment(ref _pending);
        _ = task.ContinueWith(Finish, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Runs the program that <paramref name="start"/> begins.</summary>
    public async Task<int> RunAsync(Action start)
    {
        try
        {
            start();
            Release();
            await _done.Task;
            if (deployment.Logger.ErrorsLogged)
            {
                return Failed;
            }

            await deployment.Monitor.SignalAndWaitForShutdownAsync();
            return 0;
        }
        catch (LogException e)
        {
            return await ReportBrokenLogAsync(e);
        }
        catch (Exception e)
        {
            return await ReportAsync(e);
        }
    }

    private static string ProgramPath => System.Reflection.Assembly.GetEntryAssembly()?.Location ?? "";

    private static async Task<int> ReportBrokenLogAsync(LogException exception)
    {
        await Console.Error.WriteLineAsync($"The engine's log could not be reached: {exception.InnerException}");
        return Failed;
    }

    private async Task<int> ReportAsync(Exception exception)
    {
        var message = exception is RunException ? exception.Message : $"Running program '{ProgramPath}' failed with an unhandled exception:\n{exception}";
        try
        {
            await deployment.Logger.LogAsync(LogSeverity.Error, message);
            return FailedAndReported;
        }
        catch (LogException e)
        {
            return await ReportBrokenLogAsync(e);
        }
    }

    private void Finish(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            Release();
        }
        else
        {
            _done.TrySetException(task.Exception?.InnerException ?? new TaskCanceledException(task));
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _done.TrySetResult();
        }
    }
}
