using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MesosStack.Embedded.Engine.Events;
using MesosStack.Embedded.Engine.Execution;
using Pulumirpc;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Takes what the program has to say.</summary>
internal sealed class EngineService(EventSink events, Refuser refuser, RunControl control) : Pulumirpc.Engine.EngineBase
{
    /// <inheritdoc />
    public override Task<Empty> Log(LogRequest request, ServerCallContext context)
    {
        var severity = request.Severity switch
        {
            LogSeverity.Debug => DiagnosticSeverity.Debug,
            LogSeverity.Info => DiagnosticSeverity.Info,
            LogSeverity.Warning => DiagnosticSeverity.Warning,

            // The engine has reported the failure already. The program only sees that the connection ended, and logs that, too.
            _ => control.Failed ? DiagnosticSeverity.Debug : DiagnosticSeverity.Error,
        };
        events.Tell(severity, request.Urn, request.Message, request.Ephemeral);
        return Task.FromResult(new Empty());
    }

    /// <inheritdoc />
    public override Task<Empty> RequirePulumiVersion(RequirePulumiVersionRequest request, ServerCallContext context) =>
        throw refuser.RefuseCall("Engine.RequirePulumiVersion", $" '{request.PulumiVersionRange}'");

    /// <inheritdoc />
    public override Task<Empty> GetRootResource(Empty request, ServerCallContext context) => throw refuser.RefuseCall("Engine.GetRootResource");

    /// <inheritdoc />
    public override Task<Empty> SetRootResource(Empty request, ServerCallContext context) => throw refuser.RefuseCall("Engine.SetRootResource");

    /// <inheritdoc />
    public override Task<Empty> StartDebugging(Empty request, ServerCallContext context) => throw refuser.RefuseCall("Engine.StartDebugging");
}
