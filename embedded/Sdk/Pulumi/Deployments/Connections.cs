using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Pulumirpc;

namespace Pulumi.Deployments;

/// <summary>The engine's side of a deployment, as far as messages go.</summary>
internal interface IEngine
{
    Task LogAsync(LogRequest request);
}

/// <summary>The engine's side of a deployment, as far as resources go.</summary>
internal interface IMonitor
{
    Task<bool> SupportsFeatureAsync(string id);

    Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request);

    Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request);

    Task SignalAndWaitForShutdownAsync();

    /// <summary>The resource that a reference on the wire means.</summary>
    Resource Resolve(string urn);
}

/// <summary>An engine behind gRPC in clear text; engine and monitor may be one address.</summary>
internal sealed class GrpcConnection : IEngine, IMonitor
{
    private const int MaximalMessageBytes = 400 * 1024 * 1024;

    private readonly Engine.EngineClient _engine;
    private readonly ResourceMonitor.ResourceMonitorClient _monitor;

    public GrpcConnection(string engineAddress, string monitorAddress)
    {
        var monitor = Open(monitorAddress);
        _monitor = new(monitor);
        _engine = new(engineAddress == monitorAddress ? monitor : Open(engineAddress));
    }

    public async Task LogAsync(LogRequest request) => await _engine.LogAsync(request);

    public async Task<bool> SupportsFeatureAsync(string id) =>
        (await _monitor.SupportsFeatureAsync(new SupportsFeatureRequest { Id = id })).HasSupport;

    public async Task<RegisterResourceResponse> RegisterResourceAsync(Resource resource, RegisterResourceRequest request) =>
        await _monitor.RegisterResourceAsync(request);

    public async Task RegisterResourceOutputsAsync(RegisterResourceOutputsRequest request) =>
        await _monitor.RegisterResourceOutputsAsync(request);

    public async Task SignalAndWaitForShutdownAsync()
    {
        try
        {
            await _monitor.SignalAndWaitForShutdownAsync(new Empty());
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            // An older engine takes the end of the process for the signal.
        }
    }

    public Resource Resolve(string urn) =>
        throw new NotSupportedException($"a reference to {urn} came back, but reading resources is not part of the embedded SDK");

    private static GrpcChannel Open(string address) => GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions
    {
        MaxReceiveMessageSize = MaximalMessageBytes,
        MaxSendMessageSize = MaximalMessageBytes,
        // Registrations wait for their resource, so there may be more of them at a time than one connection carries.
        HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true },
    });
}
