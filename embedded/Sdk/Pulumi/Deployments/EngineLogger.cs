using Pulumirpc;

namespace Pulumi.Deployments;

/// <summary>
/// Sends messages to the engine one after the other, in the order in which they were given; one about a resource that is
/// still being made takes its turn once the resource has its URN, and holds up no other.
/// </summary>
internal sealed class EngineLogger(Deployment deployment, IEngine engine)
{
    // How long a message waits for its resource's URN. A program that has failed must not wait for a create of several minutes.
    private static readonly TimeSpan WaitForUrn = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Whether any error was logged.</summary>
    public bool ErrorsLogged { get; private set; }

    /// <summary>Sends the message with which the program ends.</summary>
    /// <exception cref="LogException">The engine could not be reached.</exception>
    public async Task LogLastAsync(string message, Resource? resource)
    {
        if (resource is not null)
        {
            await Task.WhenAny(resource.Urn.Data, Task.Delay(WaitForUrn));
        }

        await LogAsync(LogSeverity.Error, message, resource is { Urn.Data.IsCompletedSuccessfully: true } ? resource : null);
    }

    /// <summary>Sends a message; the program waits for it at its end.</summary>
    public void Log(LogSeverity severity, string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        deployment.Runner.Register(LogAsync(severity, message, resource, streamId, ephemeral));

    private async Task LogAsync(LogSeverity severity, string message, Resource? resource, int? streamId = null, bool? ephemeral = null)
    {
        if (severity == LogSeverity.Error)
        {
            ErrorsLogged = true;
        }

        var request = new LogRequest
        {
            Severity = severity,
            Message = message,
            Urn = await UrnAsync(resource),
            StreamId = streamId ?? 0,
            Ephemeral = ephemeral ?? false,
        };
        Task turn;
        lock (_lock)
        {
            turn = _last = SendAfterAsync(_last, request);
        }

        await turn;
    }

    private async Task SendAfterAsync(Task previous, LogRequest request)
    {
        try
        {
            await previous;
            await engine.LogAsync(request);
        }
        catch (Exception e) when (e is not LogException)
        {
            throw new LogException(e);
        }
    }

    // A resource whose registration failed has no URN; its message must get through nonetheless.
    private static async Task<string> UrnAsync(Resource? resource)
    {
        if (resource is null)
        {
            return "";
        }

        var urn = resource.Urn.Data;
        await ((Task)urn).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return urn.IsCompletedSuccessfully ? urn.Result.Value : "";
    }
}
