using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Markdown;

namespace MesosStack.Embedded.Cli;

/// <summary><c>markdown</c>: makes of the JSON of a preview, of either engine, what a pull request's comment should say.</summary>
internal static class MarkdownCommand
{
    /// <summary>The name that stands for standard input.</summary>
    public const string StandardStream = "-";

    public static async Task<int> RunAsync(CliHost host, string input, string? output, CancellationToken cancellation)
    {
        var json = input == StandardStream
            ? await host.Input.ReadToEndAsync(cancellation)
            : await File.ReadAllTextAsync(Path.GetFullPath(input, host.Directory), cancellation);
        var markdown = PreviewMarkdown.Make(Read(json));
        if (output is null)
        {
            await host.Output.WriteAsync(markdown);
            await host.Output.FlushAsync(cancellation);
        }
        else
        {
            await File.WriteAllTextAsync(Path.GetFullPath(output, host.Directory), markdown, cancellation);
        }

        return ExitCodes.Success;
    }

    private static PreviewReport Read(string json)
    {
        try
        {
            return PreviewJson.Read(json);
        }
        catch (FormatException e)
        {
            throw new CommandException(e.Message, ExitCodes.Configuration, e);
        }
    }
}
