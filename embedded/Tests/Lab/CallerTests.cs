using System.Net;
using System.Net.Sockets;
using MesosStack.Embedded.Lab.Api;

namespace MesosStack.Embedded.Tests.Lab;

[TestFixture]
internal sealed class CallerTests
{
    private static readonly IPEndPoint Client = new(IPAddress.Loopback, 0xA871);
    private static readonly IPEndPoint Server = new(IPAddress.Loopback, 17900);

    [SetUp]
    public void LittleEndianOnly() => Assume.That(BitConverter.IsLittleEndian, "the rows below are of such a machine");

    [TestCase("0100007F:A871 0100007F:45EC", "01", "1000", "77", ExpectedResult = 1000)]
    [TestCase("0000000000000000FFFF00000100007F:A871 0000000000000000FFFF00000100007F:45EC", "01", "1000", "77", ExpectedResult = 1000, Description = "a socket of IPv6")]
    [TestCase("0100007F:A871 0100007F:45EC", "05", "0", "0", ExpectedResult = null, Description = "closed by its owner, whom the kernel then shows as root")]
    [TestCase("0100007F:A871 0100007F:45EC", "01", "0", "0", ExpectedResult = null, Description = "about to be")]
    [TestCase("0100007F:45EC 0100007F:A871", "01", "0", "77", ExpectedResult = null, Description = "the API's own end")]
    [TestCase("0100007F:A871 0100007F:45ED", "01", "0", "77", ExpectedResult = null, Description = "a connection to another port")]
    [TestCase("0200007F:A871 0100007F:45EC", "01", "0", "77", ExpectedResult = null, Description = "from another address")]
    public int? The_owner_of_the_callers_own_open_socket_counts(string ends, string state, string user, string inode) => Caller.Owner(
    [
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        $"   3: {ends} {state} 00000000:00000000 00:00000000 00000000  {user}        0 {inode} 1 000000008276e401 100 0 0 10 0",
    ], Client, Server)?.User;

    [TestCase(AddressFamily.InterNetwork)]
    [TestCase(AddressFamily.InterNetworkV6)]
    public void This_process_is_known_by_the_real_table(AddressFamily family)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (family == AddressFamily.InterNetworkV6)
        {
            client.DualMode = true;
        }

        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var accepted = listener.AcceptSocket();
        Assert.That(Caller.Of(accepted.RemoteEndPoint, accepted.LocalEndPoint).MayMakeHosts, Is.True);
        client.Close();
        Assert.That(Caller.Of(accepted.RemoteEndPoint, accepted.LocalEndPoint).User, Is.Null, "whoever hung up is nobody");
    }
}
