using System.Text;
using MesosStack.Embedded.Cli.Display;
using MesosStack.Embedded.Cli.Display.Diff;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Protocol;

namespace MesosStack.Embedded.Cli;

/// <summary>The commands that only read a state: <c>stack output</c>, <c>stack export</c>.</summary>
internal static class StackCommands
{
    /// <summary>Prints the outputs, or one of them.</summary>
    public static async Task<int> OutputAsync(CliHost host, StackSession session, string? name, CommandOptions options, CancellationToken cancellation)
    {
        using var store = await OpenAsync(session, cancellation);
        var outputs = store.Loaded.Snapshot.StackOutputs;
        if (name is null)
        {
            if (options.Json)
            {
                host.Output.WriteLine(ToJson(new PropertyValue.Object(outputs), options.ShowSecrets));
            }
            else if (outputs.Count == 0)
            {
                host.Output.WriteLine("No outputs.");
            }
            else
            {
                Summary.WriteOutputs(host.Output, outputs, options.ShowSecrets);
            }

            return ExitCodes.Success;
        }

        if (!outputs.TryGetValue(name, out var value))
        {
            throw new CommandException($"stack {session.Stack} has no output '{name}'{(outputs.Count > 0 ? "; it has " + string.Join(", ", outputs.Keys) : "")}");
        }

        var shown = options.ShowSecrets ? value.Unwrapped() : value;
        host.Output.WriteLine(shown is PropertyValue.Text text && !options.Json ? text.Value
            : shown is PropertyValue.Secret && !options.Json ? ValueText.Show(shown)
            : ToJson(shown, options.ShowSecrets));
        return ExitCodes.Success;
    }

    public static async Task<int> ExportAsync(CliHost host, StackSession session, bool showSecrets, CancellationToken cancellation)
    {
        using var store = await OpenAsync(session, cancellation);
        host.Output.WriteLine(Encoding.UTF8.GetString(store.Export(showSecrets)));
        return ExitCodes.Success;
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
