using System.Collections.Concurrent;
using Grpc.Core;
using Pulumirpc;

namespace Pulumi.Deployments;

/// <summary>Runs a program to the end of everything it started, and turns the outcome into an exit code.</summary>
internal sealed class Runner(Deployment deployment)
{
    /// <summary>Failed, the reason told to the engine.</summary>
    public const int FailedAndReported = 32;

    private const int Failed = 1;

    // What fails beside a first failure fails at once. A call that the engine still works on is not waited for.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Exception> _failures = new();

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
        }
        catch (Exception e)
        {
            Fail(e);
        }

        Release();
        await Task.WhenAny(_done.Task, _failed.Task);
        if (HasFailed)
        {
            await Task.WhenAny(_done.Task, Task.Delay(Grace));
            return await ReportAsync();
        }

        if (deployment.Logger.ErrorsLogged)
        {
            return Failed;
        }

        try
        {
            await deployment.Monitor.SignalAndWaitForShutdownAsync();
            return 0;
        }
        catch (Exception e)
        {
            Fail(e);
            return await ReportAsync();
        }
    }

    /// <summary>Whether something failed: nothing is registered any more.</summary>
    public bool HasFailed => _failed.Task.IsCompleted;

    private static string ProgramPath => System.Reflection.Assembly.GetEntryAssembly()?.Location ?? "";

    private static async Task<int> ReportBrokenLogAsync(LogException exception)
    {
        await Console.Error.WriteLineAsync($"The engine's log could not be reached: {exception.InnerException}");
        return Failed;
    }

    // Every failure, each once: those of resources that need a failed one are that one's.
    private async Task<int> ReportAsync()
    {
        var all = _failures.DistinctBy(f => f is RpcException refused ? (object)refused.Status.Detail : f).ToList();
        var failures = all.Where(failure => !Causes(failure).Any(cause => all.Contains(cause) || cause is OperationCanceledException)).ToList();

        // What was given up is no cause of its own, unless nothing else failed.
        failures = failures.Count > 0 ? failures : all;
        if (failures.OfType<LogException>().FirstOrDefault() is { } broken)
        {
            return await ReportBrokenLogAsync(broken);
        }

        try
        {
            foreach (var failure in failures)
            {
                await deployment.Logger.LogAsync(LogSeverity.Error, Message(failure));
            }

            return FailedAndReported;
        }
        catch (LogException e)
        {
            return await ReportBrokenLogAsync(e);
        }
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static string Message(Exception failure) =>
        failure is RunException ? failure.Message : $"Running program '{ProgramPath}' failed with an unhandled exception:\n{failure}";

    private void Finish(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            var failure = task.Exception?.InnerException ?? new TaskCanceledException(task);
            if (!HasFailed || failure is not OperationCanceledException)
            {
                Fail(failure);
            }
        }

        Release();
    }

    private void Fail(Exception failure)
    {
        _failures.Enqueue(failure);
        _failed.TrySetResult();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _done.TrySetResult();
        }
    }
}
