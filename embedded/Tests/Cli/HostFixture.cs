using NUnit.Framework;

namespace MesosStack.Embedded.Tests.Cli;

/// <summary>Tests of commands, each with a host of its own.</summary>
internal abstract class HostFixture
{
    protected FakeHost _host = null!;

    [SetUp]
    public void MakeHost() => _host = new FakeHost();

    [TearDown]
    public void RemoveHost() => _host.Dispose();
}
