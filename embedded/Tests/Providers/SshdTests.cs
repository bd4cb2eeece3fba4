using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>Tests of a resource of the provider <c>command</c> against a real sshd on loopback.</summary>
internal abstract class SshdTests(ResourceKey resource)
{
    protected readonly CommandProvider _provider = new();
    protected Sshd _sshd = null!;

    [OneTimeSetUp]
    public async Task StartSshd()
    {
        if (Sshd.Hindrance is { } why)
        {
            Assert.Ignore(why);
        }

        _sshd = await Sshd.StartAsync();
    }

    [OneTimeTearDown]
    public void StopSshd() => _sshd?.Dispose();

    protected async Task<IEnumerable<string>> FaultsAsync(PropertyMap inputs) =>
        (await _provider.CheckAsync(new CheckRequest(resource, null, inputs), CancellationToken.None)).Faults.Select(f => f.Property);

    protected PropertyValue.Secret Connection(params (string Key, PropertyValue Value)[] more) => new(new PropertyValue.Object(more.Aggregate(
        Map(("host", "127.0.0.1"), ("port", _sshd.Port), ("privateKey", _sshd.PrivateKey)),
        (connection, field) => connection.With(field.Key, field.Value))));
}
