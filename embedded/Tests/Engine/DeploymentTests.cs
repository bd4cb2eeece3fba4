using System.Text.Json.Nodes;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Pulumi's deployment v3 JSON.</summary>
internal sealed class DeploymentTests
{
    [TestCase(DeploymentForm.Checkpoint)]
    [TestCase(DeploymentForm.Export)]
    public void What_is_written_reads_back_the_same(DeploymentForm form)
    {
        var (read, _) = States.Read(States.Write(States.Full, States.Seals(), form));
        Assert.That(read.Salt, Is.EqualTo(States.Salt));
        Assert.That(read.Snapshot.Resources.Select(r => r.Urn), Is.EqualTo(States.Full.Resources.Select(r => r.Urn)));
        for (var i = 0; i < States.Full.Resources.Length; i++)
        {
            AssertSame(read.Snapshot.Resources[i], States.Full.Resources[i]);
        }

        Assert.That(read.Snapshot.PendingOperations, Has.Length.EqualTo(1));
        Assert.That(read.Snapshot.PendingOperations[0].Kind, Is.EqualTo(OperationKind.Creating));
        AssertSame(read.Snapshot.PendingOperations[0].Resource, States.Full.PendingOperations[0].Resource);
    }

    [Test]
    public void Secrets_never_stand_there_in_clear()
    {
        var json = States.Write(States.Full, States.Seals());
        Assert.That(json, Does.Not.Contain("hunter2hunter").And.Not.Contain("c0ffee").And.Not.Contain("matryoshka"));
        var hidden = States.Write(States.Full, States.Seals(), secrets: SecretsForm.Hidden);
        Assert.That(hidden, Does.Not.Contain("hunter2hunter").And.Not.Contain("c0ffee").And.Not.Contain("matryoshka").And.Contain("[secret]"));
    }

    [Test]
    public void Show_secrets_writes_plaintexts_as_json()
    {
        var json = JsonNode.Parse(States.Write(States.Full, States.Seals(), DeploymentForm.Export, SecretsForm.Clear))!;
        var secret = json["deployment"]!["resources"]![0]!["outputs"]!["password"]!;
        Assert.That((string?)secret[Signatures.Key], Is.EqualTo(Signatures.Secret));
        Assert.That((string?)secret["plaintext"], Is.EqualTo("\"hunter2hunter\""));
    }

    [Test]
    public void An_export_with_its_secrets_in_clear_is_read_whatever_sealed_them()
    {
        var json = JsonNode.Parse(States.Write(States.Full, States.Seals(), DeploymentForm.Export, SecretsForm.Clear))!;
        json["deployment"]!["secrets_providers"]!["type"] = "service";

        Assert.That(States.Read(json.ToJsonString()).Deployment.Snapshot.StackOutputs["password"], Is.EqualTo(new PropertyValue.Secret("hunter2hunter")));
    }

    [Test]
    public void An_unchanged_secret_keeps_its_ciphertext_and_a_changed_one_does_not()
    {
        var first = States.Write(States.Full, States.Seals());
        var (read, seals) = States.Read(first);
        Assert.That(States.Write(read.Snapshot, seals), Is.EqualTo(first));

        var stack = read.Snapshot.Resources[0];
        var changed = read.Snapshot with { Resources = read.Snapshot.Resources.SetItem(0, stack with { Outputs = stack.Outputs.With("password", new PropertyValue.Secret("another one")) }) };
        var (before, after) = (JsonNode.Parse(first)!["checkpoint"]!["latest"]!["resources"]!, JsonNode.Parse(States.Write(changed, seals))!["checkpoint"]!["latest"]!["resources"]!);
        Assert.That(after[0]!["outputs"]!["password"]!.ToJsonString(), Is.Not.EqualTo(before[0]!["outputs"]!["password"]!.ToJsonString()));
        Assert.That(after[2]!.ToJsonString(), Is.EqualTo(before[2]!.ToJsonString()));
    }

    [Test]
    public void Equal_secrets_in_two_places_do_not_look_equal()
    {
        var twice = new Snapshot([States.Stack with { Outputs = States.Map(("a", new PropertyValue.Secret("same")), ("b", new PropertyValue.Secret("same"))) }], []);
        var outputs = JsonNode.Parse(States.Write(twice, States.Seals()))!["checkpoint"]!["latest"]!["resources"]![0]!["outputs"]!;
        Assert.That((string?)outputs["a"]!["ciphertext"], Is.Not.EqualTo((string?)outputs["b"]!["ciphertext"]));
    }

    [Test]
    public void Sealed_text_is_the_json_of_the_value_and_its_check_opens()
    {
        var outputs = JsonNode.Parse(States.Write(States.Full, States.Seals()))!["checkpoint"]!["latest"]!["resources"]![0]!["outputs"]!;
        Assert.That(States.Vault.Open(States.Salt).Decrypt((string)outputs["password"]!["ciphertext"]!), Is.EqualTo("\"hunter2hunter\""));
    }

    [Test]
    public void A_checkpoint_is_compact_and_names_its_stack_and_writer()
    {
        var text = States.Write(States.Full, States.Seals());
        Assert.That(text, Does.Not.Contain('\n').And.Contain("<a&b>"));
        var json = JsonNode.Parse(text)!;
        Assert.That((int)json["version"]!, Is.EqualTo(3));
        Assert.That((string?)json["checkpoint"]!["stack"], Is.EqualTo("organization/try/lab"));
        var manifest = json["checkpoint"]!["latest"]!["manifest"]!;
        Assert.That((string?)manifest["magic"], Is.EqualTo(SnapshotIntegrity.Magic((string)manifest["version"]!)));
        Assert.That((string?)json["checkpoint"]!["latest"]!["secrets_providers"]!["type"], Is.EqualTo("passphrase"));
    }

