using System.Security.Cryptography;
using MesosStack.Embedded.Engine.Secrets;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>Where the passphrase comes from: Pulumi's two variables, the lab's own file, or the person at the terminal.</summary>
internal sealed class Passphrase(CliHost host, string stack, string stateDirectory, bool unattended)
{
    /// <summary>The stack that may have a passphrase of its own making: it protects a demonstration on this machine.</summary>
    public const string SelfMadeStack = "lab";

    private const string Variable = "PULUMI_CONFIG_PASSPHRASE";
    private const string FileVariable = "PULUMI_CONFIG_PASSPHRASE_FILE";

    private string File => Path.Combine(stateDirectory, SelfMadeStack + ".passphrase");

    /// <summary>Gives the passphrase.</summary>
    /// <exception cref="SecretsException">There is none to be had.</exception>
    public string Get()
    {
        if (host.Environment(Variable) is { } given)
        {
            return given;
        }

        if (host.Environment(FileVariable) is { Length: > 0 } file)
        {
            return Read(file, FileVariable);
        }

        if (stack == SelfMadeStack && System.IO.File.Exists(File))
        {
            return Read(File, "the lab's own passphrase");
        }

        if (host.Interactive && !unattended)
        {
            return host.Console.Prompt(new TextPrompt<string>($"Passphrase of the secrets of stack [bold]{Markup.Escape(stack)}[/]:").Secret().AllowEmpty());
        }

        return stack == SelfMadeStack
            ? Make()
            : throw new SecretsException($"no passphrase for the secrets of stack '{stack}': set {Variable} or {FileVariable}");
    }

    private static string Read(string file, string what)
    {
        try
        {
            return System.IO.File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretsException($"cannot read {what}, {file}: {e.Message}", e);
        }
    }

    private string Make()
    {
        Directory.CreateDirectory(stateDirectory);
        var passphrase = Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(new FileStream(File, options)))
        {
            writer.WriteLine(passphrase);
        }

        host.Error.WriteLine($"Made a passphrase for the secrets of stack {SelfMadeStack}: {File} (set {Variable} to use your own).");
        return passphrase;
    }
}
