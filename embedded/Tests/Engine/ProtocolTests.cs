using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using MesosStack.Embedded.Engine.Monitor;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>The official protocol, walked: each call and each field that the official SDK can send is served, or refused by its name with what to do.</summary>
[TestFixture]
internal sealed partial class ProtocolTests
{
    private const string Registration = nameof(RegisterResourceRequest);

    private static readonly string[] ServedCalls =
    [
        "ResourceMonitor.SupportsFeature", "ResourceMonitor.RegisterResource", "ResourceMonitor.RegisterResourceOutputs", "ResourceMonitor.SignalAndWaitForShutdown", "Engine.Log",
    ];

    // What OptionTests and its like look at one by one. The two first are refused with certain values only.
    private static readonly string[] ServedOptions =
    [
        "type", "customTimeouts",
        "name", "parent", "custom", "object", "protect", "dependencies", "propertyDependencies", "deleteBeforeReplace", "version", "ignoreChanges", "acceptSecrets",
        "additionalSecretOutputs", "deleteBeforeReplaceDefined", "supportsPartialValues", "acceptResources", "replaceOnChanges", "retainOnDelete", "deletedWith", "supportsResultReporting",
    ];

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static IEnumerable<string[]> Lines(string kind) => Resource("OfficialProtocol.txt").Split('\n').Select(l => l.Split(' ', 5)).Where(l => l[0] == kind);

    private static IEnumerable<string> AllCalls() => Lines("call").Select(l => $"{l[1]}.{l[2]}");

    private static IEnumerable<TestCaseData> Fields() =>
        Lines("field").Where(l => l[1] == Registration).Select(l => new TestCaseData(int.Parse(l[2], CultureInfo.InvariantCulture), l[3], l[4]).SetArgDisplayNames(l[3]));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ProtocolTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [TestCaseSource(nameof(AllCalls))]
    public async Task A_call_is_served_or_refused_by_its_name(string call)
    {
        if (ServedCalls.Contains(call))
        {
            Assert.That(Refusals.Calls.Keys, Has.No.Member(call));
            return;
        }

        var stage = await CallAsync(call, []);
        AssertRefused(stage, Refusals.Calls[call].Name, Refusals.Calls[call].Advice);
    }

    [Test]
    public async Task A_call_that_nobody_knows_yet_is_refused_by_its_name([Values("ResourceMonitor.FlyToTheMoon", "Engine.FlyToTheMoon", "Moon.Fly")] string call) =>
        AssertRefused(await CallAsync(call, []), "the call " + call, "official engine");

    [TestCaseSource(nameof(Fields))]
    public async Task A_field_of_a_registration_is_served_has_no_effect_or_is_refused_by_its_name(int number, string name, string type)
    {
        var refused = Refusals.Options.FirstOrDefault(o => o.Field == name);
        Assert.That(
            new[] { ServedOptions.Contains(name), Refusals.WithoutEffect.GetValueOrDefault(number) == name, refused is not null && !ServedOptions.Contains(name) }.Count(yes => yes),
            Is.EqualTo(1),
            $"'{name}' stands in one list");
        if (ServedOptions.Contains(name))
        {
            Assert.That(RegisterResourceRequest.Descriptor.FindFieldByNumber(number)?.Name, Is.EqualTo(name), "the slice has it");
            return;
        }

        var stage = await RegisterAsync(Field(number, type));
        if (refused is null)
        {
            Assert.That(stage.Errors, Is.Empty);
            Assert.That(stage.Provider.Calls, Is.EqualTo(new[] { "create a" }));
        }
        else
        {
            AssertRefused(stage, refused.Name, refused.Advice);
            Assert.That(stage.Errors.Single(), Does.Contain("'a'"));
        }
    }

    [Test]
    public async Task A_field_that_nobody_knows_yet_is_refused_by_its_number()
    {
        AssertRefused(await RegisterAsync(Field(999, "string")), "field 999 of RegisterResourceRequest", "official engine");
        AssertRefused(await RegisterAsync(Inner(17, Field(999, "string"))), "field 999 of CustomTimeouts", "official engine");
        AssertRefused(await RegisterAsync(Inner(26, Inner(2, Field(999, "string")))), "field 999 of Spec", "official engine");
    }

