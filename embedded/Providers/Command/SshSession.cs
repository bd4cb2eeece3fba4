using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>An open connection to a host, through another host where asked for.</summary>
internal sealed class SshSession : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // Keeps routers from forgetting a silent command.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly SshClient? _proxy;
    private readonly ForwardedPortLocal? _forward;
    private SshCommand? _command;

    private SshSession(SshEndpoint target, SshEndpoint? proxy)
    {
        try
        {
            if (proxy is null)
            {
                Client = target.CreateClient(target.Host, target.Port);
            }
            else
            {
                _proxy = proxy.CreateClient(proxy.Host, proxy.Port);
                ConnectToProxy(_proxy);
                _forward = new ForwardedPortLocal("127.0.0.1", target.Host, (uint)target.Port);
                _proxy.AddForwardedPort(_forward);
                _forward.Start();
                Client = target.CreateClient("127.0.0.1", (int)_forward.BoundPort);
            }

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
    public SshClient Client { get; } = null!;

    /// <summary>
    /// Connects, again and again: 100 ms after the first failure, 1.5 times longer after each, 5 s at most, until more
    /// than <see cref="SshEndpoint.DialErrorLimit"/> attempts have failed, the proxy's or the host's own. That is the
    /// official provider's rhythm.
    /// </summary>
    /// <exception cref="ProviderException">Too many attempts failed, or a key is malformed.</exception>
    /// <exception cref="OperationCanceledException">Waiting was given up; its message is the last failure.</exception>
    public static async Task<SshSession> DialAsync(SshEndpoint target, SshEndpoint? proxy, Action<string> status, CancellationToken cancellation)
    {
        var delay = FirstDelay;
        var (failures, proxyFailures) = (0, 0);
        var last = "no attempt was made";
        while (true)
        {
            try
            {
                try
                {
                    return await DialOnceAsync(target, proxy, cancellation);
                }
                catch (ProxyException e)
                {
                    last = Failed(proxy!, ++proxyFailures, e.InnerException!);
                }
                catch (Exception e) when (IsFailure(e))
                {
                    proxyFailures = 0;
                    last = Failed(target, ++failures, e);
                }

                await Task.Delay(delay, cancellation);
            }
            catch (OperationCanceledException e)
            {
                throw new OperationCanceledException($"SSH on {target} did not answer; the last attempt: {last}", e, cancellation);
            }

            delay = delay * 1.5 < LongestDelay ? delay * 1.5 : LongestDelay;
        }

        string Failed(SshEndpoint endpoint, int count, Exception failure)
        {
            var words = Describe(failure);
            if (endpoint.DialErrorLimit >= 0 && count > endpoint.DialErrorLimit)
            {
                throw new ProviderException($"cannot reach {endpoint} over SSH, {count} attempts failed; the last one: {words}", failure);
            }

            status($"waiting for SSH on {endpoint}: {words}");
            return endpoint == target ? words : $"{endpoint}: {words}";
        }
    }

    /// <summary>Runs what blocks on a thread of its own: SSH.NET waits on handles while it connects and opens channels, and a few such waits would starve a small machine's thread pool.</summary>
    public static Task<T> OnOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>The command of this session; it ends with it.</summary>
    public SshCommand Command(string text) => _command = Client.CreateCommand(text);

    /// <summary>Closes. One to a host that is gone is left to close by itself: nothing can be written to it any more, not even that.</summary>
    public async ValueTask DisposeAsync()
    {
        var closing = OnOwnThread(() =>
        {
            Close();
            return true;
        });
        await Task.WhenAny(closing, Task.Delay(Farewell));
    }

    private void Close()
    {
        _command?.Dispose();
        Client?.Dispose();
        _forward?.Dispose();
        _proxy?.Dispose();
    }

    private static void ConnectToProxy(SshClient proxy)
    {
        try
        {
            proxy.Connect();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new ProxyException(e);
        }
    }

    private static bool IsFailure(Exception e) => e is SshException or SocketException or TimeoutException or IOException;

    private static async Task<SshSession> DialOnceAsync(SshEndpoint target, SshEndpoint? proxy, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var limit = target.PerDialTimeout + (proxy?.PerDialTimeout ?? TimeSpan.Zero);
        var attempt = OnOwnThread(() => new SshSession(target, proxy));
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

    // The attempt ends by its own time limits; nobody waits for it, but what it opened is closed and its failure is seen.
    private static void Abandon(Task<SshSession> attempt) => attempt.ContinueWith(
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
    // Not the host is at fault, but the one in front of it.
    private sealed class ProxyException(Exception inner) : Exception(inner.Message, inner);
}
