using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.DigitalOcean;

namespace MesosStack.Components;

/// <summary>Declares what is done on one host over SSH. Each step is a resource of its own.</summary>
/// <param name="host">Resource name of the host; the steps' names begin with it.</param>
/// <param name="droplet">The host.</param>
/// <param name="address">Its public address.</param>
/// <param name="privateKey">Private key of root, a secret.</param>
/// <param name="parent">The component that the steps belong to.</param>
internal sealed class HostSteps(string host, Droplet droplet, Output<string> address, Output<string> privateKey, ComponentResource parent)
{
    // A step that runs longer than this has hung.
    private static readonly CustomTimeouts Limits = new() { Create = TimeSpan.FromMinutes(30), Update = TimeSpan.FromMinutes(30) };

    // The official provider tells why it could not dial only where the attempts end before the time does. A pause of 5 seconds follows each attempt, so attempts that are
    // refused at once end after 7 minutes, and attempts that nobody answers after 14.
    private const int BootAttempts = 84;

    /// <summary>The first step: copies the scripts. It dials until the host has booted, for 14 minutes.</summary>
    public CopyToRemote CopyScripts() => new(
        $"{host}-scripts",
        new CopyToRemoteArgs
        {
            Connection = Connection(dialErrorLimit: BootAttempts, perDialTimeout: 5),
            Source = HostScripts.Archive(),
            RemotePath = HostScripts.RemoteFolder,
            Triggers = new object[] { droplet.Id },
        },
        CustomResourceOptions.Merge(Bound(droplet), new CustomResourceOptions
        {
            Parent = parent,
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(15), Update = TimeSpan.FromMinutes(15) },
        }));

    /// <summary>A step that makes something of the host what a description says. It runs anew on a new droplet, whatever its address.</summary>
    /// <param name="script">Name of the script, which is the step's, too.</param>
    /// <param name="description">Standard input of the script.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="after">What comes before.</param>
    public Command Run(string script, string description, Input<string> arguments, params IEnumerable<Resource> after)
    {
        var args = Args(script, description, arguments);
        args.Triggers = new object[] { droplet.Id };
        return Declare($"{host}-{script}", args, new CustomResourceOptions { Parent = parent, DependsOn = after.ToArray(), CustomTimeouts = Limits });
    }

    /// <summary>A step for the cluster as a whole, or for something in it, which happens to run on this host. A new droplet alone does not repeat it.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="script">Name of the script.</param>
    /// <param name="description">Standard input of the script.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="options">Options of the resource.</param>
    /// <param name="deleteScript">Script that runs, with the same arguments, when the resource is deleted; null for none.</param>
    public Command RunForCluster(string name, string script, string description, Input<string> arguments, CustomResourceOptions options, string? deleteScript = null) =>
        Declare(name, ForCluster(script, description, arguments, deleteScript), options);

    /// <summary>The same, of which the description is a secret.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="script">Name of the script.</param>
    /// <param name="description">Standard input of the script.</param>
    /// <param name="shown">What may be shown of the description. It stands below the command, as lines of remarks.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="options">Options of the resource.</param>
    /// <param name="deleteScript">Script that runs, with the same arguments, when the resource is deleted; null for none.</param>
    public Command RunSealedForCluster(string name, string script, string description, string shown, Input<string> arguments, CustomResourceOptions options, string? deleteScript = null)
    {
        var args = ForCluster(script, Output.CreateSecret(description), arguments, deleteScript);
        args.Create = args.Create!.Apply(command => $"{command}\n{MarathonJson.Remarks(shown)}");

        // The provider gives its inputs back as outputs.
        return Declare(name, args, CustomResourceOptions.Merge(options, new CustomResourceOptions { AdditionalSecretOutputs = { "stdin" } }));
    }

    private CommandArgs ForCluster(string script, Input<string> description, Input<string> arguments, string? deleteScript)
    {
        var args = Args(script, description, arguments);
        if (deleteScript is not null)
        {
            args.Delete = arguments.Apply(given => HostScripts.Run(deleteScript, given));
        }

        return args;
    }

    // There is no update: a changed input makes Pulumi run `create` again, and each script finds out by itself what there is to do.
    private CommandArgs Args(string script, Input<string> description, Input<string> arguments) => new()
    {
        Connection = Connection(),
        Create = arguments.Apply(given => HostScripts.Run(script, given)),
        Stdin = description,
        AddPreviousOutputInEnv = false,
        Logging = Logging.StdoutAndStderr,
    };

    private Command Declare(string name, CommandArgs args, CustomResourceOptions options)
    {
        var step = new Command(name, args, CustomResourceOptions.Merge(Bound(droplet), CustomResourceOptions.Merge(options, new CustomResourceOptions
        {
            // Without this a preview would show what each run printed as a difference.
            AdditionalSecretOutputs = { "stdout", "stderr" },
        })));
        HostScripts.RequireLastWord(name, step, droplet.Ipv4Address);
        return step;
    }

    // When the host is deleted, its steps are dropped without a command. Otherwise Pulumi would wait for a host that no longer exists.
    private static CustomResourceOptions Bound(Droplet droplet) => new() { DeletedWith = droplet };

    private ConnectionArgs Connection(int dialErrorLimit = 10, int perDialTimeout = 15) => new()
    {
        Host = address,
        User = "root",
        PrivateKey = privateKey,
        DialErrorLimit = dialErrorLimit,
        PerDialTimeout = perDialTimeout,
    };
}