    [Test]
    public void The_slice_has_the_official_numbers_and_all_messages_inside_a_registration_whole()
    {
        var official = Lines("field").ToDictionary(l => (l[1], int.Parse(l[2], CultureInfo.InvariantCulture)), l => l[3]);
        var messages = new Dictionary<string, Google.Protobuf.Reflection.MessageDescriptor>
        {
            [Registration] = RegisterResourceRequest.Descriptor,
            [Registration + ".PropertyDependencies"] = RegisterResourceRequest.Types.PropertyDependencies.Descriptor,
            [Registration + ".CustomTimeouts"] = RegisterResourceRequest.Types.CustomTimeouts.Descriptor,
            [Registration + ".ResourceHooksBinding"] = RegisterResourceRequest.Types.ResourceHooksBinding.Descriptor,
            ["Alias"] = Alias.Descriptor,
            ["Alias.Spec"] = Alias.Types.Spec.Descriptor,
            [nameof(RegisterResourceOutputsRequest)] = RegisterResourceOutputsRequest.Descriptor,
            [nameof(SupportsFeatureRequest)] = SupportsFeatureRequest.Descriptor,
            [nameof(LogRequest)] = LogRequest.Descriptor,
        };
        var slice = messages.SelectMany(m => m.Value.Fields.InDeclarationOrder().Select(f => KeyValuePair.Create((m.Key, f.FieldNumber), f.Name))).ToDictionary();
        Assert.That(slice, Is.SubsetOf(official));
        Assert.That(official.Keys.Except(slice.Keys), Is.EquivalentTo(Refusals.WithoutEffect.Keys.Select(number => (Registration, number))));
    }

    [TestCase("transforms", "ResourceTransforms")]
    [TestCase("invokeTransforms", "RegisterInvokeTransform")]
    [TestCase("resourceHooks", "Hooks")]
    [TestCase("errorHooks", "ErrorHook")]
    [TestCase("replaceWith", "ReplaceWith")]
    [TestCase("parameterization", "RegisterPackage")]
    public async Task A_feature_that_is_asked_for_only_where_it_is_used_is_refused_by_its_name(string feature, string name) =>
        AssertRefused(await CallAsync("ResourceMonitor.SupportsFeature", new SupportsFeatureRequest { Id = feature }.ToByteArray()), name, "official engine");

    [Test]
    public async Task What_a_program_reads_calls_and_refers_to_is_named()
    {
        AssertRefused(
            await CallAsync("ResourceMonitor.ReadResource", new ReadResourceRequest { Type = "digitalocean:index/droplet:Droplet", Name = "old", Id = "123" }.ToByteArray()),
            "Get (resource 'old' of type digitalocean:index/droplet:Droplet, id '123')",
            "a setting");
        AssertRefused(
            await CallAsync("ResourceMonitor.ReadResource", new ReadResourceRequest { Type = "pulumi:pulumi:StackReference", Name = "org/net/dev", Id = "org/net/dev" }.ToByteArray()),
            "StackReference ('org/net/dev')",
            "settings");
        AssertRefused(await CallAsync("ResourceMonitor.Invoke", new ResourceInvokeRequest { Tok = "command:local:run" }.ToByteArray()), "Invoke of command:local:run", "a setting");
        AssertRefused(await CallAsync("ResourceMonitor.Invoke", new ResourceInvokeRequest { Tok = "pulumi:pulumi:getResource" }.ToByteArray()), "Urn (an existing resource", "leave it out");
        AssertRefused(await CallAsync("ResourceMonitor.Call", new ResourceCallRequest { Tok = "eks:index:Cluster/getKubeconfig" }.ToByteArray()), "Call of eks:index:Cluster/getKubeconfig", "no method");
        AssertRefused(await CallAsync("Engine.RequirePulumiVersion", new RequirePulumiVersionRequest { PulumiVersionRange = ">=3.0.0" }.ToByteArray()), "RequirePulumiVersion '>=3.0.0'", "leave it out");
    }

