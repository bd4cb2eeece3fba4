using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MesosStack.Embedded.Engine.Execution;
using MesosStack.Embedded.Engine.Planning;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Takes the program's registrations.</summary>
internal sealed class MonitorService(Registrar registrar, ArchiveReader archives, Refuser refuser, RunControl control) : ResourceMonitor.ResourceMonitorBase
{
    private readonly TaskCompletionSource _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the program has said that it has declared everything.</summary>
    public Task Signalled => _signalled.Task;

    /// <summary>Lets the program end.</summary>
    public void Release() => _released.TrySetResult();

    /// <inheritdoc />
    public override Task<SupportsFeatureResponse> SupportsFeature(SupportsFeatureRequest request, ServerCallContext context) =>
        Refusals.OfFeature(request.Id) is { } refusal
            ? throw refuser.Refuse(refusal)
            : Task.FromResult(new SupportsFeatureResponse { HasSupport = RegistrationReader.Features.Contains(request.Id) });

    /// <inheritdoc />
    public override async Task<RegisterResourceResponse> RegisterResource(RegisterResourceRequest request, ServerCallContext context)
    {
        var goal = Checked(() => RegistrationReader.Read(request, archives));
        try
        {
            return Respond(await registrar.RegisterAsync(goal), request);
        }
        catch (OperationCanceledException)
        {
            throw Unavailable();
        }
    }

    /// <inheritdoc />
    public override Task<Empty> RegisterResourceOutputs(RegisterResourceOutputsRequest request, ServerCallContext context)
    {
        if (control.Stopping.IsCancellationRequested)
        {
            throw Unavailable();
        }

        Checked(() =>
        {
            registrar.RegisterOutputs(request.Urn, archives.WithHashes(PropertyCodec.FromStruct(request.Outputs)));
            return true;
        });
        return Task.FromResult(new Empty());
    }

    /// <inheritdoc />
    public override async Task<Empty> SignalAndWaitForShutdown(Empty request, ServerCallContext context)
    {
        if (!_signalled.TrySetResult())
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "the program waits for the end already"));
        }

        await _released.Task.WaitAsync(context.CancellationToken);
        return new Empty();
    }

    /// <inheritdoc />
    public override Task<Empty> Invoke(ResourceInvokeRequest request, ServerCallContext context) => throw refuser.Refuse(Refusals.OfInvoke(request));

    /// <inheritdoc />
    public override Task<Empty> Call(ResourceCallRequest request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.Call", $" of {request.Tok}");

    /// <inheritdoc />
    public override Task<Empty> ReadResource(ReadResourceRequest request, ServerCallContext context) => throw refuser.Refuse(Refusals.OfRead(request));

    /// <inheritdoc />
    public override Task<Empty> RegisterStackTransform(Callback request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.RegisterStackTransform");

    /// <inheritdoc />
    public override Task<Empty> RegisterStackInvokeTransform(Callback request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.RegisterStackInvokeTransform");

    /// <inheritdoc />
    public override Task<Empty> RegisterResourceHook(RegisterHookRequest request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.RegisterResourceHook", $" '{request.Name}'");

    /// <inheritdoc />
    public override Task<Empty> RegisterErrorHook(RegisterHookRequest request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.RegisterErrorHook", $" '{request.Name}'");

    /// <inheritdoc />
    public override Task<Empty> RegisterPackage(RegisterPackageRequest request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.RegisterPackage", $" of '{request.Name}'");

    /// <inheritdoc />
    public override Task<Empty> GetDeploymentInfo(Empty request, ServerCallContext context) => throw refuser.RefuseCall("ResourceMonitor.GetDeploymentInfo");

    private static RpcException Unavailable() =>
        new(new Status(StatusCode.Unavailable, "the operation stops; no more registrations are taken"));

    private static RegisterResourceResponse Respond(ResourceState state, RegisterResourceRequest request)
    {
        var response = new RegisterResourceResponse { Urn = state.Urn, Id = state.Id, Object = new Struct() };
        if (!state.Custom)
        {
            return response;
        }

        var outputs = request.SupportsPartialValues
            ? state.Outputs
            : PropertyMap.From(state.Outputs.Where(o => !o.Value.ContainsUnknown));
        response.Object = PropertyCodec.ToStruct(request.AcceptSecrets ? outputs : outputs.Unwrapped());
        return response;
    }

    private T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is RpcException or PlanningException or FormatException)
        {
            throw refuser.Refuse(e is RpcException rpc ? rpc.Status : new Status(StatusCode.InvalidArgument, e.Message));
        }
    }
}
