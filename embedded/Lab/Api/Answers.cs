using Microsoft.AspNetCore.Http;

namespace MesosStack.Embedded.Lab.Api;

/// <summary>Around every request: who may call, the token, and errors in the API's own form.</summary>
/// <param name="log">Where unexpected errors go.</param>
internal sealed class Answers(Action<string> log)
{
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
            {
                RequireRoot(context);
                RequireToken(context.Request);
            }

            await next(context);
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
            return context.Response.WriteAsJsonAsync(new { id, message });
        }
    }

    /// <summary>Whoever creates droplets can become root on this machine, and every user can connect to a loopback port.</summary>
    private static void RequireRoot(HttpContext context)
    {
        if (context.Features.Get<Caller>() is not { MayMakeHosts: true })
        {
            throw ApiException.Forbidden("The lab's API is for root of this machine only: whoever makes droplets has the rights of root here. Use sudo.");
        }
    }

    private static void RequireToken(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || authorization.Length <= "Bearer ".Length)
        {
            throw new ApiException(401, "unauthorized", "Unable to authenticate you");
        }
    }
}
