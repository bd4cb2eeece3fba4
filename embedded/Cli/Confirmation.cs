using MesosStack.Embedded.Cli.Display.Changes;
using MesosStack.Embedded.Cli.Display.Diff;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>Asks a person whether to go on.</summary>
internal static class Confirmation
{
    private const string Yes = "yes";
    private const string No = "no";
    private const string Details = "details";

    /// <summary>Asks; shows the details of the changes where that is wanted, and asks again. Enter alone is no; a word can be typed or chosen.</summary>
    public static async Task<bool> AskAsync(CliHost host, string question, IReadOnlyList<ResourceChange> changes, CancellationToken cancellation)
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

                DiffText.Write(host.Output, changes);
            }
        }
        finally
        {
            // A prompt that is interrupted leaves it hidden.
            host.Console.Cursor.Show();
        }
    }
}
