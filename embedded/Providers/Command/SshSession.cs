using System.Diagnostics;
using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>An open connection to a host.</summary>
/// <typeparam name="TClient">What the connection is for: commands or files.</typeparam>
internal sealed class SshSession<TClient> : IAsyncDisposable
    where TClient : BaseClient
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // Keep-alive messages: a router may drop a connection on which a command prints nothing for a while.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private IDisposable? _part;

    private SshSession(TClient client)
    {
        Client = client;
        try
        {
            Client.KeepAliveInterval = KeepAlive;
            Client.Connect();
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>The connected client.</summary>
    public TClient Client { get; }

    /// <summary>
    /// Connects, again and again: 100 ms after the first failure, 1.5 times longer after each, 5 s at most, until more
    /// than <see cref="SshEndpoint.DialErrorLimit"/> attempts have failed. That is the official provider's rhythm. A host that answers and refuses is given up before.
    /// </summary>
    /// <exception cref="ProviderException">Too many attempts failed, the host refuses for too long, or a key is malformed.</exception>
    /// <exception cref="OperationCanceledException">Waiting was given up; its message is the last failure.</exception>
    public static async Task<SshSession<TClient>> DialAsync(Func<ConnectionInfo, TClient> make, SshEndpoint target, Liveness liveness, Action<string> status, CancellationToken cancellation)
    {
        var delay = FirstDelay;
        var failures = 0;
        var last = "no attempt was made";
        long? refusedSince = null;
        while (true)
        {
            var client = target.CreateClient(make);
            var connection = client.ConnectionInfo;
            try
            {
                try
                {
                    return await DialOnceAsync(client, target, cancellation);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    last = await FailedAsync(++failures, e, connection);
                }

                await Task.Delay(delay, cancellation);
            }
            catch (OperationCanceledException e)
            {
                throw new OperationCanceledException($"SSH on {target} did not answer; the last attempt: {last}", e, cancellation);
            }

            delay = delay * 1.5 < LongestDelay ? delay * 1.5 : LongestDelay;
        }

        async Task<string> FailedAsync(int count, Exception failure, ConnectionInfo connection)
        {
            var words = Describe(failure);
            var (refusal, advice) = failure is SshAuthenticationException ? ($"refuses the login of {target.User}", target.RefusedKey)
                : connection.IsAuthenticated ? ($"lets {target.User} log in and takes no files", SshEndpoint.ForcedCommand)
                : ("", "");
            refusedSince = refusal.Length > 0 ? refusedSince ?? Stopwatch.GetTimestamp() : null;
            var isGivenUp = refusedSince is { } since && Stopwatch.GetElapsedTime(since) >= liveness.RefusalLimit;
            if (isGivenUp || (target.DialErrorLimit >= 0 && count > target.DialErrorLimit))
            {
                var answer = refusal.Length > 0 && connection.IsAuthenticated ? await AnswerAsync(target) : "";
                throw new ProviderException(
                    $"{(isGivenUp ? $"{target} answers, but for {liveness.RefusalLimit.TotalSeconds} s it {refusal}" : $"cannot reach {target} over SSH, {count} attempts failed; the last one")}: {words}{answer}{(advice.Length > 0 ? $". {advice}" : "")}",
                    failure);
            }

            status($"waiting for SSH on {target}: {words}");
            return words;
        }
    }

    /// <summary>What uses this connection from now on; it is disposed before the connection. What used it before is disposed now.</summary>
    public TPart Owning<TPart>(TPart part)
        where TPart : IDisposable
    {
        _part?.Dispose();
        _part = part;
        return part;
    }

    /// <summary>Closes. One to a host that is gone is left to close by itself: nothing can be written to it any more, not even that.</summary>
    public async ValueTask DisposeAsync()
    {
        var closing = OwnThread.RunAsync(Close);
        await Task.WhenAny(closing, Task.Delay(Farewell));
    }

    private void Close()
    {
        _part?.Dispose();
        Client.Dispose();
    }

    private static bool IsFailure(Exception e) => e is SshException or SocketException or TimeoutException or IOException;

    // What the host says to every command, where something answers in the place of the user's shell.
    private static async Task<string> AnswerAsync(SshEndpoint target)
    {
        try
        {
            var answer = await OwnThread.RunAsync(() =>
            {
                using var client = target.CreateClient(connection => new SshClient(connection));
                client.Connect();
                using var command = client.CreateCommand("true");
                command.CommandTimeout = TimeSpan.FromSeconds(15);
                return $"{command.Execute()} {command.Error}".Trim();
            });
            return answer.Length > 0 ? $"; the host says: {answer[..Math.Min(answer.Length, 300)]}" : "";
        }
        catch (Exception e) when (IsFailure(e))
        {
            return "";
        }
    }

    private static async Task<SshSession<TClient>> DialOnceAsync(TClient client, SshEndpoint target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var limit = target.PerDialTimeout;
        var attempt = OwnThread.RunAsync(() => new SshSession<TClient>(client));
        try
        {
            // SSH.NET applies the limit to each step of connecting; here it holds for all of them together.
            return await attempt.WaitAsync(limit, cancellation);
        }
        catch (TimeoutException e) when (!attempt.IsCompleted)
        {
            Abandon(attempt);
            throw new TimeoutException($"no answer within {limit.TotalSeconds} s", e);
        }
        catch (OperationCanceledException) when (!attempt.IsCompleted)
        {
            Abandon(attempt);
            throw;
        }
    }

    // The attempt ends by its own time limits. Nothing waits for it, but its connection is closed and its exception is observed.
    private static void Abandon(Task<SshSession<TClient>> attempt) => _ = attempt.ContinueWith(
        late =>
        {
            if (late.Exception is null)
            {
                late.Result.Close();
            }
        },
        TaskScheduler.Default);

    private static string Describe(Exception failure) => failure switch
    {
        SocketException s => s.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostUnreachable => "host unreachable",
            SocketError.NetworkUnreachable => "network unreachable",
            SocketError.TimedOut => "no answer",
            _ => s.Message,
        },
        _ => failure.Message,
    };
}
