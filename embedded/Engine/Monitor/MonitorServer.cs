using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pulumirpc;

namespace MesosStack.Embedded.Engine.Monitor;

/// <summary>Serves the program over gRPC, in clear on the loopback interface, on a port that the system chooses.</summary>
internal sealed class MonitorServer : IAsyncDisposable
{
    // The official engine's limit.
    private const int MaxMessageSize = 400 * 1024 * 1024;

    // A registration keeps its HTTP/2 stream until its steps are done, and a program may register any number of resources at once.
    private const int MaxRegistrations = 100_000;

    private static readonly HashSet<string> Known =
    [
        .. new[] { ResourceMonitor.Descriptor, Pulumirpc.Engine.Descriptor }.SelectMany(service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}")),
    ];

    private readonly WebApplication _application;

    private MonitorServer(WebApplication application) => _application = application;

    /// <summary>Where it listens, <c>host:port</c>.</summary>
    public string Address => new Uri(_application.Urls.First()).Authority;

    /// <summary>Starts serving.</summary>
    public static async Task<MonitorServer> StartAsync(MonitorService monitor, EngineService engine, Refuser refuser)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxRegistrations;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageSize;
            grpc.MaxSendMessageSize = MaxMessageSize;
        });
        builder.Services.AddSingleton(monitor).AddSingleton(engine).AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

        var application = builder.Build();
        application.Use((context, next) => RefuseUnknownAsync(context, next, refuser));
        application.UseRouting();
        application.MapGrpcService<MonitorService>();
        application.MapGrpcService<EngineService>();
        await application.StartAsync();
        return new MonitorServer(application);
    }

    // A call that the protocol's slice does not have. Without this the program would see a bare "unimplemented".
    private static Task RefuseUnknownAsync(HttpContext context, RequestDelegate next, Refuser refuser)
    {
        if (context.Request.Path.Value is not { } path || Known.Contains(path))
        {
            return next(context);
        }

        var refusal = refuser.RefuseCall(path.Split('.')[^1].Replace('/', '.'));
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(refusal.Status.Detail);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    // The server runs as long as its operation and does not react to signals.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
