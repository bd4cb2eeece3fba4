using System.Diagnostics;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>When a host counts as gone while a command runs there or files are copied to it.</summary>
/// <param name="Quiet">The silence after which the host is asked for a sign of life.</param>
/// <param name="AnswerLimit">How long it may then go on saying nothing. Ample: a machine short of memory is slow, not gone.</param>
internal sealed record Liveness(TimeSpan Quiet, TimeSpan AnswerLimit)
{
    /// <summary>Notices within two minutes, as TCP's keep-alive does for the official provider (SSH.NET gives no access to its socket).</summary>
    public static Liveness Usual { get; } = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90));

    /// <summary>For how long a host may refuse a login, or to do anything for who has logged in. A host that boots refuses the key until it has learned it.</summary>
    public TimeSpan RefusalLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often to look: often enough for a person who watches, seldom enough to cost nothing.</summary>
    public static TimeSpan LookInterval { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The time to count between two looks. What lies further apart is a process that was stopped (Ctrl-Z); the host is not to blame for that time.</summary>
    /// <param name="began">The timestamp of the look before.</param>
    public static TimeSpan PassedSince(long began)
    {
        var longest = TimeSpan.FromSeconds(1);
        return Stopwatch.GetElapsedTime(began) is var passed && passed < longest ? passed : longest;
    }
}

/// <summary>
/// Notices a host that vanished without a word: TCP itself would take a quarter of an hour, and SSH.NET's own keep-alive wants
/// no answer. The question goes over the same connection. Nobody has to print anything.
/// </summary>
internal sealed class HostWatch(SshClient client, Liveness liveness)
{
    private TimeSpan _silence;
    private Task? _question;

    /// <summary>To be called again and again; gives whether the host is gone.</summary>
    /// <param name="heard">Whether anything came from the host since the last call.</param>
    /// <param name="passed">The time to count since then: none in which this process was stopped.</param>
    public bool IsGone(bool heard, TimeSpan passed)
    {
        if (heard || _question is { IsCompleted: true })
        {
            (_silence, _question) = (TimeSpan.Zero, _question is { IsCompleted: true } ? null : _question);
            return false;
        }

        _silence += passed;
        if (_question is not null)
        {
            return _silence >= liveness.AnswerLimit;
        }

        if (_silence >= liveness.Quiet)
        {
            (_silence, _question) = (TimeSpan.Zero, OwnThread.RunAsync(Ask));
        }

        return false;
    }

    // SSH.NET has no question that costs less than a command. A refusal is an answer, too; where the connection breaks, the
    // command that runs over it fails.
    private bool Ask()
    {
        try
        {
            using var question = client.CreateCommand("true");
            _ = question.ExecuteAsync(CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is SshException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }
}
