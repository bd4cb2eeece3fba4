using MesosStack.Embedded.Engine;

namespace MesosStack.Embedded.Cli.Display;

/// <summary>Shows an operation while it runs.</summary>
internal interface IOperationDisplay : IAsyncDisposable
{
    /// <summary>Takes an event; called from one thread at a time.</summary>
    void Show(EngineEvent news);
}
