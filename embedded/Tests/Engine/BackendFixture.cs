using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>A backend in a folder of its own for each test.</summary>
internal abstract class BackendFixture
{
    protected Scratch Folder { get; private set; } = null!;

    protected FileBackend Backend { get; private set; } = null!;

    protected string StateFile => Backend.StackFile("try", "lab");

    [SetUp]
    public void SetUp()
    {
        Folder = new Scratch();
        Backend = new FileBackend(Folder.Path);
    }

    [TearDown]
    public void TearDown() => Folder.Dispose();

    protected Task<StackStore> OpenAsync() => OpenAsync(States.Vault, States.Salt);

    protected Task<StackStore> OpenAsync(PassphraseVault vault, string? salt) => Backend.OpenAsync("try", "lab", vault, salt, CancellationToken.None);
}
