using MesosStack.Embedded.Protocol;
using Renci.SshNet;

namespace MesosStack.Embedded.Providers.Command;

/// <summary>
/// Connections whose command has ended, open for a few seconds: steps of a host follow each other, and a handshake takes 0.12 to 0.2 s.
/// The official provider has none of this. A connection that broke meanwhile is not given out, so the next command connects anew.
/// </summary>
internal sealed class KeptConnections(TimeSpan length)
{
    // Each open connection takes a thread of SSH.NET.
    private const int Most = 64;

    private readonly Dictionary<PropertyMap, SshSession<SshClient>> _byLogin = [];

    /// <summary>An open connection with this login, which is then the caller's; null where none is kept.</summary>
    public SshSession<SshClient>? Take(SshEndpoint host)
    {
        SshSession<SshClient>? session;
        lock (_byLogin)
        {
            if (!_byLogin.Remove(host.Login, out session))
            {
                return null;
            }
        }

        if (session.Client.IsConnected)
        {
            return session;
        }

        _ = session.DisposeAsync().AsTask();
        return null;
    }

    /// <summary>Keeps a connection on which nothing runs any more. It is closed when its time is up, or at once where there is no room for it.</summary>
    public async ValueTask KeepAsync(SshEndpoint host, SshSession<SshClient> session)
    {
        bool isKept;
        lock (_byLogin)
        {
            isKept = _byLogin.Count < Most && _byLogin.TryAdd(host.Login, session);
        }

        if (isKept)
        {
            _ = CloseLaterAsync(host.Login, session);
        }
        else
        {
            await session.DisposeAsync();
        }
    }

    private async Task CloseLaterAsync(PropertyMap login, SshSession<SshClient> session)
    {
        await Task.Delay(length);
        lock (_byLogin)
        {
            if (_byLogin.GetValueOrDefault(login) != session)
            {
                return;
            }

            _byLogin.Remove(login);
        }

        await session.DisposeAsync();
    }
}
