using System.Net.Sockets;
using MesosStack.Components.Text;

namespace MesosStack.Tests;

/// <summary>What counts as a whole cluster: the readiness check runs for real, with a <c>curl</c> of the test's in place of Mesos and Marathon, and listeners in place of ZooKeeper.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ReadinessTests
{
    private const string Leader = "127.0.3.2";
    private const string Framework = "6c0c2f6e-0000-4000-8000-000000000001-0000";

    private static readonly string[] Masters = ["127.0.3.1", Leader, "127.0.3.3"];
    private static readonly string[] Agents = ["127.0.3.51", "127.0.3.52"];

    private readonly Dictionary<string, AnsweringPort> _ensemble = [];
    private ScriptHost _host = null!;

    [SetUp]
    public void MakeCluster()
    {
        ScriptHost.Assume();
        _host = new ScriptHost();

        // An address whose file of the answer is not there does not answer.
        _host.Play("curl", """
            #!/bin/bash
            file=$ROOT/answers/${!##http://}
            [ -e "$file" ] && exec cat "$file"
            exit 7
            """);
        foreach (var master in Masters)
        {
            Serve(master, master == Leader ? "leader" : "follower");
            Answer($"{master}:5050/metrics/snapshot", $$"""{"master\/elected":{{(master == Leader ? "1.0" : "0.0")}},"master\/slaves_active":2.0,"registrar\/log\/recovered":1.0}""");
            Answer($"{master}:8080/v2/leader", """{"leader":"127.0.3.1:8080"}""");
        }

        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{string.Join(", ", Agents.Select((agent, i) => Agent(i, agent, true)))}}]}""");
        Answer("127.0.3.1:8080/v2/info", $$"""{"name":"marathon","frameworkId":"{{Framework}}"}""");
        Answer($"{Leader}:5050/master/frameworks", Frameworks(active: true));
    }

    [TearDown]
    public void RemoveCluster()
    {
        foreach (var port in _ensemble.Values)
        {
            port.Dispose();
        }

        _ensemble.Clear();
        _host?.Dispose();
    }

    [Test]
    public void A_cluster_in_which_nothing_is_wrong_is_whole() => Assert.That(Wait(), Does.Contain("the cluster is whole: 3 masters, 2 agents"));

    [Test]
    public void A_master_whose_ZooKeeper_does_not_serve_is_named()
    {
        _ensemble["127.0.3.3"].Dispose();

        Assert.That(Wait(fails: true), Does.Contain("ZooKeeper on master-3 (127.0.3.3) does not serve"));
    }

    [Test]
    public void A_ZooKeeper_that_runs_alone_is_named()
    {
        Serve("127.0.3.3", "standalone");

        Assert.That(Wait(fails: true), Does.Contain("ZooKeeper on master-3 (127.0.3.3) runs alone"));
    }

    [Test]
    public void Two_ensembles_are_not_one()
    {
        Serve("127.0.3.3", "leader");

        Assert.That(Wait(fails: true), Does.Contain("ZooKeeper has 2 leaders and 1 followers"));
    }

    [Test]
    public void A_Mesos_master_that_does_not_answer_is_named()
    {
        Forget("127.0.3.1:5050/metrics/snapshot");

        Assert.That(Wait(fails: true), Does.Contain("the Mesos master on master-1 (127.0.3.1) does not answer"));
    }

    [Test]
    public void Masters_of_which_none_leads_are_no_cluster()
    {
        Answer($"{Leader}:5050/metrics/snapshot", """{"master\/elected":0.0}""");

        Assert.That(Wait(fails: true), Does.Contain("no Mesos master leads"));
    }

    [Test]
    public void Two_leading_masters_are_named()
    {
        Answer("127.0.3.3:5050/metrics/snapshot", """{"master\/elected":1.0}""");

        Assert.That(Wait(fails: true), Does.Contain("more than one Mesos master leads: master-2 master-3"));
    }

    // A master that is elected and has no quorum answers like any other, but accepts no agent.
    [Test]
    public void A_leader_without_its_registry_does_not_make_a_cluster_whole()
    {
        Answer($"{Leader}:5050/metrics/snapshot", """{"master\/elected":1.0,"registrar\/log\/recovered":0.0}""");

        Assert.That(Wait(fails: true), Does.Contain("the Mesos master on master-2 leads, but has not recovered its registry"));
    }

    [Test]
    public void An_agent_that_the_leader_does_not_list_is_named()
    {
        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{Agent(0, Agents[0], true)}}]}""");

        Assert.That(Wait(fails: true), Does.Contain("agent-2 (127.0.3.52) has not registered"));
    }

    // A lost agent stays in the list for a while.
    [Test]
    public void An_agent_that_is_listed_but_not_active_is_named()
    {
        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{Agent(0, Agents[0], true)}}, {{Agent(1, Agents[1], false)}}]}""");

        Assert.That(Wait(fails: true), Does.Contain("agent-2 (127.0.3.52) is registered, but it is not active"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void An_agent_counts_by_its_present_id(bool first, bool second)
    {
        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{Agent(0, Agents[0], true)}}, {{Agent(1, Agents[1], first)}}, {{Agent(2, Agents[1], second)}}]}""");

        Assert.That(Wait(), Does.Contain("the cluster is whole"));
    }

    [TestCase("agent-1 127.0.3.51 127.0.3.51\nagent-2 127.0.3.52 127.0.3.52\n", true, false, Description = "a stranger")]
    [TestCase("", true, false, Description = "a stranger of a cluster that had no agents")]
    [TestCase("agent-1 127.0.3.51 127.0.3.51\nagent-3 10.0.0.3 127.0.3.61\n", true, true, Description = "it leaves with this update, or has another address now")]
    [TestCase("agent-1 127.0.3.51 127.0.3.51\n", false, true, Description = "it is dead, and still listed as active")]
    [TestCase(null, true, true, Description = "nobody can tell")]
    public void An_agent_that_this_stack_does_not_know_is_named_while_it_answers(string? before, bool answers, bool whole)
    {
        const string Stranger = "127.0.3.61";
        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{string.Join(", ", Agents.Append(Stranger).Select((agent, i) => Agent(i, agent, true)))}}]}""");
        if (before is not null)
        {
            _host.Write("/var/lib/mesos-stack/agents", before);
        }

        using var listener = new TcpListener(System.Net.IPAddress.Parse(Stranger), 5051);
        if (answers)
        {
            listener.Start();
        }

        Assert.That(Wait(fails: !whole), Does.Contain(whole ? "the cluster is whole" : $"an agent that this stack does not know answers among its members: {Stranger} (id 6c0c2f6e-0000-4000-8000-000000000001-S2)"));
    }

    [Test]
    public void The_list_of_a_Mesos_before_1_0_is_read()
    {
        Answer($"{Leader}:5050/metrics/snapshot", """{"master\/elected":1.0,"master\/slaves_active":2.0}""");
        foreach (var page in new[] { "slaves", "frameworks" })
        {
            Forget($"{Leader}:5050/master/{page}");
        }

        Answer($"{Leader}:5050/master/state.json", $$"""{"slaves": [{{string.Join(", ", Agents.Select((agent, i) => Agent(i, agent, true)))}}], {{Frameworks(active: true).Trim('{', '}')}} }""");

        Assert.That(Wait(), Does.Contain("the cluster is whole"));
    }

    [Test]
    public void A_Marathon_without_a_leader_is_named()
    {
        Forget("127.0.3.3:8080/v2/leader");

        Assert.That(Wait(fails: true), Does.Contain("Marathon on master-3 (127.0.3.3) knows no leader"));
    }

    [Test]
    public void A_Marathon_that_Mesos_does_not_know_does_not_make_a_cluster_whole()
    {
        Answer("127.0.3.1:8080/v2/info", """{"name":"marathon","frameworkId":null}""");

        Assert.That(Wait(fails: true), Does.Contain("Marathon is not registered with the leading Mesos master"));
    }

    [Test]
    public void A_Marathon_that_does_not_tell_its_id_is_taken_at_its_word()
    {
        Forget("127.0.3.1:8080/v2/info");

        Assert.That(Wait(), Does.Contain("the cluster is whole"));
    }

    // Mesos keeps a framework that it lost for as long as the framework asked for, which is a week with Marathon.
    [Test]
    public void A_Marathon_that_Mesos_has_lost_does_not_make_a_cluster_whole()
    {
        Answer($"{Leader}:5050/master/frameworks", Frameworks(active: false));

        Assert.That(Wait(fails: true), Does.Contain("Marathon is not registered with the leading Mesos master"));
    }

    [Test]
    public void A_report_names_every_member_and_every_fault_and_waits_for_nothing()
    {
        Answer("127.0.3.1:8080/v2/apps", """{"apps":[{"id":"/hello","cmd":"sleep 1","instances":1,"deployments":[{"id":"7"}],"tasksRunning":1},{"id": "/web/front","instances": 3,"tasksRunning": 2}]}""");
        Answer($"{Leader}:5050/master/slaves", $$"""{"slaves": [{{Agent(0, Agents[0], true)}}, {{Agent(1, Agents[1], false)}}]}""");
        _ensemble["127.0.3.3"].Dispose();

        Assert.That(Run("report", fails: false).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            "zookeeper master-1 follower",
            "zookeeper master-2 leader",
            "zookeeper master-3 silent",
            "wrong ZooKeeper on master-3 (127.0.3.3) does not serve",
            "mesos-master master-1 follower",
            "mesos-master master-2 leader",
            "mesos-master master-3 follower",
            "agent agent-1 active 6c0c2f6e-0000-4000-8000-000000000001-S0",
            "agent agent-2 inactive 6c0c2f6e-0000-4000-8000-000000000001-S1",
            "wrong agent-2 (127.0.3.52) is registered, but it is not active",
            "marathon master-1 127.0.3.1:8080",
            "marathon master-2 127.0.3.1:8080",
            "marathon master-3 127.0.3.1:8080",
            $"framework marathon {Framework}",
            "app /hello 1 1",
            "app /web/front 2 3",
            "wrong 2 of 3 tasks of the app /web/front run",
        }));
    }

    private static string Agent(int number, string host, bool active) =>
        $$"""{"id": "6c0c2f6e-0000-4000-8000-000000000001-S{{number}}", "hostname": "{{host}}", "port": 5051, "attributes": {}, "resources": {"disk": 100.0}, "active": {{(active ? "true" : "false")}}, "version": "1.4.1"}""";

    private static string Frameworks(bool active) =>
        $$"""{"frameworks": [{"id": "{{Framework}}", "name": "marathon", "active": {{(active ? "true" : "false")}}, "tasks": [{"id": "web.1", "framework_id": "{{Framework}}"}]}]}""";

    private string Wait(bool fails = false) => Run("readiness", fails);

    private string Run(string script, bool fails)
    {
        string[] masters = [.. Masters.Select((_, i) => MemberName.Master(i + 1))];
        string[] agents = [.. Agents.Select((_, i) => MemberName.Agent(i + 1))];
        var arguments = masters.Zip(Masters).Concat(agents.Zip(Agents)).Select(member => $"{member.First}={member.Second}");
        return _host.Run(script, MemberList.Whole(masters, agents, []), string.Join(' ', arguments), fails, ("DEADLINE", "1"));
    }

    private void Answer(string address, string json) => _host.Write($"/answers/{address}", json + "\n");

    private void Forget(string address) => File.Delete($"{_host.Root}/answers/{address}");

    // Answers as a ZooKeeper that is in this mode.
    private void Serve(string address, string mode)
    {
        if (_ensemble.Remove(address, out var before))
        {
            before.Dispose();
        }

        try
        {
            _ensemble[address] = AnsweringPort.ZooKeeper(address, mode);
        }
        catch (SocketException taken)
        {
            Assert.Ignore($"port 2181 of {address} is in use on this machine: {taken.Message}");
        }
    }
}
