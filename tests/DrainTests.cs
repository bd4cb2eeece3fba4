using System.Net;
using System.Net.Sockets;
using MesosStack.Components;

namespace MesosStack.Tests;

/// <summary>How an agent is drained and how apps are put: the scripts run for real, with Mesos and Marathon played by a <c>curl</c> of the test's.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DrainTests
{
    private const string Alive = "127.0.2.51";

    private TcpListener _agent = null!;
    private ScriptHost _host = null!;

    [SetUp]
    public void MakeHost()
    {
        ScriptHost.Assume();
        _agent = new TcpListener(IPAddress.Parse(Alive), 5051);
        try
        {
            _agent.Start();
        }
        catch (SocketException taken)
        {
            Assert.Ignore($"port 5051 of {Alive} is in use on this machine: {taken.Message}");
        }

        _host = new ScriptHost();

        // One app, /web: $ROOT/instances says how many are wanted, $ROOT/tasks has the host of each one that runs. New ones land on agent a9.
        _host.Play("curl", """
            #!/bin/bash
            method=GET
            for ((i = 1; i <= $#; i++)); do
              case ${!i} in
                -X) j=$((i + 1)); method=${!j} ;;
                --data-binary) j=$((i + 1)); data=${!j} ;;
                http*) url=${!i} ;;
              esac
            done
            exec 8>"$ROOT/gate"; flock 8
            echo "$method $url" >>"$ROOT/curl.log"
            n=$(cat "$ROOT/instances")
            case "$method $url" in
              *deaf*) exit 7 ;;
              "GET "*/metrics/snapshot) echo '{"master/elected":1.0,"master/slaves_active":3.0}' ;;
              "GET "*/v2/apps) [ ! -e "$ROOT/deaf" ] || exit 7; echo '{"apps":[{"id":"/web"}]}' ;;
              "GET "*/v2/apps/web/tasks) sed 's/.*/{"host":"&"}/' "$ROOT/tasks" | paste -sd, | sed 's/.*/{"tasks":[&]}/' ;;
              "GET "*/v2/apps/web) echo "{\"app\":{\"id\":\"/web\",\"instances\":$n}}" ;;
              "PUT "*) [ "$(cat "$ROOT/refuses" 2>/dev/null)" != "${data//[^0-9]/}" ] || exit 22; n=${data//[^0-9]/}; echo "$n" >"$ROOT/instances"
                while [ "$(wc -l <"$ROOT/tasks")" -lt "$n" ]; do echo a9 >>"$ROOT/tasks"; done ;;
              "DELETE "*) host=${url##*host=}; host=${host%%&*}; gone=$(grep -cx "$host" "$ROOT/tasks")
                grep -vx "$host" "$ROOT/tasks" >"$ROOT/tasks.new"; [ -e "$ROOT/stuck" ] || mv "$ROOT/tasks.new" "$ROOT/tasks"; echo $((n - gone)) >"$ROOT/instances" ;;
            esac
            """);
        Have(2, "a2", "a3");
    }

    [TearDown]
    public void RemoveHost()
    {
        _agent?.Dispose();
        _host?.Dispose();
    }

    [Test]
    public void Tasks_run_elsewhere_before_they_end_and_as_many_as_before()
    {
        Assert.That(_host.Run(Drain("a2")), Does.Contain("a2 is drained"));

        Assert.That(Tasks, Is.EquivalentTo(new[] { "a3", "a9" }));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
        Assert.That(_host.Read("/curl.log").IndexOf("PUT", StringComparison.Ordinal), Is.LessThan(_host.Read("/curl.log").IndexOf("DELETE", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Two_drains_at_once_leave_as_many_instances_as_before()
    {
        await Task.WhenAll(Task.Run(() => _host.Run(Drain("a2"))), Task.Run(() => _host.Run(Drain("a3"))));

        Assert.That(Tasks, Is.EquivalentTo(new[] { "a9", "a9" }));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
    }

    [Test]
    public void Tasks_that_do_not_end_are_asked_once_and_as_many_are_wanted_as_before()
    {
        _host.Write("/stuck", "");

        Assert.That(_host.Run(Drain("a2", deadline: 3)), Does.Contain("a2 is drained but for /web"));

        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"), "each request to end tasks takes one off");
        Assert.That(_host.Read("/curl.log").Split("DELETE"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_number_that_could_not_be_put_back_is_told()
    {
        _host.Write("/stuck", "");
        _host.Write("/refuses", "2");

        Assert.That(_host.Run(Drain("a2", deadline: 3)), Does.Contain("/web is to have 2 instances, as before the drain"));
    }

    [Test]
    public void A_dead_agent_is_not_drained()
    {
        _agent.Stop();

        Assert.That(_host.Run(Drain("a2")), Does.Contain("a2 does not answer"));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
    }

    [Test]
    public void A_Marathon_that_does_not_answer_is_told()
    {
        _host.Write("/deaf", "");

        Assert.That(_host.Run(Drain("a2", deadline: 1)), Does.Contain("Marathon does not answer, nothing can be drained").And.Not.Contain("is drained"));
    }

    [Test]
    public void An_agent_without_tasks_is_left_alone()
    {
        Assert.That(_host.Run(Drain("a7")), Does.Contain("a7 is drained"));
        Assert.That(_host.Read("/curl.log"), Does.Not.Contain("PUT").And.Not.Contain("DELETE"));
    }

    [Test]
    public void An_app_is_put_whole_and_waited_for()
    {
        _host.Play("curl", """
            #!/bin/bash
            echo "$*" >>"$ROOT/curl.log"
            case "$*" in
              *"-X PUT"*) cat >"$ROOT/body"; printf 200 ;;
              *) echo '{"app":{"deployments":[]}}' ;;
            esac
            """);

        var said = _host.Run($"exec <<'EOF'\n{{\"id\":\"/web\"}}\nEOF\n{RemoteScript.App(new Dictionary<string, string> { ["APP"] = "/web", ["DEADLINE"] = "5" })}");

        Assert.That(said, Does.Contain("the app /web is deployed"));
        Assert.That(_host.Read("/body"), Is.EqualTo("{\"id\":\"/web\"}"));
        Assert.That(_host.Read("/curl.log"), Does.Contain("/v2/apps//web?partialUpdate=false"));
    }

    private IEnumerable<string> Tasks => _host.Read("/tasks").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Drain(string agent, int deadline = 20) => RemoteScript.Drain(new Dictionary<string, string>
    {
        ["AGENT"] = agent,
        ["ADDRESS"] = Alive,
        ["MASTERS"] = "127.0.2.1",
        ["DEADLINE"] = $"{deadline}",
    });

    private void Have(int instances, params string[] tasks)
    {
        _host.Write("/instances", $"{instances}\n");
        _host.Write("/tasks", string.Concat(tasks.Select(task => task + "\n")));
    }
}
