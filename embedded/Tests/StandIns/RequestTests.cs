using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>How requests are read, with one master that needs no ZooKeeper.</summary>
internal sealed class RequestTests
{
    private const string Host = "127.0.44.1";
    private const string Register = "/standin/framework/register";
    private const string Refusal = "the master cannot call back 127.0.44.9:1";

    private Daemon? _master;

    [OneTimeSetUp]
    public async Task StartMasterAsync()
    {
        if (Requirements.Hindrance is { } reason)
        {
            Assert.Ignore(reason);
        }

        _master = Daemon.Start($"{Installation.Root}/usr/sbin/mesos-master", [$"--ip={Host}", $"--hostname={Host}", "--work_dir=" + Installation.NewFolder()], Installation.Environment(Installation.Root));
        await Web.UntilAsync("the master answers", async () => (await Web.GetAsync($"http://{Host}:5050/health")).Status == HttpStatusCode.OK, 20, _master);
    }

    [OneTimeTearDown]
    public void EndMaster() => _master?.Dispose();

    [Test]
    public async Task A_body_in_chunks_is_read_and_so_is_the_request_after_it()
    {
        var answers = await SayAsync(
            $"POST {Register} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "1;name=value\r\n{\r\n1A\r\n\"address\":\"127.0.44.9:1\"} \r\n0\r\nTrailer: value\r\n\r\n"
            + "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        Assert.That(answers, Does.StartWith("HTTP/1.1 503 ").And.Contain(Refusal).And.Contain("HTTP/1.1 200 "));
    }

    [Test]
    public async Task Json_of_a_client_that_does_not_count_it_first_is_read()
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsJsonAsync(new Uri($"http://{Host}:5050{Register}"), new { address = "127.0.44.9:1" });
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(Refusal));
    }

    [TestCase("Content-Length: x\r\n\r\n{}")]
    [TestCase("Content-Length: -1\r\n\r\n{}")]
    [TestCase("Transfer-Encoding: gzip\r\n\r\n{}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n")]
    public async Task A_body_whose_end_cannot_be_told_ends_the_connection(string rest)
    {
        var answers = await SayAsync($"POST {Register} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n{rest}GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.That(answers, Does.StartWith("HTTP/1.1 400 ").And.Contain("Connection: close").And.Not.Contain("HTTP/1.1 200 "));
    }

    [Test]
    public async Task Nothing_but_json_is_taken_for_json()
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded" })
        {
            Assert.That((await Web.SendAsync(HttpMethod.Post, $"http://{Host}:5050{Register}", """{"address":"127.0.44.9:1"}""", type)).Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType), type);
        }
    }

    /// <summary>Says something to the master and gives all that it answers until it closes the connection.</summary>
    private static async Task<string> SayAsync(string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(Host, 5050, limit.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), limit.Token);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(limit.Token);
    }
}