    [Test]
    public void A_fresh_stack_of_the_official_cli_is_empty()
    {
        var (read, _) = States.Read("""{"version":3,"checkpoint":{"stack":"organization/try/lab"}}""");
        Assert.That(read.Snapshot.Resources, Is.Empty);
    }

    [Test]
    public void Members_that_the_engine_does_not_use_are_kept()
    {
        const string json = """{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z","magic":"","version":""},"snippets":{"a":[1]},"metadata":{},"resources":[{"urn":"u::p::t::n","custom":false,"type":"t","sourcePosition":"x","taint":true}]}}""";
        var (read, seals) = States.Read(json);
        Assert.That(read.Unused["snippets"], Is.EqualTo("""{"a":[1]}"""));
        Assert.That(read.Snapshot.Resources[0].Unused.Keys, Is.EqualTo(["sourcePosition", "taint"]));
        Assert.That(States.Write(read.Snapshot, seals), Does.Contain("\"sourcePosition\":\"x\",\"taint\":true"));
    }

    [TestCase("", "not valid JSON")]
    [TestCase("{\"version\":3", "not valid JSON")]
    [TestCase("{}", "no version")]
    [TestCase("""{"version":1,"checkpoint":{}}""", "version 1")]
    [TestCase("""{"version":3}""", "neither a checkpoint nor a deployment")]
    [TestCase("""{"version":4,"features":["hooks","taint"],"checkpoint":{}}""", "hooks, taint")]
    [TestCase("""{"version":3,"deployment":{"secrets_providers":{"type":"cloud","state":{}},"resources":[{"urn":"u","type":"t","inputs":{"a":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"c"}}}]}}""", "'cloud'")]
    [TestCase("""{"version":3,"deployment":{"manifest":{"magic":"00","version":"v3"}}}""", "magic")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"","type":"t"}]}}""", "no urn")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"u"}]}}""", "no type")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"u","type":"t","custom":"yes"}]}}""", "shape")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"u","type":"t","inputs":{"a":{"4dabf18193072939515e22adb298388d":"c44067f5952c0a294b673a41bacd8c17"}}}]}}""", "asset")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"u","type":"t","inputs":{"a":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"}}}]}}""", "without a ciphertext")]
    [TestCase("""{"version":3,"deployment":{"pending_operations":[{"type":"importing","resource":{"urn":"u","type":"t"}}]}}""", "importing")]
    [TestCase("""{"version":3,"deployment":{"resources":[{"urn":"u::p::t::n","type":"t","id":"1","custom":true,"external":true}]}}""", "u::p::t::n was only read")]
    public void What_cannot_be_used_is_refused_with_its_reason(string json, string reason) =>
        Assert.That(() => States.Read(json), Throws.TypeOf<StateException>().With.Message.Contain(reason));

    [Test]
    public void Every_fault_of_an_inconsistent_state_is_told()
    {
        var snapshot = new Snapshot(
            [
                States.Resource with { Dependencies = ["urn:missing"], DeletedWith = "urn:with" },
                States.Stack with { Id = "no" },
                States.Provider with { Id = "" },
                States.Stack,
            ],
            []);
        Assert.That(() => SnapshotIntegrity.Check(snapshot), Throws.TypeOf<StateException>()
            .With.Message.Contain("its parent urn:pulumi:lab::try::pulumi:pulumi:Stack::try-lab does not stand before it")
            .And.Message.Contain("its dependency urn:missing")
            .And.Message.Contain("urn:with")
            .And.Message.Contain("its provider")
            .And.Message.Contain("a component has no id")
            .And.Message.Contain("a provider needs an id")
            .And.Message.Contain("it stands there twice"));
    }

    [Test]
    public void Replaced_resources_may_stand_there_beside_the_new_one() =>
        Assert.That(() => SnapshotIntegrity.Check(States.Full), Throws.Nothing);

    private static void AssertSame(ResourceState read, ResourceState written)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Inputs, Is.EqualTo(written.Inputs));
            Assert.That(read.Outputs, Is.EqualTo(written.Outputs));
            Assert.That(read.Dependencies, Is.EqualTo(written.Dependencies));
            Assert.That(read.PropertyDependencies.Keys, Is.EqualTo(written.PropertyDependencies.Keys));
            Assert.That(read.PropertyDependencies.Values, Is.EqualTo(written.PropertyDependencies.Values));
            Assert.That(read.AdditionalSecretOutputs, Is.EqualTo(written.AdditionalSecretOutputs));
            Assert.That(read.IgnoreChanges, Is.EqualTo(written.IgnoreChanges));
            Assert.That(read.ReplaceOnChanges, Is.EqualTo(written.ReplaceOnChanges));
            Assert.That(read.InitErrors, Is.EqualTo(written.InitErrors));
            Assert.That(read.Unused, Is.EqualTo(written.Unused));

            // What is left compares by value.
            var bare = (ResourceState r) => r with
            {
                Inputs = PropertyMap.Empty,
                Outputs = PropertyMap.Empty,
                Dependencies = [],
                PropertyDependencies = States.Stack.PropertyDependencies,
                AdditionalSecretOutputs = [],
                IgnoreChanges = [],
                ReplaceOnChanges = [],
                InitErrors = [],
                Unused = States.Stack.Unused,
            };
            Assert.That(bare(read).ToString(), Is.EqualTo(bare(written).ToString()));
        }
    }
}
