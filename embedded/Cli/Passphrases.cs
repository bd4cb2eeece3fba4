using System.Security.Cryptography;
using System.Text;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>Where passphrases come from: Pulumi's two variables, the file that was made for the stack, or the person at the terminal.</summary>
internal sealed class Passphrases(CliHost host, string stack, string stateDirectory, bool unattended) : IPassphraseSource
{
    /// <summary>The stack that may have a passphrase of its own making: it protects a demonstration on this machine.</summary>
    public const string SelfMadeStack = "lab";

    private const string Variable = PassphraseVariables.Text;
    private const string FileVariable = PassphraseVariables.File;

    private string OwnFile => FileOf(stateDirectory, stack);

    /// <summary>The file of a passphrase that was made for a stack, and that goes with it when it is renamed.</summary>
    public static string FileOf(string stateDirectory, string stack) => Path.Combine(stateDirectory, stack + ".passphrase");

    private bool CanAsk => host.Interactive && !unattended;

    public KnownPassphrase Existing() => Given() ?? (CanAsk
        ? new KnownPassphrase(Ask($"Passphrase of the secrets of stack [bold]{Markup.Escape(stack)}[/]:"), "the terminal")
        : throw Missing());

    public KnownPassphrase New() => Given()
        ?? (CanAsk ? new KnownPassphrase(AskTwice(), "the terminal")
        : stack == SelfMadeStack ? new KnownPassphrase(Make(), OwnFile)
        : throw Missing());

    private static string Read(string file, string what)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretsException($"cannot read {what}, {file}: {e.Message}", e);
        }
    }

    private SecretsException Missing() =>
        new($"no passphrase for the secrets of stack '{stack}': set {Variable} or {FileVariable}");

    private KnownPassphrase? Given()
    {
        if (host.Environment(Variable) is { } given)
        {
            return new KnownPassphrase(given, Variable);
        }

        if (host.Environment(FileVariable) is { Length: > 0 } file)
        {
            return new KnownPassphrase(Read(file, FileVariable), $"{FileVariable}, {file}");
        }

        return File.Exists(OwnFile)
            ? new KnownPassphrase(Read(OwnFile, "the passphrase that was made for this stack"), $"{OwnFile}; set {Variable} where the secrets were sealed with another")
            : null;
    }

    private string Ask(string question) => host.Console.Prompt(new TextPrompt<string>(question).Secret().AllowEmpty());

    // A typo that nobody notices would lock the secrets away for good.
    private string AskTwice()
    {
        var mayMake = stack == SelfMadeStack;
        host.Console.MarkupLineInterpolated(
            $"The secrets of stack [bold]{stack}[/] are sealed with a passphrase; set {Variable} or {FileVariable} not to be asked.{(mayMake ? " Enter alone makes one and keeps it on this machine." : "")}");
        while (true)
        {
            var first = Ask("New passphrase:");
            if (first.Length == 0 && mayMake)
            {
                return Make();
            }

            if (first.Length > 0 && Ask("Once more:") == first)
            {
                return first;
            }

            host.Console.WriteLine(first.Length == 0 ? "It cannot be empty." : "The two differ.");
        }
    }

    private string Make()
    {
        var passphrase = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        Directory.CreateDirectory(stateDirectory);
        Durable.Replace(OwnFile, Encoding.UTF8.GetBytes(passphrase + "\n"));
        host.Error.WriteLine($"Made a passphrase for the secrets of stack {SelfMadeStack}: {OwnFile} (set {Variable} to use your own).");
        return passphrase;
    }
}
