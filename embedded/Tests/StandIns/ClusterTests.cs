using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

// With DependsOnTest, which NUnit 5 wants instead, a run of some of the tests (--filter) waits for ever for the others.
#pragma warning disable CS0618 // Order

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>A life of one cluster on loopback, step by step: masters, agents and Marathons over a real ZooKeeper.</summary>
internal sealed class ClusterTests
{
    // Every master has an address of its own on loopback, 127.0.41.N; agents are 127.0.42.N.
    private readonly Dictionary<string, Daemon> _daemons = [];
    private readonly Dictionary<string, string> _folders = [];
    private ZooKeeperServer? _zooKeeper;

    [OneTimeSetUp]
    public async Task StartZooKeeperAsync()
    {
        if (Requirements.Hindrance is { } reason)
        {
            Assert.Ignore(reason);
        }

        _zooKeeper = await ZooKeeperServer.StartAsync("127.0.40.1");
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        try
        {
            // Agents that are asked to leave end their tasks; all else is just killed.
            foreach (var (_, agent) in _daemons.Where(daemon => daemon.Key.StartsWith("agent", StringComparison.Ordinal) && !daemon.Value.HasEnded))
            {
                await Command.RunAsync("kill", ["-USR1", agent.Id.ToString(CultureInfo.InvariantCulture)]);
                await agent.WaitForEndAsync();
            }
        }
        finally
        {
            // What stayed would be in the way of the next run.
            foreach (var daemon in _daemons.Values)
            {
                daemon.Dispose();
            }

            _zooKeeper?.Dispose();
        }
    }

    [Test, Order(1)]
    public async Task Two_of_three_empty_masters_do_not_begin_the_third_lets_them()
    {
        StartMaster(1);
        StartMaster(2);
        await Web.UntilAsync("two replicas know each other", () => Task.FromResult(Daemon("master1").Log.Contains("waits for 3 replicas; those it knows are ['127.0.41.1:5050', '127.0.41.2:5050']", StringComparison.Ordinal)), 20, Daemon("master1"));
        await Web.UntilAsync("one is named leader", async () => await LeaderAsync() is not null);
        var leader = (await LeaderAsync())!;
        Assert.That((await Web.JsonAsync($"http://{leader}/metrics/snapshot"))["registrar/log/recovered"]!.GetValue<double>(), Is.Zero);
        StartMaster(3);
        await Web.UntilAsync("the replicated log begins", async () => (await Web.JsonAsync($"http://{leader}/metrics/snapshot"))["registrar/log/recovered"]!.GetValue<double>() == 1, 20, [.. _daemons.Values]);
    }

