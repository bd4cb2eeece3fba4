using CliWrap;
using CliWrap.Buffered;

namespace MesosStack.Embedded.Tests.StandIns;

/// <summary>Commands that end by themselves.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<BufferedCommandResult> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Cli.Wrap(program).WithArguments(arguments).WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(limit.Token);
    }

    public static async Task<string> CheckedAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var result = await RunAsync(program, arguments, environment);
        Assert.That(result.ExitCode, Is.Zero, $"{program}: {result.StandardOutput}{result.StandardError}");
        return result.StandardOutput;
    }
}
