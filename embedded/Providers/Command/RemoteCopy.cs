using System.Diagnostics;
using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>One copy of a folder to a host over SFTP: dials, makes directories, writes files. Sets no mode and removes nothing, and a file is not exchanged as a whole but overwritten.</summary>
internal sealed class RemoteCopy(SshEndpoint host, Liveness liveness, Action<string> status)
{
    private string _at = "";
    private int _answers;

    /// <summary>Whether anything may have been changed on the host.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// Copies a folder's files into a directory of the host, which is made with its parents; of a folder without a slash at its end
    /// the folder itself. Cancellation ends the wait for the host; a copy that has begun is waited for. The time limit ends both.
    /// </summary>
    /// <exception cref="ProviderException">The folder cannot be read, the host cannot be reached or went away, it refused something, or the time is up.</exception>
    public async Task RunAsync(string source, string remotePath, TimeSpan? limit, CancellationToken cancellation)
    {
        var entries = LocalTree.Read(source);
        using var time = new TimeLimit(limit, cancellation);
        try
        {
            await using var session = await SshSession<SftpClient>.DialAsync(connection => new SftpClient(connection), host, liveness, status, time.Token);
            var copying = OwnThread.RunAsync(() => Copy(session.Client, entries, Destination(source, remotePath)));
            await WatchAsync(copying, time.Time);
            await copying;
        }
        catch (OperationCanceledException e)
        {
            throw new ProviderException($"{(time.IsUp ? $"the time limit of {limit} is up" : "nobody waits any longer")}: {e.Message}", e);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ProviderException($"{_at} could not be copied to {host.Host}: {e.Message}", e);
        }
    }

    private static string Destination(string source, string remotePath) =>
        Path.EndsInDirectorySeparator(source) ? remotePath : $"{remotePath.TrimEnd('/')}/{Path.GetFileName(source)}";

    // SSH.NET has no time limit for sending, so it would wait without end for a host that does not answer.
    private async Task WatchAsync(Task copying, CancellationToken time)
    {
        var (silence, answers) = (TimeSpan.Zero, 0);
        while (!copying.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAny(copying, Task.Delay(Liveness.LookInterval, time));
            if (!copying.IsCompleted && time.IsCancellationRequested)
            {
                throw new OperationCanceledException($"{_at} was being copied to {host.Host}", time);
            }

            var now = Volatile.Read(ref _answers);
            (silence, answers) = (now == answers ? silence + Liveness.PassedSince(began) : TimeSpan.Zero, now);
            if (silence >= liveness.Quiet + liveness.AnswerLimit)
            {
                throw new ProviderException($"{host.Host} went away while {_at} was copied to it: it gives no sign of life");
            }
        }
    }

    private void Copy(SftpClient client, IReadOnlyList<LocalEntry> entries, string directory)
    {
        HasBegun = true;
        _at = directory;
        MakeWithParents(client, directory);
        foreach (var entry in entries)
        {
            _at = $"{directory}/{entry.Name}";
            Interlocked.Increment(ref _answers);
            if (entry.File is null)
            {
                Make(client, _at);
            }
            else
            {
                status($"copying {entry.Name} …");
                using var content = entry.File.OpenRead();
                client.UploadFile(content, _at, canOverride: true, _ => Interlocked.Increment(ref _answers));
            }
        }
    }

    private static void MakeWithParents(SftpClient client, string directory)
    {
        for (var end = directory.IndexOf('/', 1); end > 0; end = directory.IndexOf('/', end + 1))
        {
            Make(client, directory[..end]);
        }

        Make(client, directory);
    }

    private static void Make(SftpClient client, string directory)
    {
        if (!client.Exists(directory))
        {
            client.CreateDirectory(directory);
        }
        else if (!client.GetAttributes(directory).IsDirectory)
        {
            throw new IOException($"{directory} is there and is no directory");
        }
    }
}
