using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MesosStack.Embedded.Lab;

/// <summary>A web server that reads no settings: the usual builders watch their content folder for them, which took seconds here.</summary>
internal static class PlainServer
{
    public static WebApplicationBuilder CreateBuilder(IPAddress address, int port, Action<ListenOptions>? connections = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address, port, connections ?? (_ => { })));
        builder.Services.AddRouting();
        return builder;
    }
}
