using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pulumirpc;

namespace MesosStack.Embedded.Tests.Sdk;

/// <summary>What a program and an engine said to each other, in a form that two runs can be compared in.</summary>
/// <param name="Said">What the program said, each message by a name of its own.</param>
/// <param name="Answers">What the engine answered to registrations, by URN.</param>
/// <param name="Features">The features that the program asked for.</param>
/// <param name="ExitCode">How the program ended.</param>
internal sealed partial record Conversation(
    ImmutableSortedDictionary<string, IMessage> Said,
    ImmutableSortedDictionary<string, RegisterResourceResponse> Answers,
    ImmutableSortedSet<string> Features,
    int ExitCode)
{
    /// <summary>The name of the message with which a program that has not failed ends.</summary>
    public const string Shutdown = "SignalAndWaitForShutdown";

    // With LeftOut.From, all that is not compared of the recorded conversations; embedded/Sdk/README.md tells it to readers.
    private const string Label = "(a version)";

    /// <summary>Of the conversation with an engine.</summary>
    public static Conversation With(RecordingEngine engine, int exitCode) => Of(engine.Calls, engine.Answers, exitCode);

    /// <summary>A recorded conversation of a program on the official SDK, without the parts that the slice leaves out.</summary>
    public static Conversation Recorded(string name)
    {
        var said = new List<IMessage>();
        var answers = new List<RegisterResourceResponse>();
        int? exitCode = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Official", "conversations", $"{name}.txt")))
        {
            var match = Line().Match(line);
            var (kind, json) = (match.Groups["kind"].Value, match.Groups["rest"].Value);
            switch (kind)
            {
                case "SupportsFeature":
                    said.Add(SupportsFeatureRequest.Parser.ParseJson(json));
                    break;
                case "RegisterResource":
                    said.Add(LeftOut.From(RegisterResourceRequest.Parser.ParseJson(json)));
                    break;
                case "RegisterResourceOutputs":
                    said.Add(LeftOut.From(RegisterResourceOutputsRequest.Parser.ParseJson(json)));
                    break;
                case "Log":
                    said.Add(LogRequest.Parser.ParseJson(json));
                    break;
                case Shutdown:
                    said.Add(new Empty());
                    break;
                case "RegisterResourceResponse":
                    answers.Add(RegisterResourceResponse.Parser.ParseJson(json));
                    break;
                case "EXIT":
                    exitCode = int.Parse(json, System.Globalization.CultureInfo.InvariantCulture);
                    break;
                default:
                    Assert.That(LeftOut.Calls, Does.Contain(kind), line);
                    break;
            }
        }

        said.RemoveAll(m => m is RegisterResourceRequest request && LeftOut.IsProvider(request.Type));
        answers.RemoveAll(a => LeftOut.IsProvider(a.Urn));
        return Of(said, answers, exitCode ?? throw new AssertionException($"{name} does not tell the exit code"));
    }

    private static Conversation Of(IEnumerable<IMessage> said, IEnumerable<RegisterResourceResponse> answers, int exitCode)
    {
        var all = said.ToArray();
        return new(
            all.Where(m => m is not SupportsFeatureRequest).Select(Normalize).ToImmutableSortedDictionary(NameOf, m => m, StringComparer.Ordinal),
            answers.ToImmutableSortedDictionary(a => a.Urn, a => a, StringComparer.Ordinal),
            [.. all.OfType<SupportsFeatureRequest>().Select(f => f.Id)],
            exitCode);
    }

    private static string NameOf(IMessage message) => message switch
    {
        RegisterResourceRequest r => $"RegisterResource {r.Name}",
        RegisterResourceOutputsRequest o => $"RegisterResourceOutputs {o.Urn}",
        LogRequest l => $"Log {l.Severity} {l.Message}",
        Empty => Shutdown,
        _ => throw new AssertionException($"an unexpected message: {message}"),
    };

    private static IMessage Normalize(IMessage message)
    {
        switch (message)
        {
            case RegisterResourceRequest request:
                var register = request.Clone();

                // The recorded packages bore other version labels than those that the slice follows.
                register.Version = register.Version.Length > 0 ? Label : "";

                // A set: the official SDK keeps it in no order that would be the same twice.
                register.Dependencies.Clear();
                register.Dependencies.AddRange(request.Dependencies.Order(StringComparer.Ordinal));
                return register;
            case LogRequest request:
                var log = request.Clone();

                // Where the program lies, and through which methods of the SDK a failure came.
                log.Message = StackTrace().Replace(ProgramPath().Replace(log.Message, "'<program>'"), "");
                return log;
            default:
                return message;
        }
    }

    [GeneratedRegex(@"\A(  -> )?(?<kind>\w+) (?<rest>.*)\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<=^Running program )'[^']*'")]
    private static partial Regex ProgramPath();

    [GeneratedRegex(@"\n   at .*", RegexOptions.Singleline)]
    private static partial Regex StackTrace();
}

/// <summary>
/// The parts of the recorded conversations that a program on the slice cannot say. Beside these, what is not compared is how often
/// a feature is asked for, which of two resources that do not wait for each other comes first, and what <see cref="Conversation"/> evens out.
/// </summary>
internal static class LeftOut
{
    /// <summary><c>RandomPet.Get</c> reads a resource that is there already; <c>Local.Run.Invoke</c> calls a function.</summary>
    public static readonly string[] Calls = ["ReadResource", "Invoke"];

    /// <summary>The explicit provider of <c>pet</c>, told by its type or URN.</summary>
    public static bool IsProvider(string name) => name.Contains("pulumi:providers:", StringComparison.Ordinal);

    /// <summary>Adopting a resource by its <c>ImportId</c> and naming its provider, as was done for <c>pet</c>.</summary>
    public static RegisterResourceRequest From(RegisterResourceRequest request)
    {
        request.ImportId = "";
        request.Provider = "";
        return request;
    }

    /// <summary>The stack's output <c>run</c>, which was the function's result.</summary>
    public static RegisterResourceOutputsRequest From(RegisterResourceOutputsRequest request)
    {
        request.Outputs.Fields.Remove("run");
        return request;
    }
}
