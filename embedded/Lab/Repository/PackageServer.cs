using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;

namespace MesosStack.Embedded.Lab.Repository;

/// <summary>Serves the package repositories to the droplets.</summary>
internal static class PackageServer
{
    /// <summary>Makes the server; the caller starts and disposes it.</summary>
    public static WebApplication Create(string root, IPAddress address, int port)
    {
        var builder = PlainServer.CreateBuilder(address, port);
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(root),
            ServeUnknownFileTypes = true,
            DefaultContentType = "application/octet-stream",
        });
        app.MapGet("/", () => Results.Text(
            "Packages of the MesosStack lab: /debian (zookeeper), /mesosphere (stand-ins, not the real Mesos), both signed by /mesosphere.asc\n"));
        return app;
    }
}
