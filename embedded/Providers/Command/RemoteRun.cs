using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>One run of one command on a host: connects, runs it with its standard input, keeps its outputs.</summary>
internal sealed class RemoteRun
{
    private const int LastWords = 20;

    private readonly SshEndpoint _host;
    private readonly string? _stdin;
    private readonly string _logging;
    private readonly Redaction _redaction;
    private readonly Liveness _liveness;
    private readonly KeptConnections _connections;
    private readonly Action<string> _status;
    private readonly Queue<string> _last = new();

    // A host on which something answers in the place of the user's shell ends every command well. Nobody can print a word that was drawn for this run alone, unless
    // the shell runs the command to its end.
    private readonly string _word = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private string _inputFault = "";
    private Task _feeding = Task.CompletedTask;
    private bool _began;
    private bool _ended;

    /// <summary>A run as the inputs of a command say.</summary>
    /// <exception cref="ProviderException">The inputs name no host.</exception>
    public RemoteRun(PropertyMap inputs, Liveness liveness, KeptConnections connections, Action<string> status)
    {
        _host = new SshEndpoint(inputs);
        _stdin = inputs.Text("stdin");
        _logging = inputs.Text("logging") ?? "stdoutAndStderr";
        _redaction = new Redaction([_host.Secret, .. _stdin is null ? [] : new[] { _stdin }]);
        _liveness = liveness;
        _connections = connections;
        _status = status;
    }

    /// <summary>Whether the command was begun and nobody has seen how it ended.</summary>
    public bool IsOutcomeUnknown => _began && !_ended;

    /// <summary>
    /// Runs the command and gives its outputs. Cancellation ends the wait for the host; a command that runs is waited for to
    /// its end all the same, as by the official provider. The time limit ends both.
    /// </summary>
    /// <exception cref="ProviderException">The host cannot be reached or went away, the command failed, or the time is up.</exception>
    public async Task<(string Stdout, string Stderr)> RunAsync(string command, TimeSpan? limit, CancellationToken cancellation)
    {
        using var time = new TimeLimit(limit, cancellation);
        try
        {
            var session = _connections.Take(_host)
                ?? await SshSession<SshClient>.DialAsync(connection => new SshClient(connection), _host, _liveness, _status, time.Token);
            try
            {
                return await RunAsync(session, command, time.Time);
            }
            finally
            {
                await (_ended && _feeding.IsCompleted ? _connections.KeepAsync(_host, session) : session.DisposeAsync());
            }
        }
        catch (OperationCanceledException e)
        {
            throw new ProviderException($"{(time.IsUp ? $"the time limit of {limit} is up" : "nobody waits any longer")}: {e.Message}{LastLines()}", e);
        }
    }

    private async Task<(string Stdout, string Stderr)> RunAsync(SshSession<SshClient> session, string command, CancellationToken time)
    {
        // SSH.NET ends an input only after a first byte of it; without an end, a command that reads would wait forever. A remark may stand at the command's end.
        var remote = session.Owning(session.Client.CreateCommand($"(\n{command}\n){(string.IsNullOrEmpty(_stdin) ? " </dev/null" : "")} && printf %s {_word}"));
        using var stdout = new OutputCapture(remote.OutputStream, line => Take(line, shown: _logging is "stdout" or "stdoutAndStderr"), _word);
        using var stderr = new OutputCapture(remote.ExtendedOutputStream, line => Take(line, shown: _logging is "stderr" or "stdoutAndStderr"));
        try
        {
            _began = true;
            session.Client.ConnectionInfo.Timeout = _host.PerDialTimeout;
            var running = await OwnThread.RunAsync(() => remote.ExecuteAsync(CancellationToken.None));
            session.Client.ConnectionInfo.Timeout = Timeout.InfiniteTimeSpan;
            Feed(remote);
            var watch = new HostWatch(session.Client, _liveness);
            while (!running.IsCompleted)
            {
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAny(running, Task.Delay(Liveness.LookInterval, time));
                var heard = stdout.TakeArrived() | stderr.TakeArrived();
                if (time.IsCancellationRequested)
                {
                    throw new OperationCanceledException($"the command on {_host.Host} is still running there", time);
                }

                if (watch.IsGone(heard, Liveness.PassedSince(began)))
                {
                    throw new ProviderException($"{_host.Host} went away while the command ran: it gives no sign of life. What came of the command there is not known; the next update runs it again{LastLines()}");
                }
            }

            await running;
        }
        catch (Exception e) when (e is SshException or IOException or ObjectDisposedException)
        {
            throw new ProviderException($"the connection to {_host} broke while the command ran, and what came of it there is not known: {e.Message}{LastLines()}", e);
        }

        _ended = remote.ExitStatus is not null || !string.IsNullOrEmpty(remote.ExitSignal);
        stdout.TakeRest();
        stderr.TakeRest();
        if (remote.ExitStatus != 0)
        {
            throw new ProviderException($"the command on {_host.Host} {DescribeEnd(remote)}{_inputFault}{LastLines()}");
        }

        return stdout.HasLastWord
            ? (stdout.Text, stderr.Text)
            : throw new ProviderException($"{_host.Host} ended the command well but did not run it: something answers there in the place of {_host.User}'s shell. {SshEndpoint.ForcedCommand}{LastLines()}");
    }

    // On a thread of its own, for it waits until the command reads. A command may end well without that: the thread then
    // ends with the connection, and a failure to write is only told where the command failed too.
    private void Feed(SshCommand remote)
    {
        if (string.IsNullOrEmpty(_stdin))
        {
            return;
        }

        _feeding = OwnThread.RunAsync(() =>
        {
            try
            {
                using var input = remote.CreateInputStream();
                input.Write(Encoding.UTF8.GetBytes(_stdin));
            }
            catch (Exception e) when (e is SshException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                _inputFault = $"; its standard input could not be sent: {e.Message}";
            }
        });
    }

    private void Take(string line, bool shown)
    {
        var safe = _redaction.Apply(line);
        _last.Enqueue(safe);
        if (_last.Count > LastWords)
        {
            _last.Dequeue();
        }

        if (shown)
        {
            _status(safe);
        }
    }

    private string LastLines() => _last.Count == 0 ? "" : $"; its last words:\n  {string.Join("\n  ", _last)}";

    private static string DescribeEnd(SshCommand remote) => remote switch
    {
        { ExitStatus: { } code } => $"ended with exit code {code}",
        { ExitSignal: { Length: > 0 } signal } => $"was ended by signal {signal}",
        _ => "ended without an exit code: the host went away",
    };
}
