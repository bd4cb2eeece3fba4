using System.Globalization;

namespace MesosStack.Tests;

/// <summary>How apps are created, updated and removed: the scripts run for real, with a <c>curl</c> of the test's in place of Marathon.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AppScriptTests
{
    private const string Old = "2026-01-01T00:00:00.000Z";
    private const string New = "2026-02-02T00:00:00.000Z";
    private const string Accepted = $$"""{"version":"{{New}}","deploymentId":"d1"}""";
    private const string Locked = """{"message":"App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.","deployments":[{"id":"d0"}]}""";
    private const string NoApp = """{"message":"App '/shop/web' does not exist"}""";

    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _host = new ScriptHost();

        // The file "GET apps_web.1" holds the first answer to such a request, with the status in its last line; the last of these files answers all that follow.
        // A question about what nothing is told of is answered as by nobody.
        _host.Play("curl", """
            #!/bin/bash
            method=GET
            for ((i = 1; i <= $#; i++)); do
              case ${!i} in
                -X) j=$((i + 1)); method=${!j} ;;
                http*) url=${!i} ;;
              esac
            done
            path=${url#http://127.0.0.1:8080/v2/}
            echo "$method $path" >>"$ROOT/curl.log"
            path=${path%%[?]*}
            if [ "$method" = PUT ]; then cat >"$ROOT/body"; fi
            name="$method ${path//\//_}"
            n=$(cat "$ROOT/$name.next" 2>/dev/null || echo 1)
            if [ -e "$ROOT/$name.$((n + 1))" ]; then echo $((n + 1)) >"$ROOT/$name.next"; fi
            cat "$ROOT/$name.$n" 2>/dev/null || { printf '\n000'; exit 7; }
            """);
    }

    [TearDown]
    public void RemoveHost() => _host?.Dispose();

    [Test]
    public void A_new_app_is_handed_over_whole_and_waited_for()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, Deployments("d1"), "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: New));

        Assert.That(Put("""{"id":"/shop/web"}"""), Does.Contain("the app /shop/web is deployed"));

        Assert.That(_host.Read("/body"), Is.EqualTo("""{"id":"/shop/web"}"""));
        Assert.That(_host.Read("/curl.log"), Does.Contain("PUT apps/shop/web?partialUpdate=false\n").And.Not.Contain("force"));
    }

    [Test]
    public void An_app_as_large_as_settings_can_be_is_handed_over_whole()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, "[]");
        var big = $$"""{"id":"/shop/web","cmd":"{{new string('x', 200_000)}}"}""";
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: New, more: $$""" "cmd":"{{new string('x', 200_000)}}", """));

        Assert.That(Put(big), Does.Contain("is deployed"));

        Assert.That(_host.Read("/body"), Is.EqualTo(big));
    }

    [Test]
    public void A_deployment_that_does_not_show_yet_is_not_one_that_is_done()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 200, Accepted);
        Answer("GET deployments", 200, "[]", "[]", Deployments("d1"), "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: Old), App(New, running: 2, tasks: [Old, New]), App(New, running: 1, tasks: New));

        Put("{}", 20);

        Assert.That(_host.Read("/curl.log").Split("GET deployments"), Has.Length.EqualTo(5), "it looked until the old task was gone");
    }

    [Test]
    public void Another_deployment_is_not_waited_for()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, Deployments("d9"));
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: New));

        Assert.That(Put("{}"), Does.Contain("is deployed"));
    }

    [Test]
    public void An_app_that_is_as_it_was_keeps_its_version_and_is_deployed()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 200, Accepted);
        Answer("GET deployments", 200, "[]");

        Assert.That(Put("{}", 20), Does.Contain("is deployed"));
    }

    [Test]
    public void A_change_of_the_number_of_instances_starts_no_task_anew()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 200, Accepted);
        Answer("GET deployments", 200, "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 2, tasks: [Old, New], instances: 2, configured: Old));

        Assert.That(Put("{}"), Does.Contain("is deployed"));
    }

    [Test]
    public void An_app_with_health_checks_is_deployed_when_its_tasks_are_healthy()
    {
        const string Checks = """ "healthChecks":[{"path":"/"}], """;
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: New, more: Checks), App(New, running: 1, tasks: New, healthy: 1, more: Checks));

        Put("{}");

        Assert.That(_host.Read("/curl.log").Split("GET deployments"), Has.Length.EqualTo(3));
    }

    [Test]
    public void A_new_app_that_finds_no_room_fails_with_the_reason_and_is_removed()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, Deployments("d1"));
        Answer("GET apps_shop_web", 200, App(New, running: 0));
        Answer("GET queue", 200, """
            {"queue":[{"count":7,"app":{"id":"/shop"},"delay":{"timeLeftSeconds":0}},
              {"count":1,"delay":{"timeLeftSeconds":12,"overdue":false},"app":{"id":"/shop/web"},"processedOffersSummary":{"processedOffersCount":9,
                "rejectSummaryLastOffers":[{"reason":"UnfulfilledRole","declined":0,"processed":3},{"reason":"InsufficientCpus","declined":3,"processed":3}]}}]}
            """);
        Answer("DELETE apps_shop_web", 200, Accepted);

        Assert.That(Fail("{}"), Does.Contain("mesos-stack: the app /shop/web does not run as asked after 2 s. 0 of 1 instances run")
            .And.Contain("waits another 12 s")
            .And.Contain("looks for room for 1 of them; of the last offers of the agents it declined 3 for InsufficientCpus.")
            .And.Contain("The new app was removed from Marathon again."));
        Assert.That(_host.Read("/curl.log"), Does.Contain("DELETE apps/shop/web?force=true"));
    }

    [Test]
    public void An_app_whose_tasks_fail_fails_with_what_the_last_one_said()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 0, more: $$""" "lastTaskFailure":{"host":"10.0.0.51","message":"Command exited with status 1","state":"TASK_FAILED","version":"{{New}}"}, """));
        Answer("DELETE apps_shop_web", 200, Accepted);

        Assert.That(Fail("{}"), Does.Contain("Its last task ended on 10.0.0.51 as TASK_FAILED: Command exited with status 1."));
        Assert.That(_host.Read("/curl.log"), Does.Contain("embed=apps.lastTaskFailure"));
    }

    [Test]
    public void An_app_with_secrets_fails_without_a_text_that_may_repeat_one()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 0, more: $$""" "lastTaskFailure":{"host":"10.0.0.51","message":"cannot fetch http://u:planted@a/","state":"TASK_FAILED","version":"{{New}}"}, """));
        Answer("DELETE apps_shop_web", 200, Accepted);

        Assert.That(Fail("{}", more: "sealed=yes"), Does.Contain("TASK_FAILED").And.Not.Contain("planted"));
    }

    [Test]
    public void A_failed_update_goes_back_to_the_version_before()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 200, Accepted);
        Answer("GET deployments", 200, Deployments("d1"));
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: Old));

        Assert.That(Fail("{}"), Does.Contain($"Marathon was told to go back to the version {Old} of it."));

        Assert.That(_host.Read("/body"), Is.EqualTo($$"""{"version":"{{Old}}"}"""));
        Assert.That(_host.Read("/curl.log"), Does.Contain("PUT apps/shop/web?force=true").And.Not.Contain("DELETE"));
    }

    [Test]
    public void An_app_that_a_run_left_unfinished_is_new_to_the_next_run_too()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        Answer("GET deployments", 200, Deployments("d1"));
        Answer("GET apps_shop_web", 200, App(New, running: 0));
        Answer("DELETE apps_shop_web", 200, Accepted);
        _host.Play("sleep", "#!/bin/sh\nkill -9 $PPID\n");
        Put("{}", fails: true);
        Assert.That(_host.Read("/curl.log"), Does.Not.Contain("DELETE"), "the run was cut off");
        File.Delete($"{_host.Root}/test-bin/sleep");

        Assert.That(Fail("{}"), Does.Contain("The new app was removed from Marathon again."));
    }

    [Test]
    public void What_cannot_be_taken_back_is_told()
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", 201, Accepted);
        _host.Play("sleep", "#!/bin/sh\nexec /bin/sleep 0.01\n");

        Assert.That(Fail("{}", ("RETREAT", "2")), Does.Contain("It could not be taken back: the last status was 000"));
    }

    [Test]
    public void A_lock_is_named_and_waited_for()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 409, Locked);
        Answer("PUT apps_shop_web", 200, Accepted);
        Answer("GET deployments", 200, "[]");
        Answer("GET apps_shop_web", 200, App(New, running: 1, tasks: New));

        Assert.That(Put("{}", 20), Does.Contain("waiting for another deployment of /shop/web to end: d0").And.Contain("is deployed"));
        Assert.That(_host.Read("/curl.log"), Does.Not.Contain("force"));
    }

    [Test]
    public void A_lock_that_stays_is_given_up_for_this_change()
    {
        Answer("GET apps_shop_web", 200, App(Old, running: 1, tasks: Old));
        Answer("PUT apps_shop_web", 409, Locked);

        Assert.That(Fail("{}", deadline: 3), Does.Contain("Deployments that lock the app: d0."));
        Assert.That(_host.Read("/curl.log"), Does.Contain("PUT apps/shop/web?partialUpdate=false&force=true"));
    }

    [TestCase(409, """{"message":"Requested service port 9090 conflicts with a service port in app /other/one"}""", "the service port 9090 is in use by the app /other/one; give one of the two another port (409)")]
    [TestCase(422, """{"message":"Object is not valid","details":[{"path":"/","errors":["Requested service port 9090 conflicts with a service port in app /other/one"]}]}""", "the service port 9090 is in use by the app /other/one")]
    [TestCase(409, """{"message":"An app with id [/shop/web] already exists."}""", "An app with id [/shop/web] already exists. (409)")]
    [TestCase(422, """{"message":"Object is not valid","details":[{"path":"/cpus","errors":["got -1, expected 0 or more"]}]}""", "Object is not valid /cpus got -1, expected 0 or more (422)")]
    [TestCase(401, "", "it gives no reason (401)")]
    public void What_Marathon_refuses_fails_at_once_with_its_reason(int status, string answer, string reason)
    {
        Answer("GET apps_shop_web", 404, NoApp);
        Answer("PUT apps_shop_web", status, answer);

        Assert.That(Fail("{}"), Does.Contain($"Marathon refuses the app /shop/web: {reason}"));
        Assert.That(_host.Read("/curl.log").Split("PUT"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_Marathon_that_does_not_answer_fails_with_the_status() =>
        Assert.That(Fail("{}"), Does.Contain("Marathon did not say within 2 s whether it has the app /shop/web; the last status was 000"));

    [TestCase(200)]
    [TestCase(404)]
    public void An_app_is_removed_whatever_locks_it(int status)
    {
        Answer("DELETE apps_shop_web", 503, "");
        Answer("DELETE apps_shop_web", status, "{}");

        Assert.That(_host.Run("app-delete", "{}", "app=/shop/web", environment: ("DEADLINE", "5")), Does.Contain("the app /shop/web is removed"));
        Assert.That(_host.Read("/curl.log"), Does.Contain("DELETE apps/shop/web?force=true"));
    }

    private string Put(string app, int deadline = 10, bool fails = false) => _host.Run("app", app, "app=/shop/web", fails, ("DEADLINE", $"{deadline}"));

    private string Fail(string app, (string Name, string Value)? more = null, int deadline = 2) =>
        _host.Run("app", app, "app=/shop/web", fails: true, [("DEADLINE", $"{deadline}"), .. more is { } one ? new[] { one } : []]);

    private string Fail(string app, string more) => _host.Run("app", app, $"app=/shop/web {more}", fails: true, ("DEADLINE", "2"));

    // Adds answers to a request; the last one repeats.
    private void Answer(string request, int status, params string[] bodies)
    {
        foreach (var body in bodies)
        {
            _host.Write($"/{request}.{Directory.GetFiles(_host.Root, $"{request}.*").Length + 1}", $"{body}\n{status}");
        }
    }

    private static string Deployments(string id) => $$"""[{"id":"{{id}}","version":"{{New}}","affectedApps":["/shop/web"],"steps":[{"actions":[{"action":"StartApplication","app":"/shop/web"}]}]}]""";

    private static string App(string version, int running, string tasks, int healthy = 0, string more = "") => App(version, running, [tasks], healthy, more: more);

    private static string App(string version, int running, string[]? tasks = null, int healthy = 0, int instances = 1, string? configured = null, string more = "")
    {
        var known = (tasks ?? []).Select(task => $$"""{"id": "t", "state": "TASK_RUNNING", "ipAddresses": [{"ipAddress": "10.0.0.51"}], "version": "{{task}}"}""");
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"app": {"id": "/shop/web", {{more}} "env": {"A, {": "\"}"}, "instances": {{instances}}, "version": "{{version}}", "versionInfo": {"lastConfigChangeAt": "{{configured ?? version}}"},
              "tasksRunning": {{running}}, "tasksHealthy": {{healthy}}, "deployments": [],
              "tasks": [{{string.Join(", ", known)}}] } }
            """);
    }
}
