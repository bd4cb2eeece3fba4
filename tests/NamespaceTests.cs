using MesosStack.Components.Settings;
using Pulumi;

namespace MesosStack.Tests;

public sealed class NamespaceTests
{
    [TestCase("mesos-stck:agents", "is not a setting: nothing in this program reads that namespace; did you mean mesos-stack:agents?")]
    [TestCase("digitalocen:token", "is not a setting: nothing in this program reads that namespace; did you mean digitalocean:token?")]
    [TestCase("digitalocean:tokn", "is not a setting of the provider digitalocean; did you mean digitalocean:token?")]
    [TestCase("digitalocean:region", "is not a setting of the provider digitalocean; known are apiEndpoint, httpRetryMax,")]
    [TestCase("command:connection", "is not a setting: the provider command has none; remove it")]
    [TestCase("random:seed", "is not a setting: the provider random has none; remove it")]
    [TestCase("aws:region", "is not a setting: nothing in this program reads that namespace; remove it")]
    [TestCase("MESOS-STACK:agents", "is not a setting: nothing in this program reads that namespace; did you mean mesos-stack:agents?")]
    public async Task A_key_that_nobody_reads_is_a_fault(string key, string reason)
    {
        var message = await Message((key, "hunter2"), ("mesos-stack:masters", "4"));

        Assert.That(message, Does.StartWith("2 faults in the settings of stack 'test'").And.Contain($"  {key}: {reason}").And.Contain("mesos-stack:masters = '4'"));
        Assert.That(message, Does.Not.Contain("hunter2"));
    }

    [TestCase("digitalocean:token")]
    [TestCase("digitalocean:apiEndpoint")]
    [TestCase("digitalocean:requestsPerSecond")]
    [TestCase("digitalocean:spacesSecretKey")]
    [TestCase("digitalocean:version")]
    [TestCase("command:pluginDownloadURL")]
    [TestCase("pulumi:tags")]
    [TestCase("pulumi:disable-default-providers")]
    public async Task A_key_that_pulumi_or_a_provider_reads_is_none(string key) => Assert.That(await Message((key, "1")), Is.Null);

    [Test]
    public async Task A_program_may_name_the_namespaces_that_it_reads_besides()
    {
        var configuration = Prefixed(("aws:region", "x"));
        await Graph.Run(true, new Cloud(true), configuration, "mesos-stack", "test", new Dictionary<string, ResourceTransformationArgs>(), () =>
        {
            Assert.That(StackSettings.Load("aws").Agents, Is.EqualTo(3));
            return new Dictionary<string, object?>();
        });
    }

    [Test]
    public async Task A_value_that_is_set_as_a_secret_is_not_shown_whatever_its_key() =>
        Assert.That(
            await Message(["mesos-stack:region", "mesos-stack:uiCidrs"], ("mesos-stack:region", "hunter2!"), ("mesos-stack:uiCidrs", """["hunter2"]"""), ("mesos-stack:agentSize", "!")),
            Does.Contain("  mesos-stack:region: must be").And.Contain("mesos-stack:uiCidrs[0]: must be").And.Contain("mesos-stack:agentSize = '!'").And.Not.Contain("hunter2"));

    // What the program says; null where it goes on.
    private static Task<string?> Message(params (string Key, string Value)[] more) => Message([], more);

    private static async Task<string?> Message(string[] secrets, params (string Key, string Value)[] more)
    {
        try
        {
            await Graph.DeclareRaw(isPreview: true, new Cloud(isPreview: true), Prefixed(more), secrets: secrets);
            return null;
        }
        catch (RunException e)
        {
            return e.Message;
        }
    }

    private static Dictionary<string, string> Prefixed(params (string Key, string Value)[] more)
    {
        var all = TestConfiguration.Configuration().ToDictionary(pair => $"mesos-stack:{pair.Key}", pair => pair.Value);
        foreach (var (key, value) in more)
        {
            all[key] = value;
        }

        return all;
    }
}
