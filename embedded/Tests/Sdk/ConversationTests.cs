using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>What a real program says to the engine, compared with what programs on the official SDK were seen to say.</summary>
internal sealed class ConversationTests
{
    private const string Prefix = "urn:pulumi:dev::proj::";
    private const string StackUrn = Prefix + "pulumi:pulumi:Stack::proj-dev";
    private const string CompUrn = Prefix + "my:index:Comp::comp";
    private const string NestedUrn = Prefix + "my:index:Comp$my:index:Comp2::nested";
    private const string InnerUrn = Prefix + "my:index:Comp$random:index/randomPet:RandomPet::inner";
    private const string UuidUrn = Prefix + "my:index:Comp$my:index:Comp2$random:index/randomUuid:RandomUuid::uu";
    private const string IdentUrn = Prefix + "random:index/randomId:RandomId::rid";
    private const string CommandUrn = Prefix + "command:remote:Command::cmd";

    private static readonly Value Secret = Parse("""{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"hunter2"}""");

    [Test]
    public async Task A_preview_says_what_the_official_one_says()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: true);

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        AssertCommon(engine);
        var unknown = Value.ForString(Signatures.UnknownString);
        Assert.Multiple(() =>
        {
            Assert.That(Registration(engine, "inner").Object.Fields["prefix"], Is.EqualTo(unknown));
            Assert.That(Registration(engine, "cmd").Object.Fields["create"], Is.EqualTo(unknown));
            Assert.That(Registration(engine, "cmd").Object.Fields["environment"].StructValue.Fields["A"], Is.EqualTo(unknown));
            Assert.That(Registration(engine, "cmd").Object.Fields["triggers"].ListValue.Values, Is.EqualTo(new[] { unknown, Value.ForString("fixed"), Secret }));
            Assert.That(Registration(engine, "pet").Provider, Is.EqualTo($"{Prefix}pulumi:providers:random::rp::{Signatures.UnknownString}"));
            Assert.That(Outputs(engine, CompUrn), Is.EqualTo(Parse($$"""{"Num":5,"out":"{{Signatures.UnknownString}}"}""").StructValue));
            Assert.That(Outputs(engine, StackUrn).Fields["res"], Is.EqualTo(Reference(CommandUrn, "")));
        });
    }

    [Test]
    public async Task An_update_says_what_the_official_one_says()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        AssertCommon(engine);
        Assert.Multiple(() =>
        {
            Assert.That(Registration(engine, "inner").Object.Fields["prefix"].StringValue, Is.EqualTo("abcd"));
            Assert.That(Registration(engine, "cmd").Object.Fields["create"].StringValue, Is.EqualTo("echo abcd"));
            Assert.That(Registration(engine, "cmd").Object.Fields["environment"].StructValue.Fields["A"].StringValue, Is.EqualTo("inner-id"));
            Assert.That(Registration(engine, "cmd").Object.Fields["triggers"].ListValue.Values, Is.EqualTo(new[] { Value.ForString("abcd"), Value.ForString("fixed"), Secret }));
            Assert.That(Registration(engine, "pet").Provider, Is.EqualTo($"{Prefix}pulumi:providers:random::rp::rp-id"));
            Assert.That(Outputs(engine, CompUrn), Is.EqualTo(Parse("""{"Num":5,"out":"inner-id"}""").StructValue));
            Assert.That(Outputs(engine, StackUrn).Fields["res"], Is.EqualTo(Reference(CommandUrn, "cmd-id")));
            Assert.That(Outputs(engine, StackUrn).Fields["hex"].StringValue, Is.EqualTo("abcd"));
        });
    }

    [TestCase("throw", 32, "failed with an unhandled exception:\nSystem.InvalidOperationException: boom")]
    [TestCase("apply", 32, "failed with an unhandled exception:\nSystem.InvalidOperationException: in apply")]
    [TestCase("run", 32, "nice message")]
    [TestCase("config", 32, "Missing Required configuration variable 'proj:absent'\n\tplease set a value using the command `pulumi config set proj:absent <value>`")]
    [TestCase("required", 32, "[Input] MesosStack.Embedded.Tests.SdkProgram.IdentArgs.ByteLength is required but was not given a value")]
    [TestCase("task", 32, "error serializing property \"anything\": Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output")]
    [TestCase("log", 1, "logged only")]
    public async Task A_failing_program_tells_the_engine_once_and_does_not_wait_for_it(string mode, int code, string message)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync(mode), Is.EqualTo(code), engine.Printed);

        var errors = engine.Calls.OfType<LogRequest>().Where(l => l.Severity == LogSeverity.Error).ToArray();
        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0].Message, mode is "run" or "config" or "log" ? Is.EqualTo(message) : Does.Contain(message));
        Assert.That(engine.Calls.OfType<Empty>(), Is.Empty, "SignalAndWaitForShutdown");
    }

    [Test]
    public async Task A_program_without_an_engine_says_so()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        var code = await engine.RunProgramAsync("", ("PULUMI_QUERY_MODE", null));

        Assert.That(code, Is.Not.Zero);
        Assert.That(engine.Printed, Does.Contain("InvalidOperationException").And.Contain("PULUMI_QUERY_MODE is not set").And.Contain("pulumi up"));
    }

    [TestCase("deletedWith", "DeletedWith")]
    [TestCase("aliasSpecs", "Aliases")]
    public async Task An_option_that_the_engine_does_not_know_fails(string feature, string option)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Missing.Add(feature);

        Assert.That(await engine.RunProgramAsync(), Is.EqualTo(32), engine.Printed);

        Assert.That(
            engine.Calls.OfType<LogRequest>().Single(l => l.Severity == LogSeverity.Error).Message,
            Does.Contain($"the option {option} was set, but this engine does not know the feature '{feature}'"));
    }

    private static void AssertCommon(RecordingEngine engine)
    {
        var calls = engine.Calls;
        Assert.Multiple(() =>
        {
            Assert.That(calls.OfType<SupportsFeatureRequest>().Select(f => f.Id).Distinct(), Is.EquivalentTo(new[] { "resourceReferences", "aliasSpecs", "deletedWith" }));
            Assert.That(calls.OfType<Empty>().Count(), Is.EqualTo(1));
            Assert.That(calls[^1], Is.TypeOf<Empty>(), "nothing after SignalAndWaitForShutdown");
            Assert.That(
                calls.OfType<RegisterResourceRequest>().Select(r => r.Name),
                Is.EquivalentTo(new[] { "proj-dev", "comp", "rp", "rid", "nested", "uu", "inner", "cmd", "pet" }));
        });
        Assert.Multiple(() =>
        {
            Assert.That(Registration(engine, "proj-dev"), Is.EqualTo(RegisterResourceRequest.Parser.ParseJson(
                """{ "type": "pulumi:pulumi:Stack", "name": "proj-dev", "object": {}, "acceptSecrets": true, "acceptResources": true, "supportsResultReporting": true, "hooks": {} }""")));
            Assert.That(Registration(engine, "comp"), Is.EqualTo(RegisterResourceRequest.Parser.ParseJson(
                $$"""{ "type": "my:index:Comp", "name": "comp", "parent": "{{StackUrn}}", "object": {}, "acceptSecrets": true, "acceptResources": true, "supportsResultReporting": true, "hooks": {} }""")));
            Assert.That(Registration(engine, "rid"), Is.EqualTo(RegisterResourceRequest.Parser.ParseJson(
                $$"""
                { "type": "random:index/randomId:RandomId", "name": "rid", "parent": "{{StackUrn}}", "custom": true, "version": "4.18.0",
                  "object": { "byteLength": 4, "keepers": { "k": {{Secret}}, "plain": "v" } },
                  "propertyDependencies": { "byteLength": {}, "keepers": {} },
                  "acceptSecrets": true, "acceptResources": true, "supportsResultReporting": true, "hooks": {} }
                """)));
            Assert.That(Registration(engine, "nested").Parent, Is.EqualTo(CompUrn));
            Assert.That(Registration(engine, "uu").Parent, Is.EqualTo(NestedUrn));
            Assert.That(Registration(engine, "uu").PropertyDependencies, Is.Empty);
            Assert.That(Registration(engine, "inner").PropertyDependencies["prefix"].Urns, Is.EqualTo(new[] { IdentUrn }));
            Assert.That(Outputs(engine, NestedUrn), Is.EqualTo(Parse("""{"k":"v"}""").StructValue));
            Assert.That(Outputs(engine, StackUrn).Fields.Keys, Is.EquivalentTo(new[] { "hex", "secret", "res", "comp", "n" }));
            Assert.That(Outputs(engine, StackUrn).Fields["secret"], Is.EqualTo(Secret));
            Assert.That(Outputs(engine, StackUrn).Fields["comp"], Is.EqualTo(Reference(CompUrn, null)));
        });
        AssertCommand(Registration(engine, "cmd"));
        var pet = Registration(engine, "pet");
        Assert.Multiple(() =>
        {
            Assert.That(pet.Parent, Is.EqualTo(CommandUrn));
            Assert.That(pet.Protect, Is.True, "inherited");
            Assert.That((pet.DeleteBeforeReplace, pet.DeleteBeforeReplaceDefined), Is.EqualTo((true, true)));
            var warning = calls.OfType<LogRequest>().Single();
            Assert.That((warning.Severity, warning.Message, warning.Urn), Is.EqualTo((LogSeverity.Warning, "take care", CommandUrn)));
        });
    }

    private static void AssertCommand(RegisterResourceRequest command) => Assert.Multiple(() =>
    {
        Assert.That(command.Object.Fields["connection"], Is.EqualTo(Parse(
            """
            {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":{"host":"h","port":22,
             "privateKey":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"key"}}}
            """)));
        Assert.That(command.Object.Fields["logging"].StringValue, Is.EqualTo("stderr"));
        Assert.That(command.Object.Fields.Keys, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(command.Dependencies, Is.EquivalentTo(new[] { InnerUrn, UuidUrn, IdentUrn }), "the component is replaced by what is below it");
        Assert.That(
            command.PropertyDependencies.ToDictionary(p => p.Key, p => p.Value.Urns.ToArray()),
            Is.EquivalentTo(new Dictionary<string, string[]>
            {
                ["connection"] = [],
                ["create"] = [IdentUrn],
                ["environment"] = [InnerUrn],
                ["logging"] = [],
                ["triggers"] = [IdentUrn],
            }));
        Assert.That((command.HasProtect, command.Protect), Is.EqualTo((true, true)));
        Assert.That((command.HasRetainOnDelete, command.RetainOnDelete), Is.EqualTo((true, true)));
        Assert.That(command.DeleteBeforeReplaceDefined, Is.False);
        Assert.That(command.IgnoreChanges, Is.EqualTo(new[] { "create" }));
        Assert.That(command.ReplaceOnChanges, Is.EqualTo(new[] { "triggers[*]" }));
        Assert.That(command.AdditionalSecretOutputs, Is.EqualTo(new[] { "connection" }));
        Assert.That(command.CustomTimeouts, Is.EqualTo(new RegisterResourceRequest.Types.CustomTimeouts { Create = "120000000000ns" }));
        Assert.That(command.Aliases, Is.EqualTo(new[] { Pulumirpc.Alias.Parser.ParseJson("""{ "spec": { "name": "old", "noParent": false } }""") }));
        Assert.That(command.DeletedWith, Is.EqualTo(InnerUrn));
    });

    private static RegisterResourceRequest Registration(RecordingEngine engine, string name) =>
        engine.Calls.OfType<RegisterResourceRequest>().Single(r => r.Name == name);

    private static Struct Outputs(RecordingEngine engine, string urn) =>
        engine.Calls.OfType<RegisterResourceOutputsRequest>().Single(r => r.Urn == urn).Outputs;

    private static Value Reference(string urn, string? id) => Parse(
        $$"""{"4dabf18193072939515e22adb298388d":"5cf8f73096256a8f31e491e813e4eb8e","urn":"{{urn}}"{{(id is null ? "" : $",\"id\":\"{id}\"")}}}""");

    private static Value Parse(string json) => Value.Parser.ParseJson(json);
}
