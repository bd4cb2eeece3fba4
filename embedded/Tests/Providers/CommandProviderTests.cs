using System.Diagnostics;
using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;
using MesosStack.Embedded.Providers.Command;
using static MesosStack.Embedded.Tests.Providers.Requests;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>Against a real sshd on loopback.</summary>
[TestFixture]
internal sealed class CommandProviderTests
{
    private static readonly ResourceKey Command = Key("command:remote:Command", "master-1-apply");

    private readonly CommandProvider _provider = new();
    private Sshd _sshd = null!;

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

    [Test]
    public async Task Create_runs_the_command_and_keeps_both_outputs_without_one_newline()
    {
        var created = await CreateAsync(("create", "printf 'a\\nb\\n\\n'; echo oops >&2"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(created.Outputs["stdout"], Is.EqualTo((PropertyValue)"a\nb\n"));
            Assert.That(created.Outputs["stderr"], Is.EqualTo((PropertyValue)"oops"));
            Assert.That(created.Id, Does.Match("^master-1-apply[0-9a-f]{8}$"));
            Assert.That(created.Outputs["connection"], Is.InstanceOf<PropertyValue.Secret>());
        }
    }

    [Test]
    public async Task Many_at_once_finish_together()
    {
        await CreateAsync(("create", "true"));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => CreateAsync(("create", "sleep 1"))));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(6)));
    }

    private Task<CreateResult> CreateAsync(params (string, PropertyValue)[] inputs) =>
        _provider.CreateAsync(Create(Command, Inputs(inputs)), CancellationToken.None);

    private PropertyMap Inputs(params (string, PropertyValue)[] inputs) => Map([("connection", Connection()), .. inputs]);

    private PropertyValue.Secret Connection(params (string, PropertyValue)[] more) =>
        new(Obj([("host", "127.0.0.1"), ("port", _sshd.Port), ("privateKey", _sshd.PrivateKey), .. more]));
}
