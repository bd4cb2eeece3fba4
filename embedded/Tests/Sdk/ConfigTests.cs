using Pulumi;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace MesosStack.Embedded.Tests.Sdk;

[NonParallelizable]
internal sealed class ConfigTests
{
    [SetUp]
    public void SetConfiguration()
    {
        Environment.SetEnvironmentVariable(
            "PULUMI_CONFIG",
            """{"project:text":"t","other:config:key":"o","project:pw":"hunter2","project:twice":"1","project:config:twice":"2","project:number":5,"project:truth":true}""");
    }

    [TearDown]
    public void RemoveConfiguration() => Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);

    [Test]
    public async Task Values_are_read_as_texts()
    {
        Output<string>? secret = null;
        await TestAsync(() =>
        {
            var config = new Config();
            Assert.Multiple(() =>
            {
                Assert.That((config.Get("text"), config.Get("none")), Is.EqualTo(("t", (string?)null)));
                Assert.That(new Config("other").Get("key"), Is.EqualTo("o"));
                Assert.That(new Config("other:config").Get("key"), Is.EqualTo("o"));
                Assert.That(config.Get("twice"), Is.EqualTo("2"), "the last of both forms");
                Assert.That((config.Get("number"), config.Get("truth")), Is.EqualTo(("5", "True")), "no texts in the JSON");
            });
            secret = config.RequireSecret("pw");
        });

        Assert.That(await Outputs.IsSecretAsync(secret!), Is.True);
        Assert.That(await OutputUtilities.GetValueAsync(secret!), Is.EqualTo("hunter2"));
    }

    [Test]
    public async Task A_missing_value_is_told_by_its_key() => await TestAsync(() => Assert.That(
        () => new Config().RequireSecret("none"),
        Throws.InstanceOf<RunException>().With.Message.EqualTo(
            "Missing Required configuration variable 'project:none'\n\tplease set a value using the command `pulumi config set project:none <value>`")));

    private static async Task TestAsync(Action program) => await Deployment.TestAsync(new NoMocks(), new TestOptions(), () =>
    {
        program();
        return new Dictionary<string, object?>();
    });

    private sealed class NoMocks : IMocks
    {
        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args) => throw new AssertionException("no resource was expected");

        public Task<object> CallAsync(MockCallArgs args) => throw new AssertionException("no call was expected");
    }
}
