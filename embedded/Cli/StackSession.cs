using MesosStack.Embedded.Engine.Configuration;
using MesosStack.Embedded.Engine.Secrets;
using MesosStack.Embedded.Engine.State;
using MesosStack.Embedded.Lab;

namespace MesosStack.Embedded.Cli;

/// <summary>A stack of a project, as a command works on it.</summary>
internal sealed class StackSession
{
    private const string ProjectVariable = "MESOS_STACK_PROJECT";
    private const string StateDirectoryName = ".mesos-stack";

    /// <summary>The setting that says where DigitalOcean's API is.</summary>
    public const string ApiEndpointKey = "digitalocean:apiEndpoint";

    private StackSession(CliHost host, Project project, string stack, bool unattended)
    {
        (Project, Stack) = (project, stack);
        StateDirectory = Path.Combine(project.Directory, StateDirectoryName);
        Backend = new FileBackend(StateDirectory);
        Vault = new PassphraseVault(new Passphrases(host, stack, StateDirectory, unattended));
        File = StackFile.Read(project.StackFile(stack));
    }

    public Project Project { get; }
    public string Stack { get; }
    public StackFile File { get; }
    public FileBackend Backend { get; }

    /// <summary>Where states and passphrases lie.</summary>
    public string StateDirectory { get; }

    /// <summary>The stack as the lab knows it.</summary>
    public LabUser LabUser => new(Project.Directory, Stack);

    /// <summary>The ciphers of this run.</summary>
    public PassphraseVault Vault { get; }

    /// <summary>Finds the project and the stack's file.</summary>
    /// <param name="host">The outside.</param>
    /// <param name="directory">Where to look; null for the launcher's project, or the current directory.</param>
    /// <param name="stack">The stack's short name, or its full one: <c>organization/project/stack</c>.</param>
    /// <param name="unattended">Nobody is to be asked.</param>
    public static StackSession Open(CliHost host, string? directory, string stack, bool unattended)
    {
        // The launcher says where its project is, so that the command can be given anywhere.
        var start = directory ?? host.Environment(ProjectVariable) ?? ".";
        var project = new Lazy<Project>(() => Project.Find(Path.GetFullPath(start, host.Directory)));
        if (stack.Split('/') is ["organization", var owner, var name])
        {
            stack = owner == project.Value.Name ? name : throw new CommandException($"the stack {stack} is not one of the project '{project.Value.Name}'", ExitCodes.Configuration);
        }

        RequireName(stack);
        return new StackSession(host, project.Value, stack, unattended);
    }

    /// <summary>Refuses what cannot be a stack's name.</summary>
    public static void RequireName(string stack)
    {
        if (stack.Length == 0 || stack.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new CommandException($"'{stack}' is no name of a stack: letters, digits, '-', '_' and '.' are allowed", ExitCodes.Configuration);
        }
    }

    /// <summary>The settings as the program gets them.</summary>
    public StackConfiguration LoadConfiguration()
    {
        RequireFileOrState();
        return StackConfiguration.Load(Project, File, OpenSealed);
    }

    /// <summary>Opens a text that is sealed in the stack's file.</summary>
    public string OpenSealed(string ciphertext) => File.Salt is { } salt
        ? Vault.Open(salt).Decrypt(ciphertext)
        : throw new SecretsException($"{File.Name}: there are sealed values but no encryptionsalt");

    public Task<StackStore> OpenStateAsync(CancellationToken cancellation) =>
        Backend.OpenAsync(Project.Name, Stack, Vault, File.Salt, cancellation);

    /// <summary>The lab's address where the stack lives in the lab; null for the real DigitalOcean.</summary>
    public static Uri? LabAddress(StackConfiguration configuration) =>
        LoopbackAddress(configuration.Values.GetValueOrDefault(ApiEndpointKey));

    /// <summary>An address on this machine; null for any other text.</summary>
    public static Uri? LoopbackAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.IsLoopback && address.Scheme == Uri.UriSchemeHttp ? address : null;

    /// <summary>Refuses a stack that has neither settings nor state: a mistyped name.</summary>
    public void RequireFileOrState()
    {
        if (!File.Exists && !Backend.Knows(Project.Name, Stack))
        {
            throw new CommandException($"no stack '{Stack}': there is neither {File.Name} nor a state of it", ExitCodes.StackNotFound);
        }
    }
}
