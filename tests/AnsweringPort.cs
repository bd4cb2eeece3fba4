using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MesosStack.Tests;

/// <summary>A TCP port that gives the same answer to every question, until it is disposed.</summary>
internal sealed class AnsweringPort : IDisposable
{
    private readonly TcpListener _listener;

    /// <summary>Opens the port.</summary>
    /// <param name="address">A loopback address.</param>
    /// <param name="port">The port.</param>
    /// <param name="answer">The answer; the connection ends behind it.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public AnsweringPort(string address, int port, string answer)
    {
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var stream = client.GetStream();
                    _ = await stream.ReadAsync(new byte[1024]);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    if (!_listener.Server.IsBound)
                    {
                        return;
                    }
                }
                catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        });
    }

    /// <summary>A ZooKeeper that says what it is.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="mode">Its mode: leader, follower or standalone.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public static AnsweringPort ZooKeeper(string address, string mode) => new(address, 2181, $"Zookeeper version: 3.4.5\nMode: {mode}\n");

    public void Dispose() => _listener.Dispose();
}
