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

    private SshSession(Func<ConnectionInfo, TClient> make, SshEndpoint target)
    {
        try
        {
            Client = target.CreateClient(make);
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
    public TClient Client { get; } = null!;

    /// <summary>
    /// Connects, again and again: 100 ms after the first failure, 1.5 times longer after each, 5 s at most, until more
    /// than <see cref="SshEndpoint.DialErrorLimit"/> attempts have failed. That is the official provider's rhythm.
    /// </summary>
    /// <exception cref="ProviderException">Too many attempts failed, or a key is malformed.</exception>
    /// <exception cref="OperationCanceledException">Waiting was given up; its message is the last failure.</exception>
    public static async Task<SshSession<TClient>> DialAsync(Func<ConnectionInfo, TClient> make, SshEndpoint target, Action<string> status, CancellationToken cancellation)
    {
        var delay = FirstDelay;
        var failures = 0;
        var last = "no attempt was made";
        while (true)
        {
            try
            {
                try
                {
                    return await DialOnceAsync(make, target, cancellation);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    last = Failed(++failures, e);
                }

                await Task.Delay(delay, cancellation);
            }
            catch (OperationCanceledException e)
            {
                throw new OperationCanceledException($"SSH on {target} did not answer; the last attempt: {last}", e, cancellation);
            }

            delay = delay * 1.5 < LongestDelay ? delay * 1.5 : LongestDelay;
        }

        string Failed(int count, Exception failure)
        {
            var words = Describe(failure);
            if (target.DialErrorLimit >= 0 && count > target.DialErrorLimit)
            {
                throw new ProviderException($"cannot reach {target} over SSH, {count} attempts failed; the last one: {words}", failure);
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
        Client?.Dispose();
    }

    private static bool IsFailure(Exception e) => e is SshException or SocketException or TimeoutException or IOException;

    private static async Task<SshSession<TClient>> DialOnceAsync(Func<ConnectionInfo, TClient> make, SshEndpoint target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var limit = target.PerDialTimeout;
        var attempt = OwnThread.RunAsync(() => new SshSession<TClient>(make, target));
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
