using MesosStack.Embedded.Engine.Configuration;
using Spectre.Console;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands that read and write settings: <c>config get</c>, <c>config set</c>.</summary>
internal static class ConfigCommands
{
    /// <summary>Prints a setting; asking for a secret by name shows it, as with the official CLI.</summary>
    public static Task<int> GetAsync(CliHost host, StackSession session, string key)
    {
        var full = session.Project.FullKey(key);
        host.Output.WriteLine(StackConfiguration.Find(session.Project, session.File, full, session.OpenSealed)
            ?? throw new CommandException($"stack {session.Stack} has no setting '{full}'"));
        return Task.FromResult(ExitCodes.Success);
    }

    /// <summary>Writes a setting into the stack's file.</summary>
    public static async Task<int> SetAsync(CliHost host, StackSession session, string key, string? value, bool secret, CancellationToken cancellation)
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
}
