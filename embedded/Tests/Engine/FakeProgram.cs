using Grpc.Core;
using Grpc.Net.Client;
using Google.Protobuf.WellKnownTypes;
using MesosStack.Embedded.Engine;
using MesosStack.Embedded.Engine.Launch;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Engine;

/// <summary>Plays a program in this process: registers over gRPC as an SDK does, with the SDK's exit codes.</summary>
internal sealed class FakeProgram(Func<FakeProgram.Session, Task> body) : IProgramHost
{
    /// <summary>The variables of the last start.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>What the program failed with; null where it did not.</summary>
    public RpcException? Error { get; private set; }

    /// <summary>Ends without saying so: exits without the last call.</summary>
    public bool SkipsSignal { get; init; }

    public IRunningProgram Start(ProgramCommand command, IReadOnlyDictionary<string, string> environment, Action<string, bool> output)
    {
        Environment = environment;
        return new Running(RunAsync(environment, output));
    }

    private async Task<int> RunAsync(IReadOnlyDictionary<string, string> environment, Action<string, bool> output)
    {
        await Task.Yield();
        using var channel = GrpcChannel.ForAddress("http://" + environment["PULUMI_MONITOR"]);
        var session = new Session(new ResourceMonitor.ResourceMonitorClient(channel), new Pulumirpc.Engine.EngineClient(channel), environment["PULUMI_MONITOR"], output);
        try
        {
            session.Stack = await session.RegisterAsync(new RegisterResourceRequest
            {
                Type = "pulumi:pulumi:Stack",
                Name = $"{environment["PULUMI_PROJECT"]}-{environment["PULUMI_STACK"]}",
            });
            await body(session);
            if (!SkipsSignal)
            {
                await session.Monitor.SignalAndWaitForShutdownAsync(new Empty());
            }

            return 0;
        }
        catch (RpcException e)
        {
            Error = e;
            await session.Engine.LogAsync(new LogRequest { Severity = LogSeverity.Error, Message = "Running program failed: " + e.Status.Detail });
            return 32;
        }
        catch (ExitException e)
        {
            return e.Code;
        }
    }

    /// <summary>Ends the program with an exit code.</summary>
    public sealed class ExitException(int code) : Exception
    {
        public int Code { get; } = code;
    }

    private sealed class Running(Task<int> exit) : IRunningProgram
    {
        public Task<int> Exit => exit;

        public async ValueTask DisposeAsync() => await exit;
    }

    /// <summary>One run of the program.</summary>
    internal sealed class Session(ResourceMonitor.ResourceMonitorClient monitor, Pulumirpc.Engine.EngineClient engine, string address, Action<string, bool> output)
    {
        public ResourceMonitor.ResourceMonitorClient Monitor => monitor;

        public Pulumirpc.Engine.EngineClient Engine => engine;

        /// <summary>Where both listen.</summary>
        public string Address => address;

        public Registered Stack { get; set; } = null!;

        public void Print(string line) => output(line, false);

        public Task<Registered> ThingAsync(string name, params (string Key, PropertyValue Value)[] inputs) => ThingAsync(name, _ => { }, inputs);

        /// <summary>Registers a custom resource.</summary>
        public Task<Registered> ThingAsync(string name, Action<RegisterResourceRequest> options, params (string Key, PropertyValue Value)[] inputs)
        {
            var request = new RegisterResourceRequest
            {
                Type = "test:index:Thing",
                Name = name,
                Custom = true,
                Parent = Stack.Urn,
                Version = "1.2.3",
                Object = PropertyCodec.ToStruct(PropertyMap.From(inputs.Select(i => KeyValuePair.Create(i.Key, i.Value)))),
            };
            options(request);
            return RegisterAsync(request);
        }

        public Task<Registered> ComponentAsync(string name, string? parent = null, Action<RegisterResourceRequest>? options = null)
        {
            var request = new RegisterResourceRequest { Type = "my:index:Component", Name = name, Parent = parent ?? Stack.Urn };
            options?.Invoke(request);
            return RegisterAsync(request);
        }

        public async Task OutputsAsync(string urn, params (string Key, PropertyValue Value)[] outputs) =>
            await monitor.RegisterResourceOutputsAsync(new RegisterResourceOutputsRequest
            {
                Urn = urn,
                Outputs = PropertyCodec.ToStruct(PropertyMap.From(outputs.Select(o => KeyValuePair.Create(o.Key, o.Value)))),
            });

        public async Task<Registered> RegisterAsync(RegisterResourceRequest request)
        {
            request.AcceptSecrets = true;
            request.AcceptResources = true;
            request.SupportsResultReporting = true;
            request.Hooks = new RegisterResourceRequest.Types.ResourceHooksBinding();
            var response = await monitor.RegisterResourceAsync(request);
            return new Registered(response.Urn, response.Id, PropertyCodec.FromStruct(response.Object));
        }
    }

    /// <summary>A registered resource.</summary>
    internal sealed record Registered(string Urn, string Id, PropertyMap Outputs);
}
