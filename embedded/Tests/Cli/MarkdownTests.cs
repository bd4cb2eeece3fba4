using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Markdown;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>The words in which the Markdown of a preview tells what happens.</summary>
internal sealed class MarkdownTests
{
    private const string Master = "host master-1\nrevision 1\ndaemon zookeeper reads /etc/default/zookeeper /etc/zookeeper/\ndaemon mesos-master reads /etc/mesos/ /etc/mesos-master/\ndaemon marathon reads /etc/marathon/ /etc/mesos/\nfile /etc/mesos/zk a\nmarathon hostname h\n";

    [TestCase("file /etc/mesos/zk a", "file /etc/mesos/zk b", "Restarts the Mesos master and Marathon on master-1")]
    [TestCase("marathon hostname h", "marathon hostname i", "Restarts Marathon on master-1")]
    [TestCase("revision 1", "revision 1\nline /etc/default/zookeeper A=1", "Restarts ZooKeeper on master-1")]
    [TestCase("revision 1", "revision 1\nneeded-flag mesos-master x y", "Restarts the Mesos master on master-1")]
    [TestCase("revision 1", "revision 1\npackage zookeeper=3.4", "Restarts ZooKeeper, the Mesos master and Marathon on master-1")]
    [TestCase("revision 1", "revision 2", "Applies the configuration again on master-1; a daemon restarts where one of its files changes")]
    [TestCase("revision 1", "revision 1\ndisabled chronos", "Changes the configuration on master-1 and restarts nothing")]
    public void The_description_tells_which_daemons_restart(string before, string after, string title) =>
        Assert.That(Titles(Configuration("mesos-master-1", Master, Master.Replace(before, after, StringComparison.Ordinal))), Is.EqualTo(new[] { title }));

    [Test]
    public void Each_of_several_clusters_is_named()
    {
        var east = Configuration("east-master-1", Master, Master.Replace("hostname h", "hostname i", StringComparison.Ordinal));
        Assert.That(
            Titles(east, east with { Urn = east.Urn.Replace("::east-", "::east-2-", StringComparison.Ordinal) }),
            Is.EqualTo(new[] { "Cluster east: restarts Marathon on master-1", "Cluster east-2: restarts Marathon on master-1" }));
    }

    [TestCase("""{"id":"/a/b","instances":1}""", """{"id":"/a/b","instances":2}""", "Scales app a/b from 1 to 2 instances")]
    [TestCase("""{"id":"/a","instances":2}""", """{"id":"/a","instances":1}""", "Scales app a from 2 to 1 instance")]
    [TestCase("""{"id":"/a","cmd":"x","mem":1}""", """{"id":"/a","cmd":"y","mem":2}""", "Changes cmd and mem of app a")]
    [TestCase("", """{"id":"/a","instances":1}""", "Starts app a with 1 instance")]
    [TestCase("""{"id":"/a"}""", "", "Removes app a")]
    public void Apps_are_told_by_their_id(string before, string after, string title)
    {
        var kind = before.Length == 0 ? StepKind.Create : after.Length == 0 ? StepKind.Delete : StepKind.Update;
        Assert.That(Titles(Command(kind, "mesos-app-a", before, after)), Is.EqualTo(new[] { title }));
    }

    [Test]
    public void An_app_that_is_replaced_with_its_droplet_is_not_removed() => Assert.That(
        Titles(Command(StepKind.Replace, "mesos-app-a", """{"id":"/a"}""", """{"id":"/a"}""")), Is.EqualTo(new[] { "Applies app a again" }));

    [TestCase(new[] { 1, 2, 3, 5, 7, 8 }, "agent-1 … agent-3, agent-5, agent-7, agent-8")]
    [TestCase(new[] { 4 }, "agent-4")]
    public void Numbers_in_a_row_are_told_as_a_range(int[] numbers, string text) =>
        Assert.That(MemberText.Ranges(numbers.Reverse().Select(n => new Member("mesos", MemberRole.Agent, n, ""))), Is.EqualTo(text));

    [Test]
    public void What_is_no_part_of_a_cluster_is_told_by_its_type()
    {
        var change = new ResourceChange(StepKind.Update, "urn:pulumi:lab::p::digitalocean:index/tag:Tag::a_b", "digitalocean:index/tag:Tag", States.Map(("name", "x")), States.Map(("name", "y")), new Dictionary<string, PropertyDiff>());
        Assert.That(Titles(change, change with { Urn = change.Urn + "2" }), Is.EqualTo(new[] { "Changes digitalocean:index:Tag a\\_b and a\\_b2" }));
    }

    private static ResourceChange Configuration(string host, string before, string after) =>
        Command(StepKind.Update, $"{host}-configuration", before, after);

    private static ResourceChange Command(StepKind kind, string name, string before, string after) => new(
        kind,
        $"urn:pulumi:lab::p::mesos-stack:index:MesosCluster$command:remote:Command::{name}",
        "command:remote:Command",
        before.Length == 0 ? PropertyMap.Empty : States.Map(("stdin", before)),
        after.Length == 0 ? PropertyMap.Empty : States.Map(("stdin", after)),
        new Dictionary<string, PropertyDiff>());

    private static string[] Titles(params ResourceChange[] changes) =>
        [.. PreviewMarkdown.Make(new PreviewReport(changes, [], new Dictionary<StepKind, int>())).Split('\n').Where(l => l.StartsWith("**", StringComparison.Ordinal)).Select(l => l.Trim('*').Split(". ", 2)[1])];
}
