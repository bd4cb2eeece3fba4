using System.Text;
using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands that only read or write files: <c>stack output</c>, <c>stack export</c>, <c>config get</c>, <c>config set</c>.</summary>
internal static class StackCommands
{
    /// <summary>Prints the outputs, or one of them.</summary>
    public static async Task<int> OutputAsync(CliHost host, StackSession session, string? name, bool json, bool showSecrets, CancellationToken cancellation)
    {
        using var store = await OpenAsync(session, cancellation);
        var outputs = store.Loaded.Snapshot.StackOutputs;
        if (name is null)
        {
            if (json)
            {
                host.Output.WriteLine(ToJson(new PropertyValue.Object(outputs), showSecrets));
            }
            else if (outputs.Count == 0)
            {
                host.Output.WriteLine("No outputs.");
            }
            else
            {
                Summary.WriteOutputs(host.Output, outputs, showSecrets);
            }

            return ExitCodes.Success;
        }

        if (!outputs.TryGetValue(name, out var value))
        {
            throw new CommandException($"stack {session.Stack} has no output '{name}'{(outputs.Count > 0 ? "; it has " + string.Join(", ", outputs.Keys) : "")}");
        }

        var shown = showSecrets ? value.Unwrapped() : value;
        host.Output.WriteLine(shown is PropertyValue.Text text && !json ? text.Value
            : shown is PropertyValue.Secret && !json ? ValueText.Show(shown)
            : ToJson(shown, showSecrets));
        return ExitCodes.Success;
    }

    /// <summary>Prints the state.</summary>
    public static async Task<int> ExportAsync(CliHost host, StackSession session, bool showSecrets, CancellationToken cancellation)
    {
        using var store = await OpenAsync(session, cancellation);
        host.Output.WriteLine(Encoding.UTF8.GetString(store.Export(showSecrets)));
        return ExitCodes.Success;
    }

    /// <summary>Prints a setting; asking for a secret by name shows it, as with the official CLI.</summary>
    public static int GetConfig(CliHost host, StackSession session, string key)
    {
        var full = session.Project.FullKey(key);
        host.Output.WriteLine(StackConfiguration.Find(session.Project, session.File, full, session.OpenSealed)
            ?? throw new CommandException($"stack {session.Stack} has no setting '{full}'"));
        return ExitCodes.Success;
    }

    /// <summary>Writes a setting into the stack's file.</summary>
    public static async Task<int> SetConfigAsync(CliHost host, StackSession session, string key, string? value, bool secret, CancellationToken cancellation)
    {
        var full = session.Project.FullKey(key);
        var text = value ?? await AskAsync(host, full, secret, cancellation);
        var file = session.File;
        var written = file.KeyOf(session.Project, full);
        if (secret)
        {
            // State and stack file share their salt, so that a run derives one key.
            using var store = await session.OpenStateAsync(cancellation);
            var cipher = (file.Salt ?? store.Loaded.Salt) is { } salt ? session.Vault.Open(salt) : session.Vault.Create();
            file = (file.Salt is null ? file.WithSalt(cipher.Salt) : file).WithSecret(written, cipher.Encrypt(text));
        }
        else
        {
            if (session.Project.Settings.TryGetValue(full, out var setting) && setting.Secret)
            {
                throw new CommandException($"{full} is declared a secret: pass --secret", ExitCodes.Configuration);
            }

            file = file.With(written, text);
        }

        await file.SaveAsync(session.Project.StackFile(session.Stack), cancellation);
        return ExitCodes.Success;
    }

    private static async Task<string> AskAsync(CliHost host, string key, bool secret, CancellationToken cancellation)
    {
        if (host.Interactive)
        {
            var prompt = new TextPrompt<string>($"Value of [bold]{Markup.Escape(key)}[/]:").AllowEmpty();
            return await host.Console.PromptAsync(secret ? prompt.Secret() : prompt, cancellation);
        }

        // A secret that is piped in stands in no history and no list of processes.
        return (await host.Input.ReadToEndAsync(cancellation)).TrimEnd('\n', '\r');
    }

    private static async Task<StackStore> OpenAsync(StackSession session, CancellationToken cancellation)
    {
        var store = await session.OpenStateAsync(cancellation);
        if (!store.Exists)
        {
            store.Dispose();
            throw new CommandException($"stack {session.Stack} has no state yet", ExitCodes.StackNotFound);
        }

        return store;
    }

    private static string ToJson(PropertyValue value, bool showSecrets) =>
        DeploymentWriter.ToJson(showSecrets ? value.Unwrapped() : value, SecretsForm.Hidden, indented: true);
}
