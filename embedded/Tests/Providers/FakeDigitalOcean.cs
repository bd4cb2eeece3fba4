using System.Text.Json.Nodes;
using System.Web;
using WireMock;
using WireMock.Matchers;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace MesosStack.Embedded.Tests.Providers;

/// <summary>A <see cref="FakeAccount"/> on a loopback port, and the faults that a test asks for. Each fault meets one request, the first ones first.</summary>
internal sealed class FakeDigitalOcean : IDisposable
{
    public const string Token = "dop_v1_very_secret_token";

    private readonly WireMockServer _server = WireMockServer.Start(new WireMockServerSettings { Urls = ["http://127.0.0.1:0"] });
    private readonly TaskCompletionSource<IResponseMessage> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _faults;

    public FakeDigitalOcean(TimeProvider time)
    {
        Account = new FakeAccount(time);
        _server.Given(Request.Create().WithHeader("Authorization", $"Bearer {Token}", MatchBehaviour.RejectOnMatch)).AtPriority(0)
            .RespondWith(Response.Create().WithCallback(_ => Message(401, FakeAccount.Error("unauthorized", "Unable to authenticate you"))));
        _server.Given(Request.Create()).AtPriority(int.MaxValue).RespondWith(Response.Create().WithCallback(Answer));
    }

    public FakeAccount Account { get; }

    public string Address => _server.Url!;

    /// <summary>Every answered request: method, path with query.</summary>
    public IReadOnlyList<string> Requests => [.. _server.LogEntries.Select(entry => $"{entry.RequestMessage!.Method} {new Uri(entry.RequestMessage.Url).PathAndQuery}")];

    /// <summary>Bodies of the answered requests that had one.</summary>
    public IReadOnlyList<JsonNode> Bodies => [.. _server.LogEntries.Select(entry => entry.RequestMessage!.Body).Where(body => body is { Length: > 0 }).Select(body => JsonNode.Parse(body!)!)];

    /// <summary>How many more requests are answered; then every connection is cut. What they ask for is done all the same.</summary>
    public int? AnswersLeft { get; set; }

    /// <summary>Refuses the next such request (method and path prefix).</summary>
    public void Refuse(string request, int status, params (string Name, string Value)[] headers) =>
        Once(request).RespondWith(Response.Create().WithCallback(_ => Message(status, FakeAccount.Error("fault", "as the test asked"), headers)));

    /// <summary>Does what the next such request asks for, then answers with this status; 0 cuts the connection instead.</summary>
    public void LoseAnswer(string request, int status) => Once(request).RespondWith(Response.Create().WithCallback(message =>
    {
        Answer(message);
        return status == 0 ? Cut() : Message(status, null);
    }));

    /// <summary>Never answers the next such request; the task ends when it came.</summary>
    public Task SilentTo(string request)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Once(request).RespondWith(Response.Create().WithCallback(_ =>
        {
            came.SetResult();
            return _end.Task;
        }));
        return came.Task;
    }

    public void Dispose()
    {
        _end.SetResult(Cut());
        _server.Dispose();
    }

    private IRespondWithAProvider Once(string request)
    {
        var number = ++_faults;
        var parts = request.Split(' ');
        return _server.Given(Request.Create().UsingMethod(parts[0]).WithPath($"{parts[1]}*")).AtPriority(number).InScenario(number).WillSetStateTo("over");
    }

    private ResponseMessage Answer(IRequestMessage request)
    {
        var url = new Uri(request.Url);
        var (status, body) = Account.Answer(request.Method, url.AbsolutePath["/v2/".Length..], HttpUtility.ParseQueryString(url.Query), request.Body is { Length: > 0 } sent ? JsonNode.Parse(sent) : null);
        return AnswersLeft is { } && AnswersLeft-- <= 0 ? Cut() : Message(status, body);
    }

    // The server ends the connection when an answer is shorter than it says.
    private static ResponseMessage Cut() => new() { StatusCode = 200, Headers = new Dictionary<string, WireMockList<string>> { ["Content-Length"] = new("1") } };

    private static ResponseMessage Message(int status, JsonNode? body, params (string Name, string Value)[] headers) => new()
    {
        StatusCode = status,
        Headers = headers.ToDictionary(header => header.Name, header => new WireMockList<string>(header.Value)),
        BodyData = body is null ? null : new BodyData { DetectedBodyType = BodyType.String, BodyAsString = body.ToJsonString() },
    };
}
