using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Random;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

[TestFixture]
internal sealed class RandomProviderTests
{
    private static readonly ResourceKey Bytes = Key("random:index/randomBytes:RandomBytes");
    private static readonly ResourceKey Id = Key("random:index/randomId:RandomId");

    private readonly RandomProvider _provider = new();

    [Test]
    public async Task Bytes_are_secret_and_the_id_says_nothing_of_them()
    {
        var created = await CreateAsync(Bytes, ("length", 32d));
        var base64 = Clear(created, "base64");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Outputs["base64"], Is.InstanceOf<PropertyValue.Secret>());
            Assert.That(created.Outputs["hex"], Is.InstanceOf<PropertyValue.Secret>());
            Assert.That(Convert.FromBase64String(base64), Has.Length.EqualTo(32));
            Assert.That(Convert.ToHexStringLower(Convert.FromBase64String(base64)), Is.EqualTo(Clear(created, "hex")));
            Assert.That(created.Id, Is.EqualTo("none"));
            Assert.That(Clear(await CreateAsync(Bytes, ("length", 32d)), "base64"), Is.Not.EqualTo(base64));
        }
    }

    [Test]
    public async Task An_id_has_the_same_bytes_in_every_form()
    {
        var created = await CreateAsync(Id, ("byteLength", 8d), ("prefix", "mesos-"));
        var bytes = Convert.FromHexString(Clear(created, "hex")["mesos-".Length..]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Clear(created, "b64Std"), Is.EqualTo("mesos-" + Convert.ToBase64String(bytes)));
            Assert.That(BigInteger.Parse(Clear(created, "dec")["mesos-".Length..], CultureInfo.InvariantCulture), Is.EqualTo(new BigInteger(bytes, isUnsigned: true, isBigEndian: true)));
            Assert.That(Clear(created, "b64Url"), Is.EqualTo("mesos-" + created.Id));
            Assert.That(created.Id, Does.Not.Contain("=").And.Not.Contain("+").And.Not.Contain("/"));
        }
    }

    [Test]
    public async Task Every_changed_input_replaces()
    {
        var before = Map(("length", 32d), ("keepers", Obj(("host", "a"))));
        var diff = await _provider.DiffAsync(new DiffRequest(Bytes, before, Map(("length", 16d), ("keepers", Obj(("host", "b"))))), CancellationToken.None);
        Assert.That(diff, Has.Count.EqualTo(2));
        Assert.That(diff["keepers.host"].Replaces && diff["length"].Replaces);
        Assert.That(await _provider.DiffAsync(new DiffRequest(Bytes, before, before), CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_preview_makes_nothing()
    {
        var created = await _provider.CreateAsync(Create(Bytes, Map(("length", 32d)), preview: true), CancellationToken.None);
        Assert.That(created.Id, Is.Empty);
        Assert.That(created.Outputs["hex"], Is.EqualTo(PropertyValue.NotKnown));
    }

    [Test]
    public async Task A_read_gives_back_what_the_state_has()
    {
        var outputs = Map(("length", 2d), ("hex", new PropertyValue.Secret("beef")));
        var read = await _provider.ReadAsync(new ReadRequest(Bytes, "none", Map(("length", 2d)), outputs), CancellationToken.None);
        Assert.That(read!.Outputs, Is.EqualTo(outputs));
    }

    [Test]
    public async Task Faults_name_the_property()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FaultsAsync(Bytes), Is.EqualTo(new[] { "length" }));
            Assert.That(await FaultsAsync(Bytes, ("length", 0d)), Is.EqualTo(new[] { "length" }));
            Assert.That(await FaultsAsync(Bytes, ("length", 1.5), ("size", 1d)), Is.EquivalentTo(new[] { "length", "size" }));
            Assert.That(await FaultsAsync(Bytes, ("length", PropertyValue.NotKnown)), Is.Empty);
        }
    }

    [Test]
    public void Another_kind_is_refused_by_name() =>
        Assert.That(() => CreateAsync(Key("random:index/randomPet:RandomPet")), Throws.InstanceOf<ProviderException>().With.Message.Contains("RandomPet"));

    private async Task<CreateResult> CreateAsync(ResourceKey key, params (string, PropertyValue)[] inputs) =>
        await _provider.CreateAsync(Create(key, Map(inputs)), CancellationToken.None);

    private async Task<IEnumerable<string>> FaultsAsync(ResourceKey key, params (string, PropertyValue)[] inputs) =>
        (await _provider.CheckAsync(new CheckRequest(key, null, Map(inputs)), CancellationToken.None)).Faults.Select(f => f.Property);

    private static string Clear(CreateResult created, string name) => ((PropertyValue.Text)created.Outputs[name].Unwrapped()).Value;
}
