using System.Net;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>Gives a droplet another size. It changes only while the droplet is off.</summary>
internal sealed class DropletResize(DropletActions actions, TimeProvider time)
{
    // The time to start a droplet after a resize. It does not count against the limit of the update, because the droplet would stay off.
    private static readonly TimeSpan TimeToStart = TimeSpan.FromMinutes(2);

    /// <summary>Switches off, resizes and starts again. The droplet is started whether the resize went well or not, in time of its own.</summary>
    /// <exception cref="ProviderException">It was not resized, or not started again.</exception>
    public async Task RunAsync(string id, string size, bool withDisk, Action<string> status, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            await SwitchOffAsync(id, status, cancellation);
            await actions.RunAsync(id, new JsonObject { ["type"] = "resize", ["size"] = size, ["disk"] = withDisk }, status, cancellation);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        using var limit = new CancellationTokenSource(TimeToStart, time);
        try
        {
            await StartAsync(id, status, limit.Token);
        }
        catch (Exception e) when (e is ProviderException or OperationCanceledException)
        {
            var before = failure?.SourceException switch
            {
                null => "it was resized",
                OperationCanceledException => "its resize was not waited for to the end",
                var reason => reason.Message,
            };
            throw new ProviderException($"{before}; then it could not be started again ({(e is OperationCanceledException ? $"not within {TimeToStart}" : e.Message)}), which the next update tries once more", e);
        }

        failure?.Throw();
    }

    /// <summary>Starts the droplet if it is off, and waits until it is active.</summary>
    public async Task StartAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        if (await IsOffAsync(id, status, cancellation))
        {
            await actions.RunAsync(id, new JsonObject { ["type"] = "power_on" }, status, cancellation);
        }

        await actions.ActiveAsync(id, status, cancellation);
    }

    private async Task SwitchOffAsync(string id, Action<string> status, CancellationToken cancellation)
    {
        if (await IsOffAsync(id, status, cancellation))
        {
            return;
        }

        try
        {
            await actions.RunAsync(id, new JsonObject { ["type"] = "power_off" }, status, cancellation);
        }
        catch (DigitalOceanException e) when (e.Status == HttpStatusCode.UnprocessableEntity)
        {
            // Somebody may have switched it off in between, which the API refuses to do again.
            if (!await IsOffAsync(id, status, cancellation))
            {
                throw;
            }
        }
    }

    private async Task<bool> IsOffAsync(string id, Action<string> status, CancellationToken cancellation) =>
        (await actions.IdleAsync(id, status, cancellation)).Text("status") == "off";
}
