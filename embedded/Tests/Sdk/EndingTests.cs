using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>How programs end, and what they tell the engine of it.</summary>
internal sealed class EndingTests
{
    private const string IdentUrn = "urn:pulumi:dev::proj::random:index/randomId:RandomId::rid";

    [TestCase("throw", 32, "*failed with an unhandled exception:\nSystem.Exception: boom")]
    [TestCase("apply", 32, "*failed with an unhandled exception:\nSystem.Exception: in apply")]
    [TestCase("run", 32, "nice message")]
    [TestCase("config", 32, "Missing Required configuration variable 'proj:absent'\n\tplease set a value using the command `pulumi config set proj:absent <value>`")]
    [TestCase("required", 32, "*[Input] Pulumi.Random.RandomIdArgs.ByteLength is required but was not given a value")]
    [TestCase("required-inside", 32, "*error serializing property \"connection\": [Input] Pulumi.Command.Remote.Inputs.ConnectionArgs.Host is required but was not given a value")]
    [TestCase("task", 32, "*error serializing property \"v\": Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output")]
    [TestCase("odd-argument", 32, "*error serializing property \"odd\": System.Uri is not a supported argument type.\n\tresource:any[my:index:Any].odd")]
    [TestCase("blocked-log", 32, "elsewhere")]
    [TestCase("nested-run", 32, "*a deployment is running already")]
    [TestCase("given-up", 32, "*the answer was given up")]
    [TestCase("log", 1, "logged only")]
    public async Task A_failing_program_tells_the_engine_once_and_does_not_wait_for_it(string mode, int code, string message)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync(mode), Is.EqualTo(code), engine.Printed);

        var errors = engine.Calls.OfType<LogRequest>().Where(l => l.Severity == LogSeverity.Error).ToArray();
        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0].Message, message.StartsWith('*') ? Does.Contain(message[1..]) : Is.EqualTo(message));
        Assert.That(errors[0].Urn, Is.Empty);
        Assert.That(engine.Calls.OfType<Empty>(), Is.Empty, "SignalAndWaitForShutdown");
        if (mode == "throw")
        {
            Assert.That(engine.Calls.OfType<RegisterResourceOutputsRequest>(), Is.Empty, "of the stack");
        }
    }

    [Test]
    public async Task A_program_with_several_failures_tells_each_of_them_once()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("several"), Is.EqualTo(32), engine.Printed);

        var errors = engine.Calls.OfType<LogRequest>().Where(l => l.Severity == LogSeverity.Error).Select(l => l.Message).ToArray();
        Assert.That(errors, Has.Length.EqualTo(4), string.Join('\n', errors));
        Assert.That(errors, Has.One.EqualTo("and the program itself").And.One.Contains("RandomIdArgs.ByteLength is required"));
        Assert.That(errors, Has.One.Contains("resource:any[my:index:Any].odd").And.One.Contains("resource:other[my:index:Any].odd"));
        Assert.That(engine.Calls.OfType<RegisterResourceRequest>().Select(r => r.Name), Has.No.Member("dependent"));
    }

    [TestCase("PULUMI_MONITOR", null, "PULUMI_MONITOR is not set")]
    [TestCase("PULUMI_DRY_RUN", "yes", "PULUMI_DRY_RUN is neither true nor false")]
    public async Task A_program_without_an_engine_says_so(string variable, string? value, string reason)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        var code = await engine.RunProgramAsync("", (variable, value));

        Assert.That(code, Is.Not.Zero);
        Assert.That(engine.Printed, Does.Contain("InvalidOperationException").And.Contain(reason).And.Contain("pulumi up"));
    }

    [Test]
    public async Task An_engine_that_goes_is_told_of_on_the_terminal()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Answering = (request, _) => engine.IsGone |= request.Name == "cmd";

        Assert.That(await engine.RunProgramAsync(), Is.EqualTo(1), engine.Printed);

        Assert.That(engine.Printed, Does.Contain("The engine's log could not be reached").And.Contain("the engine has gone"));
    }

    [Test]
    public async Task An_old_engine_takes_the_end_of_the_program_as_its_end()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false, isOld: true);

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        Assert.That(engine.Calls.OfType<LogRequest>(), Is.Empty);
    }

    [TestCase(Result.Fail)]
    [TestCase(Result.Skip)]
    public async Task What_a_resource_that_was_not_made_lacks_is_unknown(Result result)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Answering = (request, answer) =>
        {
            if (request.Name == "rid")
            {
                (answer.Result, answer.Id) = (result, "");
                answer.Object.Fields.Clear();
            }
        };

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        Assert.That(engine.Calls.OfType<RegisterResourceRequest>().Single(r => r.Name == "inner").Object.Fields["prefix"].StringValue, Is.EqualTo(Signatures.UnknownString));
    }

    [Test]
    public async Task A_value_of_another_kind_is_warned_of_in_the_name_of_its_resource()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Answering = (request, answer) => answer.Object.Fields["hex"] = Value.ForNumber(5);

        Assert.That(await engine.RunProgramAsync("log-about"), Is.Zero, engine.Printed);

        var warning = engine.Calls.OfType<LogRequest>().Single(l => l.Message != "made");
        Assert.That(warning.Severity, Is.EqualTo(LogSeverity.Warning));
        Assert.That(warning.Message, Is.EqualTo("Expected System.String but got System.Double deserializing random:index/randomId:RandomId.hex"));
        Assert.That(warning.Urn, Is.EqualTo(IdentUrn));
    }

    [Test]
    public async Task A_value_that_cannot_be_read_leaves_the_resource_its_name()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Answering = (request, answer) =>
        {
            foreach (var output in request.Custom ? new[] { "byteLength", "hex", "keepers", "prefix" } : [])
            {
                answer.Object.Fields[output] = Value.Parser.ParseJson("""{ "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "text": "t" }""");
            }
        };

        Assert.That(await engine.RunProgramAsync("log-about"), Is.EqualTo(32), engine.Printed);

        var (made, error) = (engine.Calls.OfType<LogRequest>().First(), engine.Calls.OfType<LogRequest>().Last());
        Assert.That((made.Message, made.Urn), Is.EqualTo(("made", IdentUrn)));
        Assert.That(error.Message, Does.Contain("is not part of the embedded SDK"));
    }
}
