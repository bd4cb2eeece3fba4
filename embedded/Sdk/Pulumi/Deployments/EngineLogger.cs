using Pulumirpc;

namespace Pulumi.Deployments;

/// <summary>
/// Sends messages to the engine one after the other, in the order in which they were given; one about a resource that is
/// still being made takes its turn once the resource has its URN, and holds up no other.
/// </summary>
internal sealed class EngineLogger(Deployment deployment, IEngine engine)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Whether any error was logged.</summary>
    public bool ErrorsLogged { get; private set; }

    /// <summary>Sends a message; the program waits for it at its end.</summary>
    public void Log(LogSeverity severity, string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null) =>
        deployment.Runner.Register(LogAsync(severity, message, resource, streamId, ephemeral));

    /// <summary>Sends a message.</summary>
    /// <exception cref="LogException">The engine could not be reached.</exception>
    public async Task LogAsync(LogSeverity severity, string message, Resource? resource = null, int? streamId = null, bool? ephemeral = null)
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
        return urn.IsCompletedSuccessfully ? (await urn).Value : "";
    }
}
