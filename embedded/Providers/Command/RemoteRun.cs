using System.Text;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers.Inputs;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>One run of one command on a host: dials, runs it with its standard input, keeps its outputs.</summary>
internal sealed class RemoteRun
{
    private const int LastWords = 20;

    // Often enough for a person who watches, seldom enough to cost nothing.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly SshEndpoint _target;
    private readonly SshEndpoint? _proxy;
    private readonly string? _stdin;
    private readonly string _logging;
    private readonly Redaction _redaction;
    private readonly Action<string> _status;
    private readonly Queue<string> _last = new();
    private string _inputFault = "";

    /// <summary>A run as the inputs of a command say.</summary>
    /// <exception cref="ProviderException">The inputs name no host.</exception>
    public RemoteRun(PropertyMap inputs, Action<string> status)
    {
        var connection = inputs.Fields("connection") ?? throw new ProviderException("connection is missing");
        _target = new SshEndpoint(connection);
        _proxy = connection.Fields("proxy") is { } proxy ? new SshEndpoint(proxy) : null;
        _stdin = inputs.Text("stdin");
        _logging = inputs.Text("logging") ?? "stdoutAndStderr";
        _redaction = new Redaction([.. _target.Secrets, .. _proxy?.Secrets ?? [], .. _stdin is null ? [] : new[] { _stdin }]);
        _status = status;
    }

    /// <summary>
    /// Runs the command and gives its outputs. Cancellation ends the wait for the host; a command that runs goes on to its
    /// end. The time limit ends both.
    /// </summary>
    /// <exception cref="ProviderException">The host cannot be reached, the command failed, or the time is up.</exception>
    public async Task<(string Stdout, string Stderr)> RunAsync(string command, TimeSpan? limit, CancellationToken cancellation)
    {
        using var time = new TimeLimit(limit, cancellation);
        try
        {
            using var session = await SshSession.DialAsync(_target, _proxy, _status, time.Token);
            return await RunAsync(session.Client, command, time.Time);
        }
        catch (OperationCanceledException e) when (time.IsUp)
        {
            throw new ProviderException($"the time limit of {limit} is up: {e.Message}{LastLines()}", e);
        }
    }

    private async Task<(string Stdout, string Stderr)> RunAsync(SshClient client, string command, CancellationToken time)
    {
        // SSH.NET ends an input only after a first byte of it; without an end, a command that reads would wait forever.
        using var remote = client.CreateCommand(string.IsNullOrEmpty(_stdin) ? $"exec </dev/null; {command}" : command);
        using var stdout = new OutputCapture(remote.OutputStream, line => Take(line, shown: _logging is "stdout" or "stdoutAndStderr"));
        using var stderr = new OutputCapture(remote.ExtendedOutputStream, line => Take(line, shown: _logging is "stderr" or "stdoutAndStderr"));
        try
        {
            var running = await SshSession.OnOwnThread(() => remote.ExecuteAsync(CancellationToken.None));
            client.ConnectionInfo.Timeout = Timeout.InfiniteTimeSpan;
            Feed(remote);
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(LookInterval, time));
                stdout.TakeArrived();
                stderr.TakeArrived();
                if (time.IsCancellationRequested)
                {
                    throw new OperationCanceledException($"the command on {_target.Host} is still running there", time);
                }
            }

            await running;
        }
        catch (Exception e) when (e is SshException or IOException or ObjectDisposedException)
        {
            throw new ProviderException($"the connection to {_target} broke while the command ran: {e.Message}{LastLines()}", e);
        }

        stdout.TakeRest();
        stderr.TakeRest();
        return remote.ExitStatus == 0
            ? (stdout.Text, stderr.Text)
            : throw new ProviderException($"the command on {_target.Host} {DescribeEnd(remote)}{_inputFault}{LastLines()}");
    }

    // On a thread of its own, for it waits until the command reads. A command may end well without that: the thread then
    // ends with the connection, and a failure to write is only told where the command failed too.
    private void Feed(SshCommand remote)
    {
        if (string.IsNullOrEmpty(_stdin))
        {
            return;
        }

        _ = SshSession.OnOwnThread(() =>
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

            return true;
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
