using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>Asks a person whether to go on.</summary>
internal sealed class Confirmation(CliHost host)
{
    private const string Yes = "yes";
    private const string No = "no";
    private const string Details = "details";

    /// <summary>Asks; shows the details of the changes where that is wanted, and asks again. Enter alone is no; a word can be typed or chosen.</summary>
    public async Task<bool> AskAsync(string question, IReadOnlyList<ResourceChange> changes, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var prompt = new SelectionPrompt<string>().Title(Markup.Escape(question)).AddChoices(Yes, No, Details).DefaultValue(No).EnableSearch();
                prompt.SearchPlaceholderText = "(type yes, no or details, or choose with the arrow keys)";
                var answer = await host.Console.PromptAsync(prompt, cancellation);
                if (answer != Details)
                {
                    return answer == Yes;
                }

                foreach (var line in DiffText.Lines(changes))
                {
                    host.Output.WriteLine(line);
                }
            }
        }
        finally
        {
            // A prompt that is interrupted leaves it hidden.
            host.Console.Cursor.Show();
        }
    }
}