    [Test]
    public async Task Refusals_are_all_told_each_once()
    {
        var stage = new Stage();
        await stage.UpAsync(async p =>
        {
            foreach (var token in new[] { "a:b:c", "a:b:d", "a:b:c" })
            {
                try
                {
                    await p.Monitor.InvokeAsync(new ResourceInvokeRequest { Tok = token });
                }
                catch (RpcException)
                {
                    continue;
                }

                Assert.Fail("served");
            }

            await p.ThingAsync("late");
        });
        Assert.That(stage.Errors, Has.Length.EqualTo(2).And.Some.Contains("a:b:c").And.Some.Contains("a:b:d"));
    }

    // The section's first column, between the table's head and the next paragraph.
    [Test]
    public void The_page_of_the_embedded_half_lists_what_is_refused()
    {
        var page = Resource("README.md");
        var section = page[page.IndexOf("## What the engine refuses", StringComparison.Ordinal)..];
        var listed = TableNames().Matches(section).SelectMany(m => m.Groups[1].Value.Split(", ")).Select(name => name.Trim('`'));
        var refused = Refusals.Calls.Values.Select(c => c.Name)
            .Concat(Refusals.Features.Values.Select(f => f.Name))
            .Concat(Refusals.Options.Select(o => o.Name))
            .Concat(["StackReference", "Urn"]);
        Assert.That(listed, Is.EquivalentTo(refused.Distinct()));
    }

    private static void AssertRefused(Stage stage, string name, string advice)
    {
        var error = stage.Errors.Single();
        Assert.That(error, Does.Contain($"the embedded engine does not serve {name}").And.Contain(advice));
        Assert.That(error, Does.Not.Contain("Unimplemented").And.Not.Contain("   at "));
        Assert.That(stage.Provider.Calls, Is.Empty);
    }

    // The program fails as the official SDK's does: it logs the exception with its stack trace, which nobody needs to see.
    private static async Task<Stage> CallAsync(string call, byte[] request)
    {
        var stage = new Stage();
        var program = new FakeProgram(async p =>
        {
            using var channel = GrpcChannel.ForAddress("http://" + p.Address);
            var parts = call.Split('.');
            var method = new Method<byte[], byte[]>(MethodType.Unary, "pulumirpc." + parts[0], parts[1], Raw, Raw);
            await channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, request);
        });
        var result = await stage.RunAsync(MesosStack.Embedded.Engine.OperationMode.Update, program);
        Assert.That(result.Succeeded, Is.EqualTo(stage.Errors.Length == 0));
        return stage;
    }

    private static Task<Stage> RegisterAsync(byte[] more)
    {
        var request = new RegisterResourceRequest { Type = "test:index:Thing", Name = "a", Custom = true, Version = "1.2.3", Object = new Struct() };
        return CallAsync("ResourceMonitor.RegisterResource", [.. request.ToByteArray(), .. more]);
    }

    // A field with a value that is not its default, as it goes over the wire.
    private static byte[] Field(int number, string type) => type switch
    {
        "bool" or "optional bool" => Written(number, WireFormat.WireType.Varint, output => output.WriteBool(true)),
        "string" or "repeated string" => Inner(number, Encoding.UTF8.GetBytes("x")),
        "google.protobuf.Value" => Inner(number, Value.ForString("x").ToByteArray()),
        "SourcePosition" or "repeated Callback" => Inner(number, Field(1, "string")),
        "StackTrace" => Inner(number, []),
        "repeated Alias" => Inner(number, Inner(1, Encoding.UTF8.GetBytes("urn"))),
        _ when type.EndsWith("ResourceHooksBinding", StringComparison.Ordinal) => Inner(number, Field(1, "string")),
        _ when type.StartsWith("map<", StringComparison.Ordinal) => Inner(number, [.. Field(1, "string"), .. Field(2, "string")]),
        _ => throw new NotSupportedException(type),
    };

    private static byte[] Inner(int number, byte[] content) => Written(number, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(content)));

    private static byte[] Written(int number, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag(number, type);
            write(output);
        }

        return stream.ToArray();
    }

    [GeneratedRegex(@"^\| (`[^|]+`) \|", RegexOptions.Multiline)]
    private static partial Regex TableNames();
}
