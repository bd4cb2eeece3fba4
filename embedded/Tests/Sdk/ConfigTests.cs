using System.Text.Json;
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
            """{"project:text":"t","project:yes":"true","project:no":"false","project:bad":"True","project:int":"-3","project:double":"1.5","project:object":"{\"A\":[1,2]}","other:config:key":"o","project:pw":"hunter2","project:twice":"1","project:config:twice":"2","project:number":5,"project:truth":true}""");
        Environment.SetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS", """["project:pw"]""");
    }

    [TearDown]
    public void RemoveConfiguration()
    {
        Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
        Environment.SetEnvironmentVariable("PULUMI_CONFIG_SECRET_KEYS", null);
    }

    [Test]
    public async Task Values_are_read_by_type() => await TestAsync(async () =>
    {
        var config = new Config();
        Assert.Multiple(() =>
        {
            Assert.That((config.Get("text"), config.Require("text"), config.Get("none")), Is.EqualTo(("t", "t", (string?)null)));
            Assert.That((config.GetBoolean("yes"), config.RequireBoolean("no"), config.GetBoolean("none")), Is.EqualTo(((bool?)true, false, (bool?)null)));
            Assert.That((config.GetInt32("int"), config.RequireInt32("int"), config.GetInt32("none")), Is.EqualTo(((int?)-3, -3, (int?)null)));
            Assert.That((config.GetDouble("double"), config.RequireDouble("double"), config.GetDouble("none")), Is.EqualTo(((double?)1.5, 1.5, (double?)null)));
            Assert.That(config.RequireObject<Dictionary<string, int[]>>("object")["A"], Is.EqualTo(new[] { 1, 2 }));
            Assert.That(config.GetObject<Dictionary<string, int[]>>("none"), Is.Null);
            Assert.That(config.RequireObject<Lower>("object", new JsonSerializerOptions { PropertyNameCaseInsensitive = true }).A, Has.Length.EqualTo(2));
            Assert.That(new Config("other").Get("key"), Is.EqualTo("o"));
            Assert.That(new Config("other:config").Get("key"), Is.EqualTo("o"));
            Assert.That(config.Get("twice"), Is.EqualTo("2"), "the last of both forms");
            Assert.That((config.GetInt32("number"), config.Get("number")), Is.EqualTo(((int?)5, "5")), "no text in the JSON");
            Assert.That(config.GetSecret("none"), Is.Null);
            Assert.That(config.GetSecretInt32("none"), Is.Null);
            Assert.That(config.GetSecretObject<string>("none"), Is.Null);
        });
        Assert.That(await Output.IsSecretAsync(config.RequireSecret("pw")), Is.True);
        Assert.That(await OutputUtilities.GetValueAsync(config.RequireSecret("pw")), Is.EqualTo("hunter2"));
        Assert.That(await OutputUtilities.GetValueAsync(config.RequireSecretInt32("int")), Is.EqualTo(-3));
        Assert.That(await Output.IsSecretAsync(config.RequireSecretObject<object>("object")), Is.True);
    });

    [Test]
    public async Task Faults_name_key_and_value() => await TestAsync(() =>
    {
        var config = new Config();
        Assert.Multiple(() =>
        {
            Assert.That(() => config.Require("none"), Fails("Missing Required configuration variable 'project:none'\n\tplease set a value using the command `pulumi config set project:none <value>`"));
            Assert.That(() => config.RequireInt32("none"), Throws.InstanceOf<RunException>());
            Assert.That(() => config.RequireObject<object>("none"), Throws.InstanceOf<RunException>());
            Assert.That(() => config.GetBoolean("bad"), Fails("Configuration 'project:bad' value 'True' is not a valid Boolean"));
            Assert.That(() => config.GetInt32("double"), Fails("Configuration 'project:double' value '1.5' is not a valid Int32"));
            Assert.That(() => config.GetDouble("text"), Throws.InstanceOf<RunException>());
            Assert.That(() => config.GetObject<int[]>("text"), Throws.InstanceOf<RunException>());
            Assert.That(() => config.GetSecretInt32("pw"), Fails("Configuration 'project:pw' value '[secret]' is not a valid Int32"));
        });
        return Task.CompletedTask;

        static NUnit.Framework.Constraints.IResolveConstraint Fails(string message) => Throws.InstanceOf<RunException>().With.Message.EqualTo(message);
    });

    private static async Task TestAsync(Func<Task> program) => await Deployment.TestAsync(new NoMocks(), new TestOptions(), program);

    private sealed record Lower(int[] A);

    private sealed class NoMocks : IMocks
    {
        public Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args) => throw new AssertionException("no resource was expected");

        public Task<object> CallAsync(MockCallArgs args) => throw new AssertionException("no call was expected");
    }
}
