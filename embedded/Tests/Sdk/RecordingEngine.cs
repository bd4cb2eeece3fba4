using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MesosStack.Embedded.Protocol;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>
/// An engine that answers every call with the least an engine may answer, and keeps what it was asked.
/// In a preview ids are unknown and properties with an unknown in them are left out, as the official engine does.
/// </summary>
internal sealed class RecordingEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<IMessage> _calls = [];
    private readonly List<RegisterResourceResponse> _answers = [];

    private RecordingEngine(bool preview)
    {
        Preview = preview;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<MonitorService>();
        _app.MapGrpcService<EngineService>();
    }

    public bool Preview { get; }

    /// <summary>Features this engine does not have.</summary>
    public HashSet<string> Missing { get; } = [];

    /// <summary>Changes an answer before it is given.</summary>
    public Action<RegisterResourceRequest, RegisterResourceResponse>? Answering { get; set; }

    /// <summary>Whether the engine has gone: every call fails.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it is so old that it does not know SignalAndWaitForShutdown.</summary>
    public bool IsOld { get; init; }

    /// <summary>What the program printed.</summary>
    public string Printed { get; private set; } = "";

    public IReadOnlyList<IMessage> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The answers to <see cref="Calls"/> that registered a resource.</summary>
    public IReadOnlyList<RegisterResourceResponse> Answers
    {
        get
        {
            lock (_lock)
            {
                return [.. _answers];
            }
        }
    }

    public static async Task<RecordingEngine> StartAsync(bool preview, bool isOld = false)
    {
        var engine = new RecordingEngine(preview) { IsOld = isOld };
        await engine._app.StartAsync();
        return engine;
    }

    /// <summary>Runs the test program to its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunProgramAsync(string mode = "", params (string Name, string? Value)[] variables)
    {
        var address = new Uri(_app.Urls.Single()).Authority;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MesosStack.Embedded.Tests.SdkProgram.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["PULUMI_MONITOR"] = address,
                ["PULUMI_ENGINE"] = address,
                ["PULUMI_PROJECT"] = "proj",
                ["PULUMI_STACK"] = "dev",
                ["PULUMI_DRY_RUN"] = Preview ? "true" : "false",
                ["PULUMI_QUERY_MODE"] = "false",
                ["PULUMI_PARALLEL"] = "4",
                ["PULUMI_CONFIG"] = """{"proj:pw":"hunter2"}""",
                ["PULUMI_CONFIG_SECRET_KEYS"] = """["proj:pw"]""",
                ["MODE"] = mode,
            },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        Printed = await output + await error;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Record(IMessage call)
    {
        if (IsGone)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the engine has gone"));
        }

        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    private RegisterResourceResponse Answer(RegisterResourceRequest request)
    {
        var parentType = request.Parent.Length > 0 && !request.Parent.Contains("::pulumi:pulumi:Stack::", StringComparison.Ordinal)
            ? request.Parent.Split("::")[2] + "$"
            : "";
        var response = new RegisterResourceResponse
        {
            Urn = $"urn:pulumi:dev::proj::{parentType}{request.Type}::{request.Name}",
            Object = new Struct(),
        };
        if (!request.Custom)
        {
            return response;
        }

        response.Id = Preview ? "" : $"{request.Name}-id";
        foreach (var (name, value) in request.Object.Fields)
        {
            if (!PropertyCodec.FromValue(value).ContainsUnknown)
            {
                response.Object.Fields[name] = value;
            }
        }

        if (!Preview)
        {
            response.Object.Fields["hex"] = Value.ForString("abcd");
            response.Object.Fields["stdout"] = Value.ForString("out");
        }

        return response;
    }

    private sealed class MonitorService(RecordingEngine engine) : ResourceMonitor.ResourceMonitorBase
    {
        public override Task<SupportsFeatureResponse> SupportsFeature(SupportsFeatureRequest request, ServerCallContext context)
        {
            engine.Record(request);
            return Task.FromResult(new SupportsFeatureResponse { HasSupport = !engine.Missing.Contains(request.Id) });
        }

        public override Task<RegisterResourceResponse> RegisterResource(RegisterResourceRequest request, ServerCallContext context)
        {
            engine.Record(request);
            var answer = engine.Answer(request);
            engine.Answering?.Invoke(request, answer);
            lock (engine._lock)
            {
                engine._answers.Add(answer);
            }

            return Task.FromResult(answer);
        }

        public override Task<Empty> RegisterResourceOutputs(RegisterResourceOutputsRequest request, ServerCallContext context)
        {
            engine.Record(request);
            return Task.FromResult(new Empty());
        }

        public override Task<Empty> SignalAndWaitForShutdown(Empty request, ServerCallContext context)
        {
            if (engine.IsOld)
            {
                return base.SignalAndWaitForShutdown(request, context);
            }

            engine.Record(request);
            return Task.FromResult(new Empty());
        }
    }

    private sealed class EngineService(RecordingEngine engine) : Engine.EngineBase
    {
        public override Task<Empty> Log(LogRequest request, ServerCallContext context)
        {
            engine.Record(request);
            return Task.FromResult(new Empty());
        }
    }
}
