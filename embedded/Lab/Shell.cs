using CliWrap;
using CliWrap.Buffered;

namespace MesosStack.Embedded.Lab;

/// <summary>Runs programs of this machine to their end.</summary>
internal static class Shell
{
    // A variable without a value is taken away.
    private static Dictionary<string, string?> Environment =>
        new(HostEnvironment.Dropped().Select(name => KeyValuePair.Create(name, (string?)null))) { ["LC_ALL"] = "C.UTF-8", ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <summary>Runs a program and returns what it wrote to standard output.</summary>
    /// <exception cref="LabException">It is not there, or ended with another code than 0; the message has its error text.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyCollection<string> arguments, string input = "", CancellationToken cancellationToken = default)
    {
        var result = await TryAsync(program, arguments, input, cancellationToken);
        return result.IsSuccess
            ? result.StandardOutput
            : throw new LabException($"{program} {string.Join(' ', arguments)} ended with code {result.ExitCode}: "
                + (result.StandardError.Length > 0 ? result.StandardError : result.StandardOutput).Trim());
    }

    /// <summary>Runs a program, whatever its exit code.</summary>
    /// <exception cref="LabException">It is not there.</exception>
    public static async Task<BufferedCommandResult> TryAsync(string program, IReadOnlyCollection<string> arguments, string input = "", CancellationToken cancellationToken = default) =>
        await Command(program, arguments).WithStandardInputPipe(PipeSource.FromString(input)).ExecuteBufferedAsync(cancellationToken);

    /// <summary>A program that may be run, with any exit code.</summary>
    /// <exception cref="LabException">It is not there.</exception>
    public static Command Command(string program, IEnumerable<string> arguments) =>
        Cli.Wrap(Path(program)).WithArguments(arguments).WithWorkingDirectory("/").WithEnvironmentVariables(Environment).WithValidation(CommandResultValidation.None);

    /// <summary>The path of a program on this machine.</summary>
    /// <exception cref="LabException">It is not there.</exception>
    public static string Path(string program) => Find(program) ?? throw new LabException($"This machine has no program '{program}'.");

    /// <summary>The path of a program on this machine, or null.</summary>
    public static string? Find(string program) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(["/usr/sbin", "/sbin", "/usr/bin", "/bin"])
            .Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
