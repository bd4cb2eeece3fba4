using Grpc.Core;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Execution;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Ends a run because of what its program asks for. The engine tells the reason itself: in the stack trace of the program it would be hard to find.</summary>
internal sealed class Refuser(EventSink events, RunControl control)
{
    private readonly Lock _turn = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Tells a refusal, and what to answer the program with.</summary>
    public RpcException Refuse(string reason) => Refuse(new Status(StatusCode.FailedPrecondition, reason));

    /// <summary>Tells the refusal of a call such as <c>ResourceMonitor.Invoke</c>.</summary>
    public RpcException RefuseCall(string call, string of = "") => Refuse(Refusals.OfCall(call, of));

    /// <summary>Tells a refusal, and what to answer the program with. Each is told once, however often the program asks.</summary>
    public RpcException Refuse(Status status)
    {
        bool first;
        lock (_turn)
        {
            first = _told.Add(status.Detail);
        }

        if (first)
        {
            events.Tell(DiagnosticSeverity.Error, "", status.Detail);
        }

        control.Fail();
        return new RpcException(status);
    }
}
