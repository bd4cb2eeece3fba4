using MesosStack.Components.Settings;
using MesosStack.Components.Text;
using Pulumi;
using Pulumi.Command.Remote;

namespace MesosStack.Components;

/// <summary>Arguments of <see cref="MarathonApp"/>.</summary>
public sealed class MarathonAppArgs : ResourceArgs
{
    /// <summary>The app.</summary>
    public required AppSettings App { get; init; }

    /// <summary>The master whose Marathon is asked; it passes the request on to the leading one.</summary>
    public required MesosMaster Via { get; init; }

    /// <summary>What comes before: a cluster that is whole.</summary>
    public required Resource After { get; init; }
}

/// <summary>An app in Marathon: created, updated in place and deleted through its API.</summary>
public sealed class MarathonApp : ComponentResource
{
    /// <summary>Declares the app.</summary>
    public MarathonApp(string name, MarathonAppArgs args, ComponentResourceOptions? options = null)
        : base("mesos-stack:index:MarathonApp", name, options)
    {
        var values = new Dictionary<string, string> { ["APP"] = $"/{args.App.Id}", ["DEADLINE"] = "180" };
        var put = RemoteScript.App(values);
        _ = new Command($"{name}-definition", new CommandArgs
        {
            Connection = args.Via.Steps.Connection(),
            Create = put,
            Update = put,
            Delete = RemoteScript.AppDelete(values),
            Stdin = MarathonJson.For(args.App),
            AddPreviousOutputInEnv = false,
            Logging = Logging.StdoutAndStderr,
        }, new CustomResourceOptions
        {
            Parent = this,
            DependsOn = { args.After },

            // No triggers: a replacement would create the app first and delete it then.
            DeleteBeforeReplace = true,

            // The app goes with the cluster; asking a host that is gone would hang a destroy.
            DeletedWith = args.Via.Droplet,
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(10), Update = TimeSpan.FromMinutes(10), Delete = TimeSpan.FromMinutes(10) },
            AdditionalSecretOutputs = { "stdout", "stderr" },
        });
        RegisterOutputs();
    }
}
