using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace MesosStack.Embedded.Providers.DigitalOcean;

/// <summary>
/// DigitalOcean's REST API, version 2. A refusal for the rate limit (429) is waited out and tried again; a server's fault
/// (5xx), a broken connection or silence is tried again where a second time does no harm, that is for all but POST.
/// </summary>
internal sealed class DigitalOceanApi : IDisposable
{
    private const int Retries = 6;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _repeatable;
    private readonly ResiliencePipeline<HttpResponseMessage> _once;

    /// <summary>A client for one account.</summary>
    /// <param name="endpoint">Where the API is, without <c>/v2</c>.</param>
    /// <param name="token">The bearer token.</param>
    /// <param name="time">The clock of retries and time limits.</param>
    public DigitalOceanApi(Uri endpoint, string token, TimeProvider time)
    {
        _time = time;

        // Redirects are not followed: the token is for this address only.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(endpoint, "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("mesos-stack");
        _repeatable = Pipeline(r => r.StatusCode == HttpStatusCode.TooManyRequests || (int)r.StatusCode >= 500, unanswered: true);
        _once = Pipeline(r => r.StatusCode == HttpStatusCode.TooManyRequests, unanswered: false);
    }

    /// <summary>Reads; null where it does not exist.</summary>
    /// <param name="path">Below <c>/v2/</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProviderException">The API refused, or cannot be reached.</exception>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, path, null, cancellation);
        }
        catch (DigitalOceanException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads every page of a list.</summary>
    /// <param name="path">Below <c>/v2/</c>.</param>
    /// <param name="key">The list's name in the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProviderException">As for <see cref="GetAsync"/>.</exception>
    public async IAsyncEnumerable<JsonNode> ListAsync(string path, string key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string? next = path; next is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, next, null, cancellation);
            foreach (var item in page?[key]?.AsArray() ?? [])
            {
                yield return item!;
            }

            // Only the path: the token must not follow a link to somewhere else.
            next = page?["links"]?["pages"]?["next"]?.GetValue<string>() is { } link ? new Uri(_http.BaseAddress!, link).PathAndQuery["/v2/".Length..] : null;
        }
    }

    /// <summary>Creates, or starts an action.</summary>
    /// <exception cref="LostAnswerException">Whether it did is not known.</exception>
    /// <exception cref="ProviderException">As for <see cref="GetAsync"/>; nothing was done.</exception>
    public async Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Post, path, body, cancellation) ?? new JsonObject();

    /// <summary>Changes.</summary>
    /// <exception cref="ProviderException">As for <see cref="GetAsync"/>.</exception>
    public async Task<JsonNode> PutAsync(string path, JsonNode body, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Put, path, body, cancellation) ?? new JsonObject();

    /// <summary>Deletes; what does not exist is deleted.</summary>
    /// <exception cref="ProviderException">As for <see cref="GetAsync"/>.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellation, JsonNode? body = null)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, path, body, cancellation);
        }
        catch (DigitalOceanException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // 404 means that the resource is deleted, which is what was asked for.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        var once = method == HttpMethod.Post;
        var sent = false;
        try
        {
            var pipeline = once ? _once : _repeatable;
            using var response = await pipeline.ExecuteAsync(
                async token =>
                {
                    using var request = new HttpRequestMessage(method, $"v2/{path}") { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
                    token.ThrowIfCancellationRequested();
                    sent = true;
                    var answer = await _http.SendAsync(request, token);

                    // The API refused the request because of the rate limit, so it did not carry it out.
                    sent = answer.StatusCode != HttpStatusCode.TooManyRequests;
                    return answer;
                },
                cancellation);
            if (!response.IsSuccessStatusCode)
            {
                var refusal = await RefusalAsync(method, path, response, cancellation);

                // A proxy in front of the API answers 5xx although the API may still carry out the request.
                throw once && (int)response.StatusCode >= 500 ? new LostAnswerException(refusal.Message, refusal) : refusal;
            }

            return response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0
                ? null
                : await response.Content.ReadFromJsonAsync<JsonNode>(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TimeoutRejectedException || (e is OperationCanceledException && once && sent))
        {
            var message = $"no usable answer from DigitalOcean's API at {_http.BaseAddress} to {method} {Shown(path)}: {Why(e)}";
            throw once && sent && !NeverConnected(e) ? new LostAnswerException(message, e) : new ProviderException(message, e);
        }
    }

    private static string Why(Exception failure) => failure switch
    {
        OperationCanceledException => "it was no longer waited for",
        TimeoutRejectedException => $"none within {RequestTimeout.TotalSeconds} s",
        _ => failure.Message,
    };

    private static bool NeverConnected(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static async Task<DigitalOceanException> RefusalAsync(HttpMethod method, string path, HttpResponseMessage response, CancellationToken cancellation)
    {
        var words = response.ReasonPhrase;
        var request = "";
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellation);
            words = answer?["message"]?.GetValue<string>() ?? words;
            request = answer?["request_id"]?.GetValue<string>() is { Length: > 0 } id ? $" (request {id})" : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            words += ", without a readable explanation";
        }

        var hint = response.StatusCode == HttpStatusCode.Unauthorized ? "; look at the token (digitalocean:token or DIGITALOCEAN_TOKEN)" : "";
        return new DigitalOceanException(response.StatusCode, $"DigitalOcean refused {method} {Shown(path)}: {(int)response.StatusCode} {words}{request}{hint}");
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline(Func<HttpResponseMessage, bool> again, bool unanswered)
    {
        var handled = new PredicateBuilder<HttpResponseMessage>().HandleResult(again);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = unanswered ? handled.Handle<HttpRequestException>().Handle<TimeoutRejectedException>() : handled,
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstWait,
                MaxDelay = LongestWait,
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } response ? AskedWait(response, FirstWait * Math.Pow(2, arguments.AttemptNumber)) : null),
            })
            .AddTimeout(RequestTimeout)
            .Build();
    }

    // RateLimit-Reset is in seconds since 1970. A wait longer than a minute is cut short: the limit refills all the time.
    // A time in the past (the clocks differ) still gets a wait, so that the retries are not used up at once.
    private TimeSpan? AskedWait(HttpResponseMessage response, TimeSpan least)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ when response.StatusCode == HttpStatusCode.TooManyRequests
                && response.Headers.TryGetValues("RateLimit-Reset", out var values)
                && long.TryParse(values.First(), CultureInfo.InvariantCulture, out var reset) => DateTimeOffset.FromUnixTimeSeconds(reset) - _time.GetUtcNow(),
            _ => null,
        };
        return wait is { } asked ? TimeSpan.FromTicks(Math.Min(Math.Max(asked.Ticks, least.Ticks), LongestWait.Ticks)) : null;
    }

    // The query may hold names; the path holds ids.
    private static string Shown(string path) => $"/v2/{path.Split('?')[0]}";
}
