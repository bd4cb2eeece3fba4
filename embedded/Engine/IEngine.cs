namespace MesosStack.Embedded.Engine;

/// <summary>Runs operations. One instance serves one operation at a time.</summary>
public interface IEngine
{
    /// <summary>Runs an operation to its end. Failures of resources or of the program are told as events and in the result, not thrown.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="events">Takes the news, called from one thread at a time, with no lock held; all were taken when this ends. It ends with what this throws.</param>
    /// <param name="cancellation">Asks to stop: no new steps; running ones end and are saved, but after a while nobody waits any longer for a host that does not answer.</param>
    /// <exception cref="IOException">The state could not be saved.</exception>
    /// <exception cref="Exception">What <see cref="Operation.ProvidersReady"/> failed with. No provider has changed anything then.</exception>
    Task<OperationResult> RunAsync(Operation operation, Action<EngineEvent> events, CancellationToken cancellation);
}
