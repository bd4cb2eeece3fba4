using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Around every request: headers, the token, and errors in the API's own form.</summary>
/// <param name="log">Where unexpected errors go.</param>
internal sealed class Answers(Action<string> log)
{
    private const int HourlyLimit = 5000;
    private readonly Meter meter = new();

    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var requestId = Guid.NewGuid().ToString();
        var (remaining, reset) = meter.Count();
        context.Response.Headers["ratelimit-limit"] = HourlyLimit.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["ratelimit-remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["ratelimit-reset"] = reset.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["x-request-id"] = requestId;
        try
        {
            // Whoever creates droplets can become root on this machine, and every user can connect to a loopback port.
            var part = context.Request.Path.StartsWithSegments("/v2");
            if (part && context.Features.Get<Caller>() is not { MayMakeHosts: true })
            {
                throw ApiException.Forbidden("The lab's API is for root of this machine only: whoever makes droplets has the rights of root here. Use sudo.");
            }

            var authorization = context.Request.Headers.Authorization.ToString();
            if (part && !(authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && authorization.Length > "Bearer ".Length))
            {
                throw new ApiException(401, "unauthorized", "Unable to authenticate you");
            }

            await next(context);
            if (context.Response is { StatusCode: 405, HasStarted: false })
            {
                throw new ApiException(405, "method_not_allowed", "The lab does not have this part of the API. " + ApiServer.Label);
            }
        }
        catch (ApiException e)
        {
            await ErrorAsync(e.Status, e.Id, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await ErrorAsync(400, "bad_request", e.InnerException?.Message ?? e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log($"{context.Request.Method} {context.Request.Path}: {e}");
            await ErrorAsync(500, "server_error", "Unexpected error in the lab: " + e.Message);
        }

        Task ErrorAsync(int status, string id, string message)
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { id, message, request_id = requestId });
        }
    }

    /// <summary>Counts the requests of the running hour for the rate limit headers; the lab limits nobody.</summary>
    private sealed class Meter
    {
        private readonly Lock gate = new();
        private long hour;
        private int count;

        public (int Remaining, long Reset) Count()
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            lock (gate)
            {
                count = now / 3600 == hour ? count + 1 : 1;
                hour = now / 3600;
                return (Math.Max(1, HourlyLimit - count), (hour + 1) * 3600);
            }
        }
    }
}
