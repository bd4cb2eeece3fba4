using System.Net;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>Credentials and addresses, with one master that needs no ZooKeeper.</summary>
internal sealed class CredentialTests
{
    private const string Host = "127.0.43.1";
    private const string Url = $"http://{Host}:5050";

    private readonly List<Daemon> _daemons = [];

    [SetUp]
    public void NeedsDaemons()
    {
        if (Requirements.Hindrance is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    [TearDown]
    public void EndDaemons()
    {
        _daemons.ForEach(daemon => daemon.Dispose());
        _daemons.Clear();
    }

    [Test]
    public async Task An_agent_without_the_secret_is_refused_and_ends()
    {
        await StartMasterAsync("--authenticate_agents");
        var refused = StartAgent("127.0.43.3", "--credential=" + WriteFile("""{"principal":"agent","secret":"wrong"}"""));
        var welcome = StartAgent("127.0.43.2", "--credential=" + WriteFile("""{"principal":"agent","secret":"right"}"""));
        Assert.That(await refused.WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(refused.Log, Does.Contain("refused authentication").And.Not.Contain("wrong"));
        await Web.UntilAsync("one agent is activated", async () => await ActivatedAsync() == 1, 20, welcome);
    }

    [TestCase("right", HttpStatusCode.ServiceUnavailable)] // known, but nobody is there to call back
    [TestCase("right\n", HttpStatusCode.Unauthorized)]
    [TestCase(null, HttpStatusCode.Unauthorized)]
    public async Task A_framework_must_know_the_secret_exactly(string? secret, HttpStatusCode expected)
    {
        await StartMasterAsync("--authenticate_frameworks");
        var principal = secret is null ? "null" : "\"agent\"";
        var body = $$"""{"name":"marathon","address":"127.0.43.9:1","principal":{{principal}},"secret":{{System.Text.Json.JsonSerializer.Serialize(secret)}}}""";
        var (status, _, _) = await Web.SendAsync(HttpMethod.Post, $"{Url}/standin/framework/register", body);
        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public async Task Readers_must_authenticate_where_the_flag_says_so()
    {
        await StartMasterAsync("--authenticate_http_readonly");
        Assert.That((await Web.GetAsync($"{Url}/state")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Web.GetAsync($"{Url}/health")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task An_agent_that_advertises_an_address_nobody_reaches_is_not_activated()
    {
        var master = await StartMasterAsync();
        var agent = StartAgent("127.0.43.2", "--advertise_ip=127.0.1.1");
        await Web.UntilAsync("the agent tells why", () => Task.FromResult(agent.Log.Contains("cannot call back 127.0.1.1:5051", StringComparison.Ordinal)), 20, master, agent);
        Assert.That(await ActivatedAsync(), Is.Zero);
    }

    [Test]
    public async Task A_master_without_its_own_address_advertises_what_its_name_resolves_to()
    {
        _daemons.Add(Daemon.Start($"{Installation.Root}/usr/sbin/mesos-master", ["--work_dir=" + Installation.NewFolder(), "--port=5059"], Installation.Environment(Installation.Root)));
        var name = (await Command.RunAsync("python3", ["-c", "import socket; print(socket.gethostbyname(socket.gethostname()))"])).StandardOutput.Trim();
        if (name.Length == 0)
        {
            Assert.That(await _daemons[0].WaitForEndAsync(), Is.EqualTo(1));
            return;
        }

        await Web.UntilAsync("the master answers", async () => (await Web.JsonAsync("http://127.0.0.1:5059/state"))["pid"]!.GetValue<string>() == $"master@{name}:5059", 20, _daemons[0]);
    }

    private static async Task<int> ActivatedAsync() => (await Web.JsonAsync($"{Url}/state"))["activated_slaves"]!.GetValue<int>();

    private static string WriteFile(string text)
    {
        var path = Path.Combine(Installation.NewFolder(), "file");
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<Daemon> StartMasterAsync(params string[] flags)
    {
        var credentials = WriteFile("""{"credentials":[{"principal":"agent","secret":"right"}]}""");
        string[] arguments = [$"--ip={Host}", $"--hostname={Host}", "--work_dir=" + Installation.NewFolder(), "--credentials=" + credentials, .. flags];
        var master = Daemon.Start($"{Installation.Root}/usr/sbin/mesos-master", arguments, Installation.Environment(Installation.Root));
        _daemons.Add(master);
        await Web.UntilAsync("the master answers", async () => (await Web.GetAsync($"{Url}/health")).Status == HttpStatusCode.OK, 20, master);
        return master;
    }

    private Daemon StartAgent(string ip, params string[] flags)
    {
        string[] arguments = [$"--master={Host}:5050", $"--ip={ip}", $"--hostname={ip}", "--work_dir=" + Installation.NewFolder(), .. flags];
        var agent = Daemon.Start($"{Installation.Root}/usr/sbin/mesos-slave", arguments, Installation.Environment(Installation.Root));
        _daemons.Add(agent);
        return agent;
    }
}