    [Test, Order(2)]
    public async Task A_master_that_does_not_lead_sends_readers_to_the_leader()
    {
        var leader = (await LeaderAsync())!;
        var other = Masters().First(master => master != leader);
        foreach (var (path, target) in new[] { ("/redirect", ""), ("/master/state", "/master/state") })
        {
            var (status, _, location) = await Web.GetAsync($"http://{other}{path}");
            Assert.That(status, Is.EqualTo(HttpStatusCode.TemporaryRedirect), path);
            Assert.That(location?.OriginalString, Is.EqualTo($"//{leader}{target}"), path);
        }

        var page = await Web.GetAsync($"http://{other}/");
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page.Text, Does.Contain($"url=//{leader}/").And.Contain("STAND-IN"));
        Assert.That((await Web.GetAsync($"http://{leader}/state.json")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Web.JsonAsync($"http://{other}/metrics/snapshot"))["master/elected"]!.GetValue<double>(), Is.Zero);
    }

    [Test, Order(3)]
    public async Task Agents_are_activated_and_a_follower_of_version_0_28_shows_an_empty_view()
    {
        StartAgent(1);
        StartAgent(2);
        await Web.UntilAsync("both agents are activated", async () => await ActivatedAsync() == 2, 20, [.. _daemons.Values]);
        var state = await StateAsync();
        Assert.That(state["leader"]!.GetValue<string>(), Is.EqualTo($"master@{await LeaderAsync()}"));
        Assert.That(await ViolationsAsync(), Is.Empty);

        var follower = Masters().First(master => master != LeaderAsync().Result);
        var name = "master" + follower.Split('.', ':')[3];
        await Daemon(name).KillAsync();
        StartMaster(int.Parse(name[6..], CultureInfo.InvariantCulture), Installation.OldRoot);
        await Web.UntilAsync("the old follower knows the leader", async () => (await Web.JsonAsync($"http://{follower}/state"))["leader"]?.GetValue<string>() == state["leader"]!.GetValue<string>(), 20, Daemon(name));
        Assert.That((await Web.JsonAsync($"http://{follower}/state.json"))["activated_slaves"]!.GetValue<int>(), Is.Zero);
    }

    [Test, Order(4)]
    public async Task An_app_sent_to_a_follower_runs_and_is_restarted_when_it_ends()
    {
        StartMarathon(1);
        await Web.UntilAsync("the first Marathon leads", async () => (await Web.GetAsync($"{Marathon(1)}/v2/leader")).Status == HttpStatusCode.OK, 20, Daemon("marathon1"));
        StartMarathon(2);
        await Web.UntilAsync("the second one knows", async () => (await Web.GetAsync($"{Marathon(2)}/v2/leader")).Status == HttpStatusCode.OK, 20, Daemon("marathon2"));
        var (status, text, _) = await Web.SendAsync(HttpMethod.Post, $"{Marathon(2)}/v2/apps", """{"id":"hello","cmd":"echo hello; sleep 2","cpus":0.1,"mem":16,"ports":[0]}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), text);
        Assert.That(JsonNode.Parse(text)!["id"]!.GetValue<string>(), Is.EqualTo("/hello"));

        var first = await TaskAsync("hello");
        await Web.UntilAsync("the sandbox holds the output", async () => (await Web.GetAsync($"http://{first["host"]}:5051/standin/sandbox/{first["id"]}/stdout")).Text == "hello\n");
        await Web.UntilAsync("another task follows", async () => (await TaskAsync("hello"))["id"]!.GetValue<string>() != first["id"]!.GetValue<string>(), 20, [.. _daemons.Values]);
    }

    [TestCase("""{"id":"hello","cmd":"true"}""", HttpStatusCode.Conflict, "already exists")]
    [TestCase("""{"id":"Hello","cmd":"true"}""", HttpStatusCode.UnprocessableEntity, "/id")]
    [TestCase("""{"id":"other"}""", HttpStatusCode.UnprocessableEntity, "cmd")]
    [TestCase("""{"id":"other","cmd":"true","container":{"type":"DOCKER"}}""", HttpStatusCode.UnprocessableEntity, "not imitated")]
    [TestCase("""{"id":"other","cmd":"true","mem":"16"}""", HttpStatusCode.BadRequest, "error.expected.jsnumber")]
    [TestCase("""{"id":"other","cmd":"true","backoffSeconds":"x"}""", HttpStatusCode.BadRequest, "/backoffSeconds")]
    [TestCase("""{"id":"other","cmd":"true","maxLaunchDelaySeconds":null}""", HttpStatusCode.BadRequest, "/maxLaunchDelaySeconds")]
    [TestCase("""{"id":"other","cmd":"true","backoffFactor":-1}""", HttpStatusCode.UnprocessableEntity, "/backoffFactor")]
    [TestCase("""{"id":"other","cmd":"true","user":"nobody"}""", HttpStatusCode.UnprocessableEntity, "'user' is not imitated")]
    [TestCase("""{"id":"other","cmd":"true","requirePorts":true}""", HttpStatusCode.UnprocessableEntity, "'requirePorts' is not imitated")]
    [TestCase("""{"id":"other","cmd":"true","upgradeStrategy":{"minimumHealthCapacity":0.5}}""", HttpStatusCode.UnprocessableEntity, "'upgradeStrategy' is not imitated")]
    [TestCase("""{"id":"other","cmd":"true","portDefinitions":[{"port":80,"protocol":"udp"}]}""", HttpStatusCode.UnprocessableEntity, "/portDefinitions")]
    [TestCase("""{"id":"other","cmd":"true","instanses":3}""", HttpStatusCode.UnprocessableEntity, "'instanses' is no field")]
    [TestCase("{", HttpStatusCode.BadRequest, "Invalid JSON")]
    [Order(5)]
    public async Task A_faulty_app_is_refused(string json, HttpStatusCode expected, string message)
    {
        var (status, text, _) = await Web.SendAsync(HttpMethod.Post, $"{Marathon(2)}/v2/apps", json);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(text, Does.Contain(message));
    }

    [Test, Order(6)]
    public async Task An_app_that_is_not_called_json_is_refused()
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded" })
        {
            var (status, text, _) = await Web.SendAsync(HttpMethod.Post, $"{Marathon(2)}/v2/apps", """{"id":"other","cmd":"true"}""", type);
            Assert.That(status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
            Assert.That(JsonNode.Parse(text)!["message"]!.GetValue<string>(), Is.EqualTo("Unsupported Media Type"));
        }

        Assert.That((await Web.SendAsync(HttpMethod.Put, $"{Marathon(1)}/v2/apps/other", """{"cmd":"true"}""", "text/plain")).Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That((await Web.GetAsync($"{Marathon(1)}/v2/apps/other")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test, Order(7)]
    public async Task An_app_is_changed_in_place_and_deleted()
    {
        var url = $"{Marathon(1)}/v2/apps/long";
        var (created, _, _) = await Web.SendAsync(HttpMethod.Put, url, """{"id":"long","cmd":"sleep 100","cpus":0.1,"mem":16}""");
        Assert.That(created, Is.EqualTo(HttpStatusCode.Created));
        var old = (await TaskAsync("long"))["id"]!.GetValue<string>();
        await DeployedAsync();

        var (changed, text, _) = await Web.SendAsync(HttpMethod.Put, url, """{"env":{"A":"b"},"instances":2}""");
        Assert.That(changed, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(JsonNode.Parse(text)!.AsObject().Select(field => field.Key), Is.EquivalentTo(new[] { "version", "deploymentId" }));
        Assert.That((await Web.SendAsync(HttpMethod.Delete, url)).Status, Is.EqualTo(HttpStatusCode.Conflict), "a deployment still works on it");
        await DeployedAsync();
        var app = (await Web.JsonAsync(url))["app"]!;
        Assert.That(app["tasksRunning"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(app["cmd"]!.GetValue<string>(), Is.EqualTo("sleep 100"));
        Assert.That(app["tasks"]!.AsArray().Select(task => task!["id"]!.GetValue<string>()), Does.Not.Contain(old));

        await Web.SendAsync(HttpMethod.Put, url + "?partialUpdate=false", """{"cmd":"sleep 200","cpus":0.1,"mem":16}""");
        await DeployedAsync();
        app = (await Web.JsonAsync(url))["app"]!;
        Assert.That(app["env"]!.AsObject(), Is.Empty, "what is not named goes");
        Assert.That(app["instances"]!.GetValue<int>(), Is.EqualTo(1));

        Assert.That((await Web.SendAsync(HttpMethod.Delete, url)).Status, Is.EqualTo(HttpStatusCode.OK));
        await DeployedAsync();
        Assert.That((await Web.GetAsync(url)).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await StateAsync())["frameworks"]![0]!["tasks"]!.AsArray().Select(task => task!["name"]!.GetValue<string>()), Does.Not.Contain("/long"));
    }

    [Test, Order(8)]
    public async Task What_was_answered_can_be_sent_back()
    {
        var url = $"{Marathon(1)}/v2/apps/hello";
        var app = (await Web.JsonAsync(url))["app"]!;
        var (status, text, _) = await Web.SendAsync(HttpMethod.Put, url + "?force=true", app.ToJsonString());
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), text);
        Assert.That((await Web.JsonAsync(url))["app"]!["ports"]!.ToJsonString(), Is.EqualTo(app["ports"]!.ToJsonString()));
    }

    [Test, Order(8)]
    public async Task An_app_that_finds_no_room_waits_in_the_queue_and_goes_back_to_the_version_before()
    {
        var url = $"{Marathon(1)}/v2/apps/wide";
        await Web.SendAsync(HttpMethod.Put, url, """{"cmd":"sleep 300","cpus":0.1,"mem":16,"ports":[9099]}""");
        await DeployedAsync();
        var before = (await Web.JsonAsync(url))["app"]!["version"]!.GetValue<string>();

        await Web.SendAsync(HttpMethod.Put, url, """{"cmd":"sleep 300","cpus":0.1,"mem":16,"ports":[9099]}""");
        await DeployedAsync();
        Assert.That((await Web.JsonAsync(url))["app"]!["version"]!.GetValue<string>(), Is.EqualTo(before), "an app that is as it was keeps its version");

        await Web.SendAsync(HttpMethod.Put, url, """{"cpus":1000}""");
        var queued = (await Web.JsonAsync($"{Marathon(2)}/v2/queue"))["queue"]!.AsArray().Single(entry => entry!["app"]!["id"]!.GetValue<string>() == "/wide")!;
        Assert.That(queued["count"]!.GetValue<int>(), Is.EqualTo(1));
        var declined = queued["processedOffersSummary"]!["rejectSummaryLastOffers"]!.AsArray().Where(entry => entry!["declined"]!.GetValue<int>() > 0).ToList();
        Assert.That(declined.Select(entry => entry!.ToJsonString()), Is.EqualTo(new[] { """{"reason":"InsufficientCpus","declined":2,"processed":2}""" }));

        Assert.That((await Web.SendAsync(HttpMethod.Put, url + "?force=true", """{"version":"2020-01-01T00:00:00.000Z"}""")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Web.SendAsync(HttpMethod.Put, url + "?force=true", $$"""{"version":"{{before}}"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        await DeployedAsync();
        Assert.That((await Web.JsonAsync(url))["app"]!["cpus"]!.GetValue<double>(), Is.EqualTo(0.1));

        before = (await Web.JsonAsync(url))["app"]!["version"]!.GetValue<string>();
        await Web.SendAsync(HttpMethod.Put, url, """{"instances":30}""");
        await Web.UntilAsync("many tasks run", async () => (await Web.JsonAsync(url))["app"]!["tasksRunning"]!.GetValue<int>() >= 5, 20, [.. _daemons.Values]);
        Assert.That((await Web.SendAsync(HttpMethod.Put, url + "?force=true", $$"""{"version":"{{before}}"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        await Web.UntilAsync("one task runs", async () => (await Web.JsonAsync(url))["app"]!["tasksRunning"]!.GetValue<int>() == 1, 60, [.. _daemons.Values]);

        var (status, text, _) = await Web.SendAsync(HttpMethod.Put, $"{Marathon(2)}/v2/apps/other", """{"cmd":"true","ports":[9099]}""");
        Assert.That((status, JsonNode.Parse(text)!["message"]!.GetValue<string>()), Is.EqualTo((HttpStatusCode.Conflict, "Requested service port 9099 conflicts with a service port in app /wide")));
        await Web.SendAsync(HttpMethod.Delete, url);
    }

    [Test, Order(8)]
    public async Task An_app_whose_tasks_fail_says_what_the_last_one_said()
    {
        var url = $"{Marathon(1)}/v2/apps/failing";
        var (_, text, _) = await Web.SendAsync(HttpMethod.Put, url, """{"cmd":"exit 3","cpus":0.1,"mem":16}""");
        JsonNode? failure = null;
        await Web.UntilAsync("a task failed", async () => (failure = (await Web.JsonAsync(url))["app"]!["lastTaskFailure"]) is not null, 20, Daemon("marathon1"));

        Assert.That(failure!["message"]!.GetValue<string>(), Is.EqualTo("Command exited with status 3"));
        Assert.That(failure["version"]!.GetValue<string>(), Is.EqualTo(JsonNode.Parse(text)!["version"]!.GetValue<string>()));
        await Web.SendAsync(HttpMethod.Delete, url + "?force=true");
    }

    [Test, Order(9)]
    public async Task A_task_outlives_its_agents_restart()
    {
        await Web.SendAsync(HttpMethod.Put, $"{Marathon(1)}/v2/apps/steady", """{"id":"steady","cmd":"sleep 300","cpus":0.1,"mem":16}""");
        var before = await TaskAsync("steady");
        await DeployedAsync();
        var number = NumberOfAgent(before);
        await Daemon($"agent{number}").KillAsync();
        StartAgent(number);
        await Web.UntilAsync("the agent is back", async () => Daemon($"agent{number}").Log.Contains("Registered with master", StringComparison.Ordinal) && await ActivatedAsync() == 2, 20, Daemon($"agent{number}"));
        Assert.That(Daemon($"agent{number}").Log, Does.Contain($"Recovered task {before["id"]}"));
        Assert.That((await TaskAsync("steady"))["id"]!.GetValue<string>(), Is.EqualTo(before["id"]!.GetValue<string>()));
    }

    [Test, Order(10)]
    public async Task A_task_that_does_not_end_when_asked_counts_until_it_is_made_to()
    {
        var url = $"{Marathon(1)}/v2/apps/stubborn";
        await Web.SendAsync(HttpMethod.Put, url, """{"cmd":"trap '' TERM; echo $$; while :; do sleep 1; done","cpus":0.1,"mem":16}""");
        var task = await TaskAsync("stubborn");
        await DeployedAsync();
        var pid = "";
        await Web.UntilAsync("it tells its number", async () => (pid = (await Web.GetAsync($"http://{task["host"]}:5051/standin/sandbox/{task["id"]}/stdout")).Text.Trim()).Length > 0);
        Assert.That(Runs(), "it runs");

        await Web.SendAsync(HttpMethod.Delete, url);
        await DeployedAsync();
        Assert.That(Runs(), Is.False, "it runs no more once it is said to have ended");

        // A process that has ended and was not collected yet has a folder there, but no command line.
        bool Runs()
        {
            try
            {
                return File.ReadAllText($"/proc/{pid}/cmdline").Length > 0;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Test, Order(11)]
    public async Task A_changed_agent_refuses_its_old_identity()
    {
        var number = 3 - NumberOfAgent(await TaskAsync("steady"));
        await Daemon($"agent{number}").KillAsync();
        StartAgent(number, "--attributes=rack:b");
        Assert.That(await Daemon($"agent{number}").WaitForEndAsync(), Is.EqualTo(1));
        Assert.That(Daemon($"agent{number}").Log, Does.Contain("Incompatible agent info detected.").And.Contain("rm -f"));
        await Web.UntilAsync("it is no longer activated", async () => await ActivatedAsync() == 1);
        File.Delete(Path.Combine(_folders[$"agent{number}"], "meta/slaves/latest"));
        StartAgent(number, "--attributes=rack:b");
        await Web.UntilAsync("it is activated as a new agent", async () => await ActivatedAsync() == 2, 20, Daemon($"agent{number}"));
        var agents = (await StateAsync())["slaves"]!.AsArray();
        Assert.That(agents.Count(agent => agent!["attributes"]!["rack"]?.GetValue<string>() == "b"), Is.EqualTo(1));
    }

    [Test, Order(12)]
    public async Task A_failed_leader_is_followed_by_another_and_the_tasks_stay()
    {
        var steady = (await TaskAsync("steady"))["id"]!.GetValue<string>();
        var leader = (await LeaderAsync())!;
        await StoreFaultyAppAsync();
        await Daemon("master" + leader.Split('.', ':')[3]).KillAsync();
        await Daemon("marathon1").KillAsync();
        await Web.UntilAsync("another master leads with both agents", async () => await LeaderAsync() is { } next && next != leader && await ActivatedAsync() == 2, 20, [.. _daemons.Values]);
        await Web.UntilAsync("the other Marathon leads", async () => (await Web.GetAsync($"{Marathon(2)}/v2/leader")).Text.Contains("127.0.41.2:8080", StringComparison.Ordinal), 20, Daemon("marathon2"));
        Assert.That((await TaskAsync("steady"))["id"]!.GetValue<string>(), Is.EqualTo(steady));
        await Web.UntilAsync("the faulty app was met", () => Task.FromResult(Daemon("marathon2").Log.Contains("TypeError", StringComparison.Ordinal)), 20, Daemon("marathon2"));
        var hello = (await TaskAsync("hello"))["id"]!.GetValue<string>();
        await Web.UntilAsync("the restarting app goes on", async () => (await TaskAsync("hello"))["id"]!.GetValue<string>() != hello, 20, Daemon("marathon2"));
        Assert.That((await Web.SendAsync(HttpMethod.Delete, $"{Marathon(2)}/v2/apps/faulty?force=true")).Status, Is.EqualTo(HttpStatusCode.OK));
        StartMaster(int.Parse(leader.Split('.', ':')[3], CultureInfo.InvariantCulture));
    }

    [Test, Order(13)]
    public async Task USR1_ends_the_tasks_and_makes_a_new_agent()
    {
        var before = await TaskAsync("steady");
        var number = NumberOfAgent(before);
        await Command.RunAsync("kill", ["-USR1", Daemon($"agent{number}").Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.That(await Daemon($"agent{number}").WaitForEndAsync(), Is.Zero);
        await Web.UntilAsync("the task moves to the other agent", async () => NumberOfAgent(await TaskAsync("steady")) == 3 - number, 20, [.. _daemons.Values]);
        Assert.That(await ActivatedAsync(), Is.EqualTo(1));
        Assert.That(Path.Exists(Path.Combine(_folders[$"agent{number}"], "meta/slaves/latest")), Is.False);
        StartAgent(number);
        await Web.UntilAsync("it is back", async () => await ActivatedAsync() == 2, 20, Daemon($"agent{number}"));
        Assert.That((await StateAsync())["slaves"]!.AsArray().Select(agent => agent!["id"]!.GetValue<string>()), Does.Not.Contain(before["slaveId"]!.GetValue<string>()));
    }

    [Test, Order(14)]
    public async Task More_masters_than_the_quorum_allows_are_recorded_not_refused()
    {
        StartMaster(4);
        await Web.UntilAsync("the violation shows", async () => (await ViolationsAsync()).Count > 0, 20, [.. _daemons.Values]);
        var violation = (await ViolationsAsync())[0]!;
        Assert.That(violation["masters"]!.AsArray(), Has.Count.EqualTo(4));
        Assert.That(Daemon("master4").HasEnded, Is.False);
    }

    [Test, Order(15)]
    public async Task The_pages_say_what_they_are()
    {
        var marathon = (await Web.GetAsync($"{Marathon(2)}/")).Text;
        var master = (await Web.GetAsync($"http://{await LeaderAsync()}/")).Text;
        Assert.That(marathon, Does.Contain("STAND-IN").And.Contain("/hello").And.Contain("New App"));
        Assert.That(master, Does.Contain("STAND-IN").And.Contain("2 activated").And.Contain("/stdout"));
    }

    private static string Marathon(int number) => $"http://127.0.41.{number}:8080";

    private static int NumberOfAgent(JsonNode task) => int.Parse(task["host"]!.GetValue<string>().Split('.')[3], CultureInfo.InvariantCulture);

    private Daemon Daemon(string name) => _daemons[name];

    private IEnumerable<string> Masters() => _daemons.Keys.Where(name => name.StartsWith("master", StringComparison.Ordinal)).Select(name => $"127.0.41.{name[6..]}:5050");

    private async Task<string?> LeaderAsync()
    {
        foreach (var master in Masters())
        {
            try
            {
                if ((await Web.JsonAsync($"http://{master}/metrics/snapshot"))["master/elected"]!.GetValue<double>() == 1)
                {
                    return master;
                }
            }
            catch (HttpRequestException)
            {
                // This master is down; another may lead.
            }
        }

        return null;
    }

    private async Task<JsonNode> StateAsync() => await Web.JsonAsync($"http://{await LeaderAsync()}/state");

    private async Task<JsonArray> ViolationsAsync() => (await Web.JsonAsync($"http://{await LeaderAsync()}/standin/violations")).AsArray();

    private async Task<int> ActivatedAsync() => (await StateAsync())["activated_slaves"]!.GetValue<int>();

    /// <summary>The app's one running task, waited for.</summary>
    private async Task<JsonNode> TaskAsync(string app)
    {
        JsonNode? found = null;
        await Web.UntilAsync(
            $"a task of {app} runs",
            async () =>
            {
                var (status, text, _) = await Web.GetAsync($"{Marathon(2)}/v2/apps/{app}/tasks");
                found = status == HttpStatusCode.OK ? JsonNode.Parse(text)!["tasks"]!.AsArray().FirstOrDefault(task => task!["state"]!.GetValue<string>() == "TASK_RUNNING") : null;
                return found is not null;
            },
            30,
            [.. _daemons.Values]);
        return found!;
    }

    private Task DeployedAsync() => Web.UntilAsync("no deployment is left", async () => (await Web.JsonAsync($"{Marathon(2)}/v2/deployments")).AsArray().Count == 0, 20, [.. _daemons.Values]);

    /// <summary>What no Marathon would take today, put beside the apps for the next one that leads.</summary>
    private async Task StoreFaultyAppAsync()
    {
        const string App = """
            {"id":"/faulty","cmd":"false","env":{},"labels":{},"instances":1,"cpus":0.1,"mem":16,"disk":0,"ports":[],"backoffSeconds":"x",
             "version":"2026-01-01T00:00:00.000Z","versionInfo":{"lastConfigChangeAt":"2026-01-01T00:00:00.000Z"}}
            """;
        const string Program = "import sys, kazoo.client as k; c = k.KazooClient(hosts=sys.argv[1]); c.start(); c.create('/marathon/state/app:faulty', sys.argv[2].encode()); c.stop()";
        await Command.CheckedAsync("python3", ["-c", Program, _zooKeeper!.Address, App], Installation.Environment(Installation.Root));
    }

    private void StartMaster(int number, string? root = null) =>
        Start($"master{number}", "usr/sbin/mesos-master", root ?? Installation.Root, folder =>
        [
            $"--zk=zk://{_zooKeeper!.Address}/mesos", $"--ip=127.0.41.{number}", $"--hostname=127.0.41.{number}", "--quorum=2", $"--work_dir={folder}",
            "--zk_session_timeout=4secs",
        ]);

    private void StartAgent(int number, params string[] more) =>
        Start($"agent{number}", "usr/sbin/mesos-slave", Installation.Root, folder =>
            [$"--master=zk://{_zooKeeper!.Address}/mesos", $"--ip=127.0.42.{number}", $"--hostname=127.0.42.{number}", $"--work_dir={folder}", .. more]);

    private void StartMarathon(int number) =>
        Start($"marathon{number}", "usr/bin/marathon", Installation.Root, _ =>
        [
            "--no-logger", "--zk", $"zk://{_zooKeeper!.Address}/marathon", "--master", $"zk://{_zooKeeper.Address}/mesos", "--hostname", $"127.0.41.{number}",
            "--http_address", $"127.0.41.{number}", "--zk_timeout", "4000",
        ], ("LIBPROCESS_IP", $"127.0.41.{number}"), ("MARATHON_ZK", "named on the command line"), ("MARATHON_MASTER", "too"));

    private void Start(string name, string program, string root, Func<string, string[]> arguments, params (string Name, string Value)[] variables)
    {
        if (_daemons.Remove(name, out var earlier))
        {
            earlier.Dispose();
        }

        var folder = _folders.TryGetValue(name, out var known) ? known : _folders[name] = Installation.NewFolder();
        var environment = Installation.Environment(root);
        foreach (var (variable, value) in variables)
        {
            environment[variable] = value;
        }

        _daemons[name] = StandIns.Daemon.Start(Path.Combine(root, program), arguments(folder), environment);
    }
}
