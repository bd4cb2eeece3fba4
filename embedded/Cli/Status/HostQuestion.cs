using MesosStack.Embedded.Protocol;
using MesosStack.Embedded.Providers;

namespace MesosStack.Embedded.Cli.Status;

/// <summary>Asks hosts over SSH. A question is a command of the state with another script in place of its own: one that takes the same input and changes nothing.</summary>
/// <param name="provider">The provider of the package <c>command</c>.</param>
internal sealed class HostQuestion(IProvider provider)
{
    // What every command of the program prints last.
    private const string LastWord = "mesos-stack:done";

    // A dead master costs the report a few seconds for each question that it is asked.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script in place of a command's own; gives what it prints, line by line.</summary>
    /// <param name="command">The inputs of the command in the state.</param>
    /// <param name="script">The command's own script.</param>
    /// <param name="question">The script that takes its place.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProviderException">The host cannot be reached, or the script failed.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(PropertyMap command, string script, string question, CancellationToken cancellation)
    {
        var own = Text(command, "create");
        var asked = own.Replace($"bash {script}.sh", $"bash {question}.sh", StringComparison.Ordinal);
        if (asked == own)
        {
            throw new ProviderException($"the state's command does not run {script}.sh: it was made by another version of this program");
        }

        var inputs = command.With("create", asked).Without("triggers").Without("delete").With("connection", OneAttempt(command));
        string[] lines;
        try
        {
            var answer = await provider.CreateAsync(new CreateRequest(new ResourceKey($"urn:pulumi:status::mesos-stack::{ResourceTypes.Command}::{question}", ResourceTypes.Command, question), inputs, Limit, Preview: false, _ => { }), cancellation);
            lines = Text(answer.Outputs, "stdout").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (ProviderException e) when (e.Message.Contains($"{question}.sh", StringComparison.Ordinal))
        {
            throw new ProviderException($"the scripts on this host are older than this program, which an update changes: {e.Message}", e);
        }

        // A command of an earlier version has no last word.
        return lines is [.. var facts, LastWord] ? facts
            : asked.EndsWith(LastWord, StringComparison.Ordinal) ? throw new ProviderException($"{question}.sh did not run to its end: its last word is missing")
            : lines;
    }

    private static PropertyValue.Secret OneAttempt(PropertyMap command) =>
        command.GetValueOrDefault("connection")?.Unwrapped() is PropertyValue.Object connection
            ? new PropertyValue.Secret(new PropertyValue.Object(connection.Properties.With("dialErrorLimit", new PropertyValue.Number(1)).With("perDialTimeout", new PropertyValue.Number(5))))
            : throw new ProviderException("the state's command has no connection");

    private static string Text(PropertyMap map, string name) => map.GetValueOrDefault(name)?.Unwrapped() is PropertyValue.Text text ? text.Value : "";
}
