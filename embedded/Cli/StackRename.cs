using MesosStack.Embedded.Engine.State;

namespace MesosStack.Embedded.Cli;

/// <summary><c>stack rename</c>: another name for a stack's settings, state and passphrase file. No resource bears the stack's name, so nothing changes but those files.</summary>
internal static class StackRename
{
    /// <summary>Renames it. A rename that was interrupted is ended by the same command.</summary>
    public static async Task<int> RunAsync(CliHost host, StackSession session, string name, CancellationToken cancellation)
    {
        StackSession.RequireName(name);
        session.RequireFileOrState();
        var (project, from) = (session.Project.Name, session.Stack);
        if (name == from)
        {
            throw new CommandException($"the stack is called '{from}' already", ExitCodes.Configuration);
        }

        using var held = await session.Backend.LockAsync(project, from, "stack rename", host.Error.WriteLine, cancellation);
        using var heldNew = await session.Backend.LockAsync(project, name, "stack rename", host.Error.WriteLine, cancellation);
        using var store = await session.OpenStateAsync(cancellation);
        await RefuseTakenAsync(session, store, name, cancellation);

        // A journal whose state was deleted could not be read when the command is given again.
        await store.FoldAsync(cancellation);

        // The settings come last: as long as they have the old name, the same command ends what was interrupted.
        session.Backend.Rename(project, store, from, name);
        Move(Passphrases.FileOf(session.StateDirectory, from), Passphrases.FileOf(session.StateDirectory, name));
        Move(session.Project.StackFile(from), session.Project.StackFile(name));
        host.Output.WriteLine($"Renamed {from} to {name}");
        return ExitCodes.Success;
    }

    private static async Task RefuseTakenAsync(StackSession session, StackStore store, string name, CancellationToken cancellation)
    {
        var (settings, state) = (session.Project.StackFile(name), session.Backend.StackFile(session.Project.Name, name));
        if (File.Exists(settings))
        {
            throw new CommandException($"there is a stack '{name}' already: {settings}", ExitCodes.Configuration);
        }

        // A rename that was interrupted has written the state, and may have deleted the old one.
        if (File.Exists(state) && (store.Exists ? !await IsWrittenAsync(session, store, name, cancellation) : !session.File.Exists))
        {
            throw new CommandException($"there is a stack '{name}' already: {state}", ExitCodes.Configuration);
        }
    }

    private static async Task<bool> IsWrittenAsync(StackSession session, StackStore store, string name, CancellationToken cancellation)
    {
        using var other = await session.Backend.OpenAsync(session.Project.Name, name, session.Vault, session.File.Salt, cancellation);
        var renamed = Renaming.OfStack(store.Loaded.Snapshot, session.Project.Name, session.Stack, name);
        return other.Loaded.Snapshot.Resources.Select(r => (r.Urn, r.Id)).SequenceEqual(renamed.Resources.Select(r => (r.Urn, r.Id)));
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
        {
            Durable.Move(from, to);
        }
    }
}
