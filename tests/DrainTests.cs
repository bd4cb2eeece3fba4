using System.Net;
using System.Net.Sockets;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>How agents are drained: the script runs for real, with a <c>curl</c> of the test's in place of Mesos and Marathon.</summary>
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
        Assert.That(Drain(20, "a2"), Does.Contain("agent-1 is drained"));

        Assert.That(Tasks, Is.EquivalentTo(new[] { "a3", "a9" }));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
        Assert.That(_host.Read("/curl.log").IndexOf("PUT", StringComparison.Ordinal), Is.LessThan(_host.Read("/curl.log").IndexOf("DELETE", StringComparison.Ordinal)));
    }

    [Test]
    public void Two_agents_that_leave_at_once_leave_as_many_instances_as_before()
    {
        Assert.That(Drain(20, "a2", "a3"), Does.Contain("agent-1 is drained").And.Contain("agent-2 is drained"));

        Assert.That(Tasks, Is.EquivalentTo(new[] { "a9", "a9" }));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
    }

    [Test]
    public void Tasks_that_do_not_end_are_asked_once_and_as_many_are_wanted_as_before()
    {
        _host.Write("/stuck", "");

        Assert.That(Drain(3, "a2"), Does.Contain("agent-1 is drained but for /web"));

        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"), "each request to end tasks takes one off");
        Assert.That(_host.Read("/curl.log").Split("DELETE"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_number_that_could_not_be_put_back_is_told()
    {
        _host.Write("/stuck", "");
        _host.Write("/refuses", "2");

        Assert.That(Drain(3, "a2"), Does.Contain("/web is to have 2 instances, as before the drain"));
    }

    [Test]
    public void A_dead_agent_is_not_drained()
    {
        _agent.Stop();

        Assert.That(Drain(20, "a2"), Does.Contain("agent-1 does not answer"));
        Assert.That(_host.Read("/instances").Trim(), Is.EqualTo("2"));
    }

    [Test]
    public void A_Marathon_that_does_not_answer_is_told()
    {
        _host.Write("/deaf", "");

        Assert.That(Drain(1, "a2"), Does.Contain("Marathon does not answer, nothing can be drained").And.Not.Contain("is drained\n"));
    }

    [Test]
    public void An_agent_without_tasks_is_left_alone()
    {
        Assert.That(Drain(20, "a7"), Does.Contain("agent-1 is drained"));
        Assert.That(_host.Read("/curl.log"), Does.Not.Contain("PUT").And.Not.Contain("DELETE"));
    }

    [Test]
    public void Agents_that_stay_or_are_new_are_left_alone_and_the_list_is_kept()
    {
        Assert.That(List(20, "agent-1=a2 agent-2=a3", "agent-1", "agent-2"), Does.Not.Contain("drained"));
        Assert.That(List(20, "agent-1=a2 agent-2=a3 agent-3=a4", "agent-1", "agent-2", "agent-3"), Does.Not.Contain("drained"));
        Assert.That(_host.Read("/var/lib/mesos-stack/agents"), Is.EqualTo("agent-1 a2 a2\nagent-2 a3 a3\nagent-3 a4 a4\n"));
        Assert.That(_host.Has("/curl.log"), Is.False, "nobody was asked");
    }

    [Test]
    public void An_agent_with_another_address_is_drained_at_the_old_one()
    {
        List(20, $"agent-1={Alive} agent-1.public=a2", "agent-1");

        Assert.That(List(20, "agent-1=127.0.2.52 agent-1.public=a8", "agent-1"), Does.Contain("agent-1 is drained"));
        Assert.That(Tasks, Is.EquivalentTo(new[] { "a3", "a9" }));
    }

    private IEnumerable<string> Tasks => _host.Read("/tasks").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // The agents named by their hosts leave the list; agent-9 stays.
    private string Drain(int deadline, params string[] leaving)
    {
        _host.Write("/var/lib/mesos-stack/agents", string.Concat(leaving.Select((host, index) => $"agent-{index + 1} {Alive} {host}\n")) + "agent-9 127.0.2.9 127.0.2.9\n");
        return List(deadline, "agent-9=127.0.2.9", "agent-9");
    }

    private string List(int deadline, string addresses, params string[] agents) =>
        _host.Run("drain", MemberList.Agents(agents), $"master-1=127.0.2.1 {addresses}", environment: ("DEADLINE", $"{deadline}"));

    private void Have(int instances, params string[] tasks)
    {
        _host.Write("/instances", $"{instances}\n");
        _host.Write("/tasks", string.Concat(tasks.Select(task => task + "\n")));
    }
}
