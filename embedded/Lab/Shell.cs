using System.Diagnostics;

namespace MesosStack.Embedded.Lab;

/// <summary>Runs programs of this machine.</summary>
internal static class Shell
{
    /// <summary>Runs a program to its end and returns what it wrote to standard output.</summary>
    /// <exception cref="LabException">It cannot be started, or ended with another code than 0; the message has its error text.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? input = null,
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var (code, output, error) = await TryAsync(program, arguments, input, environment, cancellationToken);
        return code == 0
            ? output
            : throw new LabException($"{program} {string.Join(' ', arguments)} ended with code {code}: {(error.Length > 0 ? error : output).Trim()}");
    }

    /// <summary>Runs a program to its end, whatever its exit code.</summary>
    /// <exception cref="LabException">It cannot be started.</exception>
    public static async Task<(int Code, string Output, string Error)> TryAsync(string program, IEnumerable<string> arguments, string? input = null,
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        using var process = Start(program, arguments, environment);
        await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), CancellationToken.None);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input: its exit code and error text say why.
        }

        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program and hands over each line it writes, to whichever stream.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="LabException">It cannot be started.</exception>
    public static async Task<int> StreamAsync(string program, IEnumerable<string> arguments, Action<string> line,
        IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments, environment);
        await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        await Task.WhenAll(PumpAsync(process.StandardOutput, line), PumpAsync(process.StandardError, line));
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>The path of a program on this machine, or null.</summary>
    public static string? Find(string program)
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/sbin", "/usr/bin", "/bin"]);
        return paths.Select(path => Path.Combine(path, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Writes one of the scripts that this assembly carries to a file that may be run.</summary>
    public static async Task WriteScriptAsync(string name, string path)
    {
        await File.WriteAllTextAsync(path, Script(name));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The text of one of the scripts that this assembly carries.</summary>
    public static string Script(string name)
    {
        using var stream = typeof(Shell).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no script {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(Find(program) ?? throw new LabException($"This machine has no program '{program}'."), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start) ?? throw new LabException($"'{program}' cannot be started.");
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }
}
