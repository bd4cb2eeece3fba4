using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Pulumi;
using Pulumi.Serialization;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>Values from .NET to the wire and back.</summary>
internal sealed class ValueTests
{
    private const string Unknown = "\"04da6b54-80e4-46f7-96ec-b56ff0331ba9\"";

    private static IEnumerable<TestCaseData> Wired()
    {
        yield return Case("plain values", new Dictionary<string, object?> { ["b"] = true, ["i"] = 1, ["d"] = 1.5, ["s"] = "x", ["n"] = null }, """{"b":true,"d":1.5,"i":1,"s":"x"}""");
        yield return Case("a list keeps its nulls", new object?[] { 1, null }, "[1,null]");
        yield return Case("a list that was never set", default(ImmutableArray<string>), "[]");
        yield return Case("an unknown output", Outputs.Unknown("x"), Unknown);
        yield return Case("a secret that is unknown is only unknown", Output.CreateSecret(Outputs.Unknown("x")), Unknown);
        yield return Case("a secret", Output.CreateSecret(new[] { "x" }), Secret("""["x"]"""));
        yield return Case(
            "a list with an unknown and a secret in it",
            new InputList<string> { "a", Outputs.Unknown("x"), Output.CreateSecret("s") },
            $"""["a",{Unknown},{Secret("\"s\"")}]""");
        yield return Case("a map with a secret in it", new InputMap<string> { { "a", Output.CreateSecret("s") }, { "b", "t" } }, $$"""{"a":{{Secret("\"s\"")}},"b":"t"}""");
        yield return Case("a union", (InputUnion<string, Level>)"high", "\"high\"");
        yield return Case("a named value", Level.High, "\"high\"");
        yield return Case("arguments", new Args { Text = Output.CreateSecret("s"), Level = Level.High }, $$"""{"level":"high","text":{{Secret("\"s\"")}}}""");
        yield return Case("a folder", new Input<AssetOrArchive>[] { new FileArchive("./scripts/") }, """[{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","path":"./scripts/"}]""");
        yield return Case("nothing", Output.Create(ValueTuple.Create()), "null");

        static TestCaseData Case(string name, object value, string json) => new TestCaseData(value, json).SetArgDisplayNames(name);

        static string Secret(string json) => $$"""{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":{{json}}}""";
    }

    [TestCaseSource(nameof(Wired))]
    public async Task Values_travel(object value, string json)
    {
        var (wire, _) = await Serializer.SerializePropertyAsync("p", value, keepResources: true);

        Assert.That(wire, Is.EqualTo(Value.Parser.ParseJson(json)));
    }

    [Test]
    public void What_cannot_travel_is_named()
    {
        Assert.That(
            () => Serializer.SerializePropertyAsync("p", Output.Create(1).Apply(int (_) => throw new FormatException("bad")), keepResources: true),
            Throws.InvalidOperationException.With.Message.EqualTo("error serializing property \"p\": bad"));
        Assert.That(
            () => Serializer.SerializePropertyAsync("p", new Dictionary<string, object?> { ["q"] = new[] { new Uri("http://h") } }, keepResources: true),
            Throws.InvalidOperationException.With.Message.EqualTo("error serializing property \"p\": System.Uri is not a supported argument type.\n\tp.q[0]"));
        Assert.That(
            () => Serializer.SerializePropertyAsync("p", new Dictionary<int, string> { [1] = "x" }, keepResources: true),
            Throws.InvalidOperationException.With.Message.Contains("only supported with string keys"));
    }

    [Test]
    public void An_input_that_travels_as_JSON_is_refused() => Assert.That(
        () => Serializer.SerializePropertyAsync("p", new JsonArgs { Map = { { "password", Output.CreateSecret("s") } } }, keepResources: true),
        Throws.InvalidOperationException.With.InnerException.TypeOf<NotSupportedException>().And.Message.Contains("JsonArgs.Map travels as JSON, which is not part of the embedded SDK"));

    [Test]
    public void One_unknown_or_secret_makes_the_whole_property_so()
    {
        var unknown = Read($"[1,{Unknown}]");
        var secret = Read("""{"a":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"s"},"__hidden":1}""");

        Assert.That((unknown.IsKnown, unknown.Value), Is.EqualTo((false, (object?)null)));
        Assert.That((secret.IsKnown, secret.IsSecret), Is.EqualTo((true, true)));
        Assert.That(secret.Value, Is.EqualTo(ImmutableDictionary<string, object?>.Empty.Add("a", "s")));
    }

    [Test]
    public void Values_come_back_as_declared() => Assert.Multiple(() =>
    {
        Assert.That(Convert<double>("3.5"), Is.EqualTo(3.5));
        Assert.That(Convert<bool>("true"), Is.True);
        Assert.That(Convert<string?>("null"), Is.Null);
        Assert.That(Convert<ImmutableDictionary<string, string>>("""{"a":"b"}"""), Is.EqualTo(new Dictionary<string, string> { ["a"] = "b" }));
        Assert.That(Convert<ImmutableDictionary<string, string>?>("null"), Is.Null);
        Assert.That(Convert<object>("[1]"), Is.EqualTo(new object[] { 1.0 }));
    });

    [Test]
    public void Outputs_of_other_types_are_refused_by_name() => Assert.Multiple(() =>
    {
        Assert.That(() => Convert<int>("3"), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("p: outputs of the type System.Int32 are not part of the embedded SDK"));
        Assert.That(() => Convert<int?>("null"), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => Convert<ImmutableArray<string>>("""["a"]"""), Throws.TypeOf<NotSupportedException>());
    });

    [TestCase("""{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","assets":{}}""", "0def7320c3a5731c473e5ecbe6d01bc7")]
    [TestCase("""{"4dabf18193072939515e22adb298388d":"c44067f5952c0a294b673a41bacd8c17","text":"x"}""", "c44067f5952c0a294b673a41bacd8c17")]
    public void Files_that_are_no_folder_are_refused(string json, string signature) =>
        Assert.That(() => Read(json), Throws.TypeOf<NotSupportedException>().With.Message.Contains(signature));

    private static Deserialized Read(string json) =>
        Deserializer.Deserialize(Value.Parser.ParseJson(json), _ => throw new AssertionException("no reference was expected"));

    private static T Convert<T>(string json) => Converter.Convert<T>("p", Read(json).Value, null!);

    [EnumType]
    private readonly struct Level
    {
        private readonly string _value;

        private Level(string value) => _value = value;

        public static Level High { get; } = new("high");

        public static explicit operator string(Level value) => value._value;
    }

    private sealed class Args : ResourceArgs
    {
        [Input("text")]
        public Input<string>? Text { get; set; }

        [Input("level")]
        public Input<Level>? Level { get; set; }
    }

    private sealed class JsonArgs : ResourceArgs
    {
        [field: Input("map", json: true)]
        public InputMap<string> Map => field ??= [];
    }
}
