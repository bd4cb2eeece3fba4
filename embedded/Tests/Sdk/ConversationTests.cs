using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>What the recorded program says to the engine, compared with what it said on the official SDK.</summary>
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
    private const string Secret = """{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"hunter2"}""";

    [TestCase("preview", "", true)]
    [TestCase("update", "", false)]
    [TestCase("log-error", "log", false)]
    public async Task Every_message_is_the_recorded_one(string trace, string mode, bool preview)
    {
        var recorded = Conversation.Recorded(trace);
        await using var engine = await RecordingEngine.StartAsync(preview);

        var own = Conversation.With(engine, await engine.RunProgramAsync(mode));

        Assert.That(own.ExitCode, Is.EqualTo(recorded.ExitCode), engine.Printed);
        Assert.That(own.Answers, Is.EqualTo(recorded.Answers), "the test's engine answers as the recording one did");
        Assert.That(own.Said.Keys, Is.EqualTo(recorded.Said.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (name, message) in recorded.Said)
            {
                Assert.That(own.Said[name], Is.EqualTo(message), name);
            }

            Assert.That(own.Features, Is.EqualTo(recorded.Features));
        });
    }

    // What a failing program still has under way when it ends differs from run to run.
    [TestCase("exception", "throw")]
    [TestCase("exception-in-apply", "apply")]
    public async Task A_failing_program_says_the_recorded_error_and_else_nothing_that_was_not_recorded(string trace, string mode)
    {
        var recorded = Conversation.Recorded(trace);
        var whole = Conversation.Recorded("update").Said.Remove(Conversation.Shutdown);
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        var own = Conversation.With(engine, await engine.RunProgramAsync(mode));

        Assert.That(own.ExitCode, Is.EqualTo(recorded.ExitCode), engine.Printed);
        Assert.That(Logs(own), Is.EqualTo(Logs(recorded)));
        Assert.That(Logs(own), Has.Exactly(1).Items);
        foreach (var (name, message) in own.Said.Where(m => m.Value is not LogRequest))
        {
            Assert.That(whole.GetValueOrDefault(name), Is.EqualTo(message), name);
        }

        static IEnumerable<IMessage> Logs(Conversation conversation) => conversation.Said.Values.Where(m => m is LogRequest);
    }

    [TestCase(true, Signatures.UnknownString, Signatures.UnknownString, Signatures.UnknownString, "")]
    [TestCase(false, "abcd", "echo abcd", "inner-id", "cmd-id")]
    public async Task Each_resource_is_registered_with_all_that_is_known_of_it(bool preview, string hex, string create, string inner, string command)
    {
        await using var engine = await RecordingEngine.StartAsync(preview);

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        Assert.That(engine.Calls.OfType<SupportsFeatureRequest>().Select(f => f.Id).Distinct(), Is.EquivalentTo(new[] { "resourceReferences", "aliasSpecs" }));
        Assert.That(engine.Calls.OfType<Empty>().Count(), Is.EqualTo(1));
        Assert.That(engine.Calls[^1], Is.TypeOf<Empty>(), "nothing after SignalAndWaitForShutdown");
        AssertRegistered(
            engine,
            """ "type": "pulumi:pulumi:Stack", "name": "proj-dev", "object": {} """,
            $$""" "type": "my:index:Comp", "name": "comp", "parent": "{{StackUrn}}", "object": {} """,
            $$""" "type": "my:index:Comp2", "name": "nested", "parent": "{{CompUrn}}", "object": {} """,
            $$"""
             "type": "random:index/randomId:RandomId", "name": "rid", "parent": "{{StackUrn}}", "custom": true, "version": "4.21.1",
             "object": { "byteLength": 4, "keepers": { "k": {{Secret}}, "plain": "v" } }, "propertyDependencies": { "byteLength": {}, "keepers": {} }
            """,
            $$""" "type": "random:index/randomUuid:RandomUuid", "name": "uu", "parent": "{{NestedUrn}}", "custom": true, "object": {}, "version": "4.21.1" """,
            $$"""
             "type": "random:index/randomPet:RandomPet", "name": "inner", "parent": "{{CompUrn}}", "custom": true, "version": "4.21.1", "object": { "prefix": "{{hex}}" },
             "dependencies": ["{{IdentUrn}}"], "propertyDependencies": { "prefix": { "urns": ["{{IdentUrn}}"] } }
            """,
            $$"""
             "type": "command:remote:Command", "name": "cmd", "parent": "{{StackUrn}}", "custom": true, "version": "1.2.1",
             "object": {
               "connection": {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":{
                 "dialErrorLimit": 10, "host": "h", "perDialTimeout": 15, "port": 22, "user": "root",
                 "privateKey": {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"key"} } },
               "create": "{{create}}", "environment": { "A": "{{inner}}" }, "logging": "stderr", "triggers": ["{{hex}}", "fixed", {{Secret}}] },
             "dependencies": ["{{InnerUrn}}", "{{UuidUrn}}", "{{IdentUrn}}"],
             "propertyDependencies": {
               "connection": {}, "create": { "urns": ["{{IdentUrn}}"] }, "environment": { "urns": ["{{InnerUrn}}"] }, "logging": {}, "triggers": { "urns": ["{{IdentUrn}}"] } },
             "protect": true, "ignoreChanges": ["create"], "replaceOnChanges": ["triggers[*]"], "additionalSecretOutputs": ["connection"],
             "customTimeouts": { "create": "120000000000ns" }, "aliases": [{ "spec": { "name": "old", "noParent": false } }]
            """,
            $$"""
             "type": "random:index/randomPet:RandomPet", "name": "pet", "parent": "{{CommandUrn}}", "custom": true, "version": "4.21.1", "object": { "length": 2 }, "propertyDependencies": { "length": {} },
             "protect": true, "deleteBeforeReplace": true, "deleteBeforeReplaceDefined": true
            """);
        AssertEnded(
            engine,
            (NestedUrn, """{ "k": "v" }"""),
            (CompUrn, $$"""{ "Num": 5, "out": "{{inner}}" }"""),
            (StackUrn, $$"""
            { "hex": "{{hex}}", "secret": {{Secret}}, "n": 3,
              "res": {"4dabf18193072939515e22adb298388d":"5cf8f73096256a8f31e491e813e4eb8e","urn":"{{CommandUrn}}","id":"{{command}}"},
              "comp": {"4dabf18193072939515e22adb298388d":"5cf8f73096256a8f31e491e813e4eb8e","urn":"{{CompUrn}}"} }
            """));
    }

    [Test]
    public async Task Package_classes_send_their_token_version_and_secrets()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("packages"), Is.Zero, engine.Printed);

        AssertRegistered(
            engine,
            """ "type": "pulumi:pulumi:Stack", "name": "proj-dev", "object": {} """,
            $$"""
             "type": "random:index/randomBytes:RandomBytes", "name": "bytes", "parent": "{{StackUrn}}", "custom": true, "version": "4.21.1",
             "object": { "length": 32 }, "propertyDependencies": { "length": {} }, "additionalSecretOutputs": ["base64", "hex"]
            """,
            $$""" "type": "digitalocean:index/sshKey:SshKey", "name": "key", "parent": "{{StackUrn}}", "custom": true, "version": "4.76.0", "object": { "publicKey": "ssh-ed25519 A" }, "propertyDependencies": { "publicKey": {} } """,
            $$""" "type": "digitalocean:index/vpc:Vpc", "name": "vpc", "parent": "{{StackUrn}}", "custom": true, "version": "4.76.0", "object": { "region": "fra1" }, "propertyDependencies": { "region": {} } """,
            $$""" "type": "digitalocean:index/tag:Tag", "name": "tag", "parent": "{{StackUrn}}", "custom": true, "version": "4.76.0", "object": {} """,
            $$"""
             "type": "digitalocean:index/firewall:Firewall", "name": "firewall", "parent": "{{StackUrn}}", "custom": true, "version": "4.76.0",
             "object": {
               "inboundRules": [{ "protocol": "tcp", "portRange": "22", "sourceAddresses": ["::/0"], "sourceTags": ["t"] }],
               "outboundRules": [{ "protocol": "icmp", "destinationAddresses": ["::/0"] }] },
             "propertyDependencies": { "inboundRules": {}, "outboundRules": {} }
            """,
            $$"""
             "type": "digitalocean:index/droplet:Droplet", "name": "droplet", "parent": "{{StackUrn}}", "custom": true, "version": "4.76.0",
             "object": { "image": "debian", "size": "small", "region": "fra1", "sshKeys": ["1"], "monitoring": false },
             "propertyDependencies": { "image": {}, "size": {}, "region": {}, "sshKeys": {}, "monitoring": {} }
            """);
    }

    [Test]
    public async Task Options_of_the_program_come_on_top_of_those_of_the_package()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("options"), Is.Zero, engine.Printed);

        Assert.That(Registration(engine, "cmd"), Is.EqualTo(Request(
            $$"""
             "type": "command:remote:Command", "name": "cmd", "parent": "{{StackUrn}}", "custom": true, "version": "9.9.9",
             "object": { "connection": {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":{
               "dialErrorLimit": 10, "host": "h", "perDialTimeout": 15, "port": 22, "user": "u",
               "privateKey": {"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"k"} } } },
             "propertyDependencies": { "connection": {} },
             "replaceOnChanges": ["triggers[*]", "create"], "additionalSecretOutputs": ["connection", "stdout"],
             "deletedWith": "{{IdentUrn}}", "protect": false
            """)));
        Assert.That(engine.Calls.OfType<SupportsFeatureRequest>().Select(f => f.Id), Does.Contain("deletedWith"));
    }

    [TestCase(true, "older")]
    [TestCase(false, "older", "abcd")]
    public async Task Aliases_are_former_names(bool preview, params string[] known)
    {
        await using var engine = await RecordingEngine.StartAsync(preview);

        Assert.That(await engine.RunProgramAsync("aliases"), Is.Zero, engine.Printed);

        Assert.That(
            Registration(engine, "pet").Aliases,
            Is.EqualTo(known.Select(name => Pulumirpc.Alias.Parser.ParseJson($$"""{ "spec": { "name": "{{name}}", "noParent": false } }"""))));
    }

    [Test]
    public async Task Outputs_of_a_component_are_of_any_type()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("any-outputs"), Is.Zero, engine.Printed);

        Assert.That(engine.Calls.OfType<RegisterResourceOutputsRequest>().Select(r => r.Outputs), Does.Contain(Struct.Parser.ParseJson("""{ "name": "n" }""")));
    }

    [Test]
    public async Task A_component_stands_for_all_that_is_below_it_when_the_arguments_are_there()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("late-child"), Is.Zero, engine.Printed);

        Assert.That(Registration(engine, "after").Dependencies, Is.EqualTo(new[] { $"{Prefix}my:index:Top$random:index/randomPet:RandomPet::late", IdentUrn }));
    }

    [TestCase("1")]
    [TestCase("TRUE")]
    public async Task References_can_be_refused(string value)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);

        Assert.That(await engine.RunProgramAsync("", ("PULUMI_DISABLE_RESOURCE_REFERENCES", value)), Is.Zero, engine.Printed);

        Assert.That(engine.Calls.OfType<RegisterResourceRequest>().Select(r => r.AcceptResources), Has.All.False);
    }

    [TestCase("deletedWith", "options", "DeletedWith")]
    [TestCase("aliasSpecs", "aliases", "Aliases")]
    public async Task An_option_that_the_engine_does_not_know_fails(string feature, string mode, string option)
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Missing.Add(feature);

        Assert.That(await engine.RunProgramAsync(mode), Is.EqualTo(32), engine.Printed);

        Assert.That(
            engine.Calls.OfType<LogRequest>().Single(l => l.Severity == LogSeverity.Error).Message,
            Does.Contain($"the option {option} was set, but this engine does not know the feature '{feature}'"));
    }

    [Test]
    public async Task Without_references_resources_travel_as_id_and_urn()
    {
        await using var engine = await RecordingEngine.StartAsync(preview: false);
        engine.Missing.Add("resourceReferences");

        Assert.That(await engine.RunProgramAsync(), Is.Zero, engine.Printed);

        var outputs = engine.Calls.OfType<RegisterResourceOutputsRequest>().Single(r => r.Urn == StackUrn).Outputs.Fields;
        Assert.That((outputs["res"].StringValue, outputs["comp"].StringValue), Is.EqualTo(("cmd-id", CompUrn)));
    }

    private static void AssertRegistered(RecordingEngine engine, params string[] expected)
    {
        var requests = expected.Select(Request).ToArray();
        Assert.That(engine.Calls.OfType<RegisterResourceRequest>().Select(r => r.Name), Is.EquivalentTo(requests.Select(r => r.Name)));
        Assert.Multiple(() =>
        {
            foreach (var request in requests)
            {
                Assert.That(Registration(engine, request.Name), Is.EqualTo(request), request.Name);
            }
        });
    }

    private static void AssertEnded(RecordingEngine engine, params (string Urn, string Outputs)[] expected) => Assert.That(
        engine.Calls.OfType<RegisterResourceOutputsRequest>(),
        Is.EquivalentTo(expected.Select(e => new RegisterResourceOutputsRequest { Urn = e.Urn, Outputs = Struct.Parser.ParseJson(e.Outputs) })));

    private static RegisterResourceRequest Registration(RecordingEngine engine, string name) =>
        engine.Calls.OfType<RegisterResourceRequest>().Single(r => r.Name == name);

    private static RegisterResourceRequest Request(string fields) => RegisterResourceRequest.Parser.ParseJson(
        $$"""{ {{fields}}, "acceptSecrets": true, "acceptResources": true, "supportsResultReporting": true, "hooks": {} }""");
}
