using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.DigitalOcean;

namespace MesosStack.Components;

/// <summary>Runs scripts on one host, each as a resource of its own with what every step has in common.</summary>
/// <param name="name">Name of the host.</param>
/// <param name="droplet">The host.</param>
/// <param name="privateKey">Private key of root, a secret.</param>
/// <param name="parent">The component that the steps belong to.</param>
internal sealed class HostSteps(string name, Droplet droplet, Output<string> privateKey, ComponentResource parent)
{
    // The host outlives a step's own patience only when something is wrong.
    private static readonly CustomTimeouts Patience = new() { Create = TimeSpan.FromMinutes(30), Update = TimeSpan.FromMinutes(30) };

    /// <summary>The host.</summary>
    public Droplet Droplet => droplet;

    /// <summary>The first step: dials for as long as it takes the host to boot.</summary>
    public Command Wait(string script) => new(
        $"{name}-wait",
        Args(script, Connection(dialErrorLimit: -1, perDialTimeout: 5)),
        CustomResourceOptions.Merge(Options([]), new CustomResourceOptions { CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(15), Update = TimeSpan.FromMinutes(15) } }));

    /// <summary>A step that comes after others.</summary>
    public Command Run(string step, Input<string> script, params IEnumerable<Resource> after) =>
        new($"{name}-{step}", Args(script, Connection()), CustomResourceOptions.Merge(Options(after), new CustomResourceOptions { CustomTimeouts = Patience }));

    /// <summary>How to reach the host.</summary>
    public ConnectionArgs Connection(int dialErrorLimit = 10, int perDialTimeout = 15) => new()
    {
        Host = droplet.Ipv4Address,
        User = "root",
        PrivateKey = privateKey,
        DialErrorLimit = dialErrorLimit,
        PerDialTimeout = perDialTimeout,
    };

    private CommandArgs Args(Input<string> script, ConnectionArgs connection) => new()
    {
        Connection = connection,
        Create = script,

        // Said, and not left to the provider, since an update is what a changed setting causes. Each script finds out by itself what is there.
        Update = script,

        // A new host is a new start, whatever its address.
        Triggers = new object[] { droplet.Id },
        AddPreviousOutputInEnv = false,
        Logging = Logging.StdoutAndStderr,
    };

    private CustomResourceOptions Options(IEnumerable<Resource> after) => new()
    {
        Parent = parent,
        DependsOn = after.ToArray(),

        // With the host goes what was done on it; dialling a host that is gone would hang a destroy.
        DeletedWith = droplet,

        // Else each run's chatter shows as a difference.
        AdditionalSecretOutputs = { "stdout", "stderr" },
    };
}
